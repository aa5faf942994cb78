//! `[[overrides]]` and `[critical]`: what holds for some paths only.
//!
//! In: the lists as they are written. Out: [`Override`]s in their order, of which later ones win; critical
//! areas come first.

use super::value::{Reader, Value};
use super::{CONFIDENCES, FailOn, Level, NewSuppressions, Override, Settings};
use crate::finding::RuleInfo;

const KEYS: [&str; 5] = ["fail-on", "min-confidence", "paths", "rules", "suppressions"];
const CRITICAL: [&str; 7] = ["fail-on", "max-lines", "min-confidence", "paths", "rules", "suppressions", "tests"];
/// The rule that `tests` of a critical area is the level of.
const TESTED: &str = "critical-change-without-tests";
/// The rule and the knob that `max-lines` of a critical area sets.
const SIZE: (&str, &str) = ("oversized-change", "critical-lines");

/// Reads the list.
pub(super) fn read(reader: &mut Reader, value: &Value, rules: &[RuleInfo], settings: &mut Settings) {
    let Some(items) = value.get_ref().as_array() else {
        let help = "write `[[overrides]]`, once for each".to_owned();
        reader.wrong(value.span(), "overrides must be a list of tables", Some(help));
        return;
    };
    let all: Vec<Override> = items.iter().filter_map(|item| one(reader, item, rules)).collect();
    settings.overrides.extend(all);
}

/// Reads the critical areas: each is a name for some paths, with what holds there.
pub(super) fn read_critical(reader: &mut Reader, value: &Value, rules: &[RuleInfo], settings: &mut Settings) {
    let Some(table) = reader.table(value, "critical") else { return };
    for (area, value) in table {
        let area_name: &str = area.get_ref();
        let Some(table) = reader.table(value, area_name) else { continue };
        if table.get("paths").is_none() {
            let message = format!("the critical area `{area_name}` has no paths");
            reader.wrong(area.span(), &message, Some("add `paths = [\"..\"]`".to_owned()));
        }
        let mut over = Override::default();
        for (key, value) in table {
            let name: &str = key.get_ref();
            match name {
                "tests" => {
                    let level = reader.choice(value, name, &Level::NAMES);
                    over.levels.extend(level.map(|level| (TESTED.to_owned(), level)));
                }
                "max-lines" => limit(reader.number(value, name), settings),
                _ if set(reader, name, value, rules, &mut over) => {}
                _ => reader.unknown(name, key.span(), "a critical area has no setting", &CRITICAL),
            }
        }
        settings.critical.insert(area_name.to_owned(), over.paths.clone());
        settings.overrides.push(over);
    }
}

/// The least of what the areas allow holds for all of them together.
fn limit(lines: Option<u32>, settings: &mut Settings) {
    let Some(lines) = lines else { return };
    let knobs = settings.knobs.entry(SIZE.0.to_owned()).or_default();
    let known = knobs.get(SIZE.1).and_then(|values| values.first()).and_then(|value| value.parse::<u32>().ok());
    knobs.insert(SIZE.1.to_owned(), vec![known.map_or(lines, |known| known.min(lines)).to_string()]);
}

fn one(reader: &mut Reader, value: &Value, rules: &[RuleInfo]) -> Option<Override> {
    let table = reader.table(value, "every entry of overrides")?;
    let mut over = Override::default();
    if table.get("paths").is_none() {
        reader.wrong(value.span(), "these overrides have no paths", Some("add `paths = [\"..\"]`".to_owned()));
    }
    for (key, value) in table {
        let name: &str = key.get_ref();
        if !set(reader, name, value, rules, &mut over) {
            reader.unknown(name, key.span(), "overrides have no setting", &KEYS);
        }
    }
    Some(over)
}

/// Sets what a key says; whether there is such a key.
fn set(reader: &mut Reader, name: &str, value: &Value, rules: &[RuleInfo], over: &mut Override) -> bool {
    match name {
        "paths" => over.paths = reader.globs(value, name).unwrap_or_default(),
        "fail-on" => over.fail_on = reader.choice(value, name, &FailOn::NAMES),
        "min-confidence" => over.min_confidence = reader.choice(value, name, &CONFIDENCES),
        "suppressions" => over.suppressions = reader.choice(value, name, &NewSuppressions::NAMES),
        "rules" => levels(reader, value, rules, over),
        _ => return false,
    }
    true
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
