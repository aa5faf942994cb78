//! Names and literal texts of one module, stored once each.
//!
//! In: text. Out: [`Name`], a number that is equal exactly where the text is.

use serde::{Deserialize, Serialize};

/// A text of this module: index into [`Names`]. Numbers follow first appearance; never sort by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Name(pub u32);

/// The texts: one string, and where each text ends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Names {
    text: String,
    ends: Vec<u32>,
}

impl Names {
    /// The text of `name`.
    pub fn get(&self, name: Name) -> &str {
        let at = name.0 as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.text[start..self.ends[at] as usize]
    }

    /// Adds a text. The caller knows that it is not there yet.
    pub(super) fn push(&mut self, text: &str) -> Name {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        Name(self.ends.len() as u32 - 1)
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The name of a text, if the module has it. Linear; meant for tests and rare look-ups.
    pub fn find(&self, text: &str) -> Option<Name> {
        (0..self.ends.len() as u32).map(Name).find(|name| self.get(*name) == text)
    }
}
