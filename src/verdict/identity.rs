//! Who a finding is: what must be equal for two findings to be the same one.
//!
//! In: a finding, with its path as it is called on head. Out: a key to match by, and the fingerprint
//! that outputs print.

use crate::finding::Finding;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// What makes a finding itself. Lines and columns are no part of it: code moves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The rule.
    pub rule: String,
    /// The file, by its path on head.
    pub path: String,
    /// The function around it.
    pub function: String,
    /// Its text without white space and comments.
    pub anchor: String,
    /// What it is about.
    pub causes: Vec<String>,
}

impl Key {
    /// The key of `finding`, which stands in `path` on head.
    pub fn new(finding: &Finding, path: &str) -> Self {
        Self {
            rule: finding.rule.clone(),
            path: path.to_owned(),
            function: finding.function.clone(),
            anchor: finding.anchor.clone(),
            causes: finding.causes.clone(),
        }
    }

    /// The name that outputs print for the `nth` (from 1) finding with this key: the first 128 bits
    /// of SHA-256 in hexadecimal, and the number. Every part is preceded by its length, so that two
    /// keys never read alike.
    pub fn fingerprint(&self, nth: usize) -> String {
        let mut hash = Sha256::new();
        let parts = [&self.rule, &self.path, &self.function, &self.anchor];
        for part in parts.into_iter().chain(&self.causes) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let mut out = String::with_capacity(36);
        for byte in &hash.finalize()[..16] {
            // Writing to a String cannot fail.
            let _ = write!(out, "{byte:02x}");
        }
        let _ = write!(out, ":{nth}");
        out
    }
}
