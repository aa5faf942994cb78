//! Routes: how a failure gets from its site to where it lands.
//!
//! In: the call graph and the escape summaries. Out: [`Route`]s, rebuilt when a finding is reported.

use super::{ExprKey, FnKey};
use crate::model::OnThrow;

/// A function that a framework calls when something comes in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The handler.
    pub handler: FnKey,
    /// The kind of ingress: `event`, `request`, `webhook`, `job`, `guard`.
    pub kind: String,
    /// What a throw means here.
    pub on_throw: OnThrow,
    /// How a person would call it: `app.message`, `POST`.
    pub name: String,
    /// Whether a name decided, instead of a resolved registration.
    pub by_name: bool,
}

/// The way of a failure from where it happens outwards.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The failing call, then each call that passes the failure on, innermost first.
    pub calls: Vec<ExprKey>,
    /// The function that holds each of the calls.
    pub functions: Vec<FnKey>,
    /// Where it ends.
    pub entry: Option<Entry>,
}
