//! `failpath explain NAME`: the page of a rule, or of a word that rules are made of.
//!
//! In: the rule's id or the word. Out: its page.

use super::{Output, setup};
use crate::git::Env;
use crate::pipeline::Error;
use crate::request::SettingsChoice;
use crate::rule::builtin::word_page;
use crate::text::safe::safe_terminal;
use crate::word::WORDS;

pub(super) fn explain(name: &str, choice: &SettingsChoice, env: &Env) -> Result<Output, Error> {
    let setup = setup(choice, env)?;
    let infos = &setup.catalogue.infos;
    // A rule of the repository's own may have the name of a word; then it is meant.
    let rule = infos.iter().find(|info| info.id == name).map(|info| info.page_markdown.as_str());
    let Some(page) = rule.or_else(|| word_page(name)) else {
        let known = infos.iter().map(|info| info.id.as_str()).chain(WORDS.iter().map(|word| word.name));
        return Err(Error::unknown_rule(name, known));
    };
    let mut page = safe_terminal(page).into_owned();
    if !page.ends_with('\n') {
        page.push('\n');
    }
    Ok(Output::clean(page))
}
