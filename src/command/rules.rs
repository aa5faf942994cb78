//! `failpath rules`: every rule with its severity and what it finds.
//!
//! In: the settings. Out: a table, or JSON.

use super::{Output, setup};
use crate::finding::{RuleInfo, Severity};
use crate::git::Env;
use crate::pipeline::{Error, Setup};
use crate::request::SettingsChoice;
use crate::text::safe::safe_line;
use serde::Serialize;
use std::fmt::Write;

#[derive(Serialize)]
struct Root<'a> {
    rules: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    severity: &'static str,
    flags: String,
    summary: &'a str,
}

pub(super) fn rules(json: bool, choice: &SettingsChoice, env: &Env) -> Result<Output, Error> {
    let setup = setup(choice, env)?;
    let rows = rows(&setup);
    if json {
        // Our own type has string keys only, which is all that can go wrong here.
        let text = serde_json::to_string_pretty(&Root { rules: rows }).unwrap_or_default();
        return Ok(Output::clean(text + "\n"));
    }
    let width = |of: &dyn Fn(&Row) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let (ids, severities) = (width(&|row| row.id.len()), width(&|row| row.severity.len()));
    let mut text = String::new();
    for Row { id, severity, summary, .. } in &rows {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{id:<ids$}  {severity:<severities$}  {}", safe_line(summary));
    }
    Ok(Output::clean(text))
}

fn rows(setup: &Setup) -> Vec<Row<'_>> {
    setup.catalogue.infos.iter().map(|info| row(info, setup)).collect()
}

fn row<'a>(info: &'a RuleInfo, setup: &Setup) -> Row<'a> {
    let severity = setup.severity(&info.id).map_or("off", name);
    Row { id: &info.id, severity, flags: info.tags.join(", "), summary: &info.summary }
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
