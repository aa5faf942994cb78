//! What is known about frameworks, SDKs and names: the shape of `rules/models/*.toml`.
//!
//! In: TOML, the built-in files first, then the user's. Out: [`Models`], compiled for asking. No
//! framework is named in code: whoever knows one writes it down there.

mod builtin;
mod compile;
mod memo;
mod package;
mod pattern;
mod stars;

pub use builtin::BUILTIN;
pub use compile::{CompiledIngress, ModelError, Models, ResponseStatus, Roles};
pub use package::Packages;
pub use pattern::{Patterns, is_sure};

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

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
    /// Every meaning.
    pub const ALL: [Self; 5] = [Self::Lost, Self::Crash, Self::Answered, Self::Redelivered, Self::Retried];

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

    /// What it means, in words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Lost => "what came in is lost",
            Self::Crash => "nobody answers, and an unhandled rejection may end the process",
            Self::Answered => "the caller gets a 500",
            Self::Redelivered => "the sender delivers it again",
            Self::Retried => "the queue tries it again",
        }
    }
}

/// One file of models.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ModelFile {
    /// Packages from the registry that are the organisation's own work, as globs.
    #[serde(default, deserialize_with = "patterns")]
    pub own: Vec<String>,
    /// Where inbound things enter.
    #[serde(default)]
    pub ingress: Vec<Ingress>,
    /// What calls do.
    #[serde(default)]
    pub role: Vec<Role>,
    /// Values that are instances of something better known.
    #[serde(default)]
    pub alias: Vec<Alias>,
    /// Calls that build an answer to a request.
    #[serde(default)]
    pub response: Vec<Response>,
}

/// A way in which a framework is given a handler.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ingress {
    /// `event`, `request`, `webhook`, `job` or `guard`; `delivered` for what runs when an answer has got to
    /// its reader, `cut-off` for what runs when it ended on the way.
    pub kind: String,
    /// What a throw in the handler means.
    pub on_throw: OnThrow,
    /// Registration by a call: patterns over what is called (`@slack/bolt#App.message`).
    #[serde(default, deserialize_with = "patterns")]
    pub call: Vec<String>,
    /// Which argument is the handler: a number from 0, `last`, or `all` (every function argument).
    #[serde(default)]
    pub handler: Option<String>,
    /// Registration by what it takes: a function that is a field of an object and whose parameter is
    /// declared as one of these, for handlers that a loader finds by itself.
    #[serde(default, deserialize_with = "patterns")]
    pub takes: Vec<String>,
    /// Patterns in small letters over the first argument, a literal or a constant from outside by its
    /// name; the registration counts only if it is one of these.
    #[serde(default, deserialize_with = "patterns")]
    pub first: Vec<String>,
    /// Registration by file: patterns over the path.
    #[serde(default, deserialize_with = "patterns")]
    pub files: Vec<String>,
    /// With `files`: patterns over exported names that are handlers.
    #[serde(default, deserialize_with = "patterns")]
    pub export: Vec<String>,
    /// With `files` or alone: the module begins with this directive, and every export is a handler.
    #[serde(default)]
    pub directive: Option<String>,
    /// What the handler's parameters are: `"0.client" = "@slack/web-api#WebClient"`.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    /// The package whose declared version decides, with its range: `express = "<5"`.
    #[serde(default)]
    pub package: BTreeMap<String, String>,
}

/// What calls do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Role {
    /// The role's name: `api`, `store`, `report`, ...
    pub role: String,
    /// Patterns over what is called, resolved: `@slack/web-api#WebClient.*`, `console.*`.
    #[serde(default, deserialize_with = "patterns")]
    pub calls: Vec<String>,
    /// Patterns over the written name where it could not be resolved: `*.createMemory`. A guess.
    #[serde(default, deserialize_with = "patterns")]
    pub names: Vec<String>,
    /// Exceptions to both.
    #[serde(default, deserialize_with = "patterns")]
    pub except: Vec<String>,
    /// Whether names count also where the source is at hand: for what the source does not tell, such as
    /// that a write is one into the books. Still a guess.
    #[serde(default)]
    pub resolved: bool,
}

/// A value that is an instance of something better known.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Alias {
    /// What it is reached by: `@slack/bolt#App.client`.
    pub from: String,
    /// What it is: `@slack/web-api#WebClient`.
    pub to: String,
}

/// A call that builds an answer to a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Response {
    /// Patterns over what is called.
    #[serde(deserialize_with = "patterns")]
    pub calls: Vec<String>,
    /// Where the status is: `1.status` (a field of the second argument), `1` (the second argument),
    /// `receiver` (given earlier in the chain by a call named `status`). Absent: always the default.
    #[serde(default)]
    pub status: Option<String>,
    /// The status when none is written.
    #[serde(default = "ok")]
    pub default: u16,
}

fn ok() -> u16 {
    200
}

/// Reads patterns, and refuses a broken one at its place in the file.
fn patterns<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Checked(String);
    impl<'de> Deserialize<'de> for Checked {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = String::deserialize(deserializer)?;
            pattern::check(&text).map_err(D::Error::custom)?;
            Ok(Self(text))
        }
    }
    Ok(Vec::<Checked>::deserialize(deserializer)?.into_iter().map(|checked| checked.0).collect())
}
