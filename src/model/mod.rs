//! What is known about frameworks, SDKs and names: the shape of `rules/models/*.toml`.
//!
//! In: TOML. Out: [`Models`]. No framework is named in code; whoever knows one writes it down there.

use serde::{Deserialize, Serialize};

/// What a throw at an entry means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OnThrow {
    /// The inbound thing is gone.
    #[serde(rename = "lost")]
    Lost,
    /// The process ends, or the request hangs.
    #[serde(rename = "crash")]
    Crash,
    /// The caller gets a 500.
    #[serde(rename = "500")]
    Answered,
    /// The sender delivers it again.
    #[serde(rename = "redelivered")]
    Redelivered,
    /// The queue tries again.
    #[serde(rename = "retried")]
    Retried,
}

impl OnThrow {
    /// The name that models and sentences use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Crash => "crash",
            Self::Answered => "500",
            Self::Redelivered => "redelivered",
            Self::Retried => "retried",
        }
    }
}
