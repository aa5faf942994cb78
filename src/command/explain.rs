//! `failpath explain RULE`: the page of a rule.
//!
//! In: the rule's id. Out: its page.

use super::{Output, setup};
use crate::git::Env;
use crate::pipeline::Error;
use crate::request::SettingsChoice;
use crate::text::safe::safe_terminal;

pub(super) fn explain(rule: &str, choice: &SettingsChoice, env: &Env) -> Result<Output, Error> {
    let setup = setup(choice, env)?;
    let mut page = safe_terminal(&setup.catalogue.info(rule)?.page_markdown).into_owned();
    if !page.ends_with('\n') {
        page.push('\n');
    }
    Ok(Output::clean(page))
}
