//! `[[overrides]]`: what holds for some paths only.
//!
//! In: the list as it is written. Out: [`Override`]s in its order, of which later ones win.

use super::value::{Reader, Value};
use super::{FailOn, Level, NewSuppressions, Override, Settings};
use crate::finding::RuleInfo;

const KEYS: [&str; 4] = ["fail-on", "paths", "rules", "suppressions"];

/// Reads the list.
pub(super) fn read(reader: &mut Reader, value: &Value, rules: &[RuleInfo], settings: &mut Settings) {
    let Some(items) = value.get_ref().as_array() else {
        let help = "write `[[overrides]]`, once for each".to_owned();
        reader.wrong(value.span(), "overrides must be a list of tables", Some(help));
        return;
    };
    settings.overrides = items.iter().filter_map(|item| one(reader, item, rules)).collect();
}

fn one(reader: &mut Reader, value: &Value, rules: &[RuleInfo]) -> Option<Override> {
    let table = reader.table(value, "every entry of overrides")?;
    let mut over = Override::default();
    if table.get("paths").is_none() {
        reader.wrong(value.span(), "these overrides have no paths", Some("add `paths = [\"..\"]`".to_owned()));
    }
    for (key, value) in table {
        let name: &str = key.get_ref();
        match name {
            "paths" => over.paths = reader.globs(value, name).unwrap_or_default(),
            "fail-on" => over.fail_on = reader.choice(value, name, &FailOn::NAMES),
            "suppressions" => over.suppressions = reader.choice(value, name, &NewSuppressions::NAMES),
            "rules" => levels(reader, value, rules, &mut over),
            _ => reader.unknown(name, key.span(), "overrides have no setting", &KEYS),
        }
    }
    Some(over)
}

/// Levels alone: what a rule asks for holds for the whole repository, since a finding has many places.
fn levels(reader: &mut Reader, value: &Value, rules: &[RuleInfo], over: &mut Override) {
    let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    let Some(table) = reader.table(value, "rules") else { return };
    for (key, value) in table {
        let id: &str = key.get_ref();
        if !ids.contains(&id) {
            reader.unknown(id, key.span(), "there is no rule", &ids);
        } else if let Some(level) = reader.choice(value, id, &Level::NAMES) {
            over.levels.insert(id.to_owned(), level);
        }
    }
}
