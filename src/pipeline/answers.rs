//! What an answer depends on, so that the same question is not worked out twice.
//!
//! In: both sides, the settings, what is looked at. Out: a hash of all of it. A hook that runs again,
//! a push of what a hook has just seen, a workflow that is started again ask the same question.

use super::setup::Setup;
use crate::change::{Change, RepoPath};
use crate::finding::Confidence;
use crate::git::Reader;
use crate::source::At;
use sha2::{Digest, Sha256};

/// The hash of everything that the findings depend on besides this build of the program; none where a
/// part of it cannot be told.
pub fn question(
    change: &Change,
    reader: &Reader,
    setup: &Setup,
    paths: &[RepoPath],
    min_confidence: Option<Confidence>,
) -> Option<[u8; 32]> {
    let mut hash = Sha256::new();
    for at in [At::Base, At::Head] {
        hash.update(reader.content_hash(at, change.all)?);
    }
    // Which files differ follows from both sides.
    let rest = (change.all, &setup.read, paths, min_confidence);
    hash.update(format!("{rest:?}"));
    Some(hash.finalize().into())
}
