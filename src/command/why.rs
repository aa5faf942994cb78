//! `failpath why RULE FILE:LINE`: which word of a rule holds at a line, and which does not.
//!
//! In: the rule and the place on head. Out: what the rule says of every site on that line.

use super::{Output, with_default_branch};
use crate::git::{self, Env};
use crate::pipeline::{Error, Log, Programs, Setup, load, paths, with_threads};
use crate::program::Program;
use crate::request::Why;
use crate::rule;
use crate::rule::why::WhyError;
use crate::source::At;
use crate::syntax::load::Nothing;
use crate::text::safe::safe_terminal;
use std::path::PathBuf;

pub(super) fn why(why: &Why, env: &Env) -> Result<Output, Error> {
    with_threads(why.comparison.threads, || explain(why, env))
}

fn explain(why: &Why, env: &Env) -> Result<Output, Error> {
    let Why { comparison, rule, path, line } = why;
    let env = &with_default_branch(comparison, env)?;
    let (change, reader) = git::compare(&comparison.range, env)?;
    let setup = Setup::read(&change, &reader, &comparison.settings, &comparison.levels, env)?;
    setup.catalogue.rule(rule)?;
    let Some(compiled) = setup.rules.iter().find(|compiled| compiled.id == *rule) else {
        let help = format!("turn it on for this run: --rule {rule}=warning");
        return Err(Error::Refused { what: format!("the settings turn `{rule}` off"), help });
    };
    let typed = [PathBuf::from(path)];
    let found = paths::in_repository(&typed, &git::surroundings(env)?, &reader)?;
    let path = found.first().map_or(path.as_str(), String::as_str);
    if !reader.exists(At::Head, path) {
        let what = format!("{path} is on base only; words are asked of head");
        return Err(Error::Refused { what, help: "compare the other way round to ask about it".to_owned() });
    }
    let mut loaded = load(&change, &reader, &setup, &Nothing, &mut Log::default());
    let programs = Programs::build(&change, &reader, &mut loaded, &setup);
    let told = rule::why::why(compiled, &programs.head, path, *line, Program::sites).map_err(|error| {
        let help = match error {
            WhyError::NoFile { .. } => "files that do not change are not looked at; `--all` looks at every file",
            WhyError::NoLine { .. } => "lines are those of head",
        };
        Error::Refused { what: error.to_string(), help: help.to_owned() }
    })?;
    Ok(Output::clean(safe_terminal(&told.to_string()).into_owned()))
}
