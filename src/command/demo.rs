//! `failpath demo`: the gate at work on a small change that it brings along.
//!
//! In: nothing. Out: the report of that change, and how to go on.

use super::Output;
use crate::pipeline::Error;
use crate::report::RenderOptions;

pub(super) fn demo(_options: &RenderOptions) -> Result<Output, Error> {
    let what = "the demonstration is not there yet".to_owned();
    Err(Error::Refused { what, help: "run `failpath check` in a repository".to_owned() })
}
