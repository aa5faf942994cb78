//! Reads `failpath.toml` key by key: what is not known here is a mistake, never ignored.
//!
//! In: text and the rules. Out: [`Settings`] or all mistakes. Rules and knobs are plain data, so
//! that this does not depend on how rules work.

use super::error::{IdleGlobs, Mistake, SettingsError};
use super::value::{Reader, Value, compile};
use super::{CONFIDENCES, FailOn, Level, NewSuppressions, Settings, over};
use crate::finding::{KnobKind, RuleInfo};
use crate::limits;
use crate::text::nearest;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, ValueDeserializer};

const TABLES: [&str; 8] = ["critical", "gate", "models", "overrides", "own", "pages", "paths", "rules"];
const GATE: [&str; 4] = ["default-branch", "fail-on", "min-confidence", "suppressions"];
const PATHS: [&str; 2] = ["exclude", "tests"];

/// The file that settings come from, kept so that mistakes which are found later can point at their
/// place.
#[derive(Debug, Clone)]
pub(super) struct Written {
    path: String,
    text: Arc<str>,
    /// The globs over paths.
    globs: Vec<(String, Range<usize>)>,
    /// The values of knobs, by rule and knob.
    knobs: Places,
}

type Places = BTreeMap<(String, String), Range<usize>>;

/// Reads the settings in `text`, which is the file at `path`.
pub fn load(text: &str, path: &str, rules: &[RuleInfo]) -> Result<Settings, SettingsError> {
    let (root, mistakes) = parse(text);
    if !mistakes.is_empty() {
        return Err(SettingsError::new(path, text, mistakes));
    }
    let mut reader = Reader { text, mistakes, globs: Vec::new() };
    let mut settings = Settings::default();
    let mut places = BTreeMap::new();
    for (key, value) in root.get_ref() {
        let name: &str = key.get_ref();
        match name {
            "rules" => read_rules(&mut reader, value, rules, &mut settings, &mut places),
            "gate" => read_gate(&mut reader, value, &mut settings),
            "paths" => read_paths(&mut reader, value, &mut settings),
            "overrides" => over::read(&mut reader, value, rules, &mut settings),
            "critical" => over::read_critical(&mut reader, value, rules, &mut settings),
            "own" => settings.own = reader.globs(value, "own").unwrap_or_default(),
            "pages" => settings.pages = reader.globs(value, "pages").unwrap_or_default(),
            "models" => {
                reader.table(value, "models");
            }
            _ => reader.unknown(name, key.span(), "there is no setting", &TABLES),
        }
    }
    settings.excluded = compile(&settings.exclude);
    for over in &mut settings.overrides {
        over.globs = compile(&over.paths);
    }
    let globs = std::mem::take(&mut reader.globs);
    settings.written = Some(Written { path: path.to_owned(), text: text.into(), globs, knobs: places });
    if reader.mistakes.is_empty() { Ok(settings) } else { Err(SettingsError::new(path, text, reader.mistakes)) }
}

/// The globs of the repository's own rule pages. They are needed before [`load`], which must know
/// the rules in them; mistakes are left to it.
pub fn page_globs(text: &str) -> Vec<String> {
    let (root, mistakes) = parse(text);
    if !mistakes.is_empty() {
        return Vec::new();
    }
    let pages = root
        .get_ref()
        .get("pages")
        .and_then(|value| Reader { text, mistakes, globs: Vec::new() }.globs(value, "pages"));
    pages.unwrap_or_default()
}

/// The default branch, which is needed before [`load`]; mistakes are left to it.
pub fn default_branch(text: &str) -> Option<String> {
    let (root, _) = parse(text);
    let gate = root.get_ref().get("gate")?.get_ref().as_table()?;
    gate.get("default-branch")?.get_ref().as_str().map(str::to_owned)
}

/// The folder whose name is nearest to the part of a glob that is no pattern.
fn nearest_folder<'a>(glob: &str, files: &[&'a str]) -> Option<&'a str> {
    let fixed = glob.split(['*', '?', '[', '{']).next()?.rsplit_once('/')?.0;
    let depth = fixed.matches('/').count();
    let folder = |file: &'a str| {
        let (end, _) = file.match_indices('/').nth(depth)?;
        Some(&file[..end])
    };
    let folders: BTreeSet<&str> = files.iter().filter_map(|file| folder(file)).collect();
    nearest(fixed, folders).filter(|folder| *folder != fixed)
}

fn parse(text: &str) -> (Spanned<DeTable<'_>>, Vec<Mistake>) {
    let (start, end) = (Spanned::new(0..0, DeTable::new()), text.len().min(1));
    if text.len() as u64 > limits::CONFIG_BYTES {
        let message = format!("the file is longer than {} bytes", limits::CONFIG_BYTES);
        return (start, vec![Mistake::new(text, 0..end, &message, None)]);
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    let mistake = |error: &toml::de::Error| {
        Mistake::new(text, error.span().unwrap_or(0..end), &error.message().replace('\n', "; "), None)
    };
    let mistakes = errors.iter().take(limits::MISTAKES).map(mistake).collect();
    (root, mistakes)
}

fn read_rules(reader: &mut Reader, value: &Value, rules: &[RuleInfo], settings: &mut Settings, places: &mut Places) {
    let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    let Some(table) = reader.table(value, "rules") else { return };
    for (key, value) in table {
        let id: &str = key.get_ref();
        let Some(rule) = rules.iter().find(|rule| rule.id == id) else {
            reader.unknown(id, key.span(), "there is no rule", &ids);
            continue;
        };
        let level = match value.get_ref().as_table() {
            Some(table) => read_rule(reader, table, rule, settings, places),
            None => reader.choice(value, id, &Level::NAMES),
        };
        if let Some(level) = level {
            settings.levels.insert(id.to_owned(), level);
        }
    }
}

fn read_rule(
    reader: &mut Reader,
    table: &DeTable,
    rule: &RuleInfo,
    settings: &mut Settings,
    places: &mut Places,
) -> Option<Level> {
    let mut level = None;
    for (key, value) in table {
        let name: &str = key.get_ref();
        if name == "level" {
            level = reader.choice(value, name, &Level::NAMES);
            continue;
        }
        let Some(knob) = rule.knobs.iter().find(|knob| knob.name == name) else {
            let known: Vec<&str> =
                ["level"].into_iter().chain(rule.knobs.iter().map(|knob| knob.name.as_str())).collect();
            reader.unknown(name, key.span(), &format!("`{}` has no knob", rule.id), &known);
            continue;
        };
        let values = match knob.kind {
            KnobKind::Text => reader.text(value, name).map(|text| vec![text]),
            KnobKind::Number => reader.number(value, name).map(|number| vec![number.to_string()]),
            KnobKind::Texts => reader.texts(value, name),
            KnobKind::Globs => reader.globs(value, name),
        };
        if let Some(values) = values {
            places.insert((rule.id.clone(), name.to_owned()), value.span());
            settings.knobs.entry(rule.id.clone()).or_default().insert(name.to_owned(), values);
        }
    }
    level
}

fn read_gate(reader: &mut Reader, value: &Value, settings: &mut Settings) {
    let Some(table) = reader.table(value, "gate") else { return };
    let gate = &mut settings.gate;
    for (key, value) in table {
        let name: &str = key.get_ref();
        match name {
            "fail-on" => gate.fail_on = reader.choice(value, name, &FailOn::NAMES),
            "min-confidence" => gate.min_confidence = reader.choice(value, name, &CONFIDENCES),
            "default-branch" => gate.default_branch = reader.text(value, name),
            "suppressions" => {
                gate.suppressions = reader.choice(value, name, &NewSuppressions::NAMES).unwrap_or_default();
            }
            _ => reader.unknown(name, key.span(), "the gate has no setting", &GATE),
        }
    }
}

fn read_paths(reader: &mut Reader, value: &Value, settings: &mut Settings) {
    let Some(table) = reader.table(value, "paths") else { return };
    for (key, value) in table {
        let name: &str = key.get_ref();
        match name {
            "exclude" => settings.exclude = reader.globs(value, name).unwrap_or_default(),
            "tests" => settings.tests = reader.globs(value, name),
            _ => reader.unknown(name, key.span(), "there is no kind of path", &PATHS),
        }
    }
}

impl Settings {
    /// The globs that are like none of `files`, drawn at their places: a folder may have been renamed,
    /// or the name be misspelt.
    pub fn idle_globs<'a>(&self, files: impl Iterator<Item = &'a str>) -> Option<IdleGlobs> {
        let Written { path, text, globs, .. } = self.written.as_ref().filter(|written| !written.globs.is_empty())?;
        let files: Vec<&str> = files.collect();
        let set = compile(globs.iter().map(|(glob, _)| glob));
        let mut used = vec![false; globs.len()];
        for file in &files {
            set.matches(file).into_iter().for_each(|at| used[at] = true);
        }
        let idle = globs.iter().zip(used).filter(|(_, used)| !used).map(|((glob, at), _)| {
            let help = nearest_folder(glob, &files).map(|folder| format!("did you mean `{folder}`?"));
            Mistake::new(text, at.clone(), "this is like no file of the repository", help)
        });
        let idle: Vec<Mistake> = idle.collect();
        (!idle.is_empty()).then(|| IdleGlobs::new(path, text, idle))
    }

    /// The repository's own models, read as `T`; mistakes point at their place in the file.
    pub fn models<T: DeserializeOwned>(&self) -> Result<Option<T>, SettingsError> {
        let Some(Written { path, text, .. }) = &self.written else { return Ok(None) };
        let (mut root, _) = parse(text);
        let Some(value) = root.get_mut().remove("models") else { return Ok(None) };
        let whole = value.span();
        T::deserialize(ValueDeserializer::from(value)).map(Some).map_err(|error| {
            let message = error.message().replace('\n', "; ");
            let mistake = Mistake::new(text, error.span().unwrap_or(whole), &message, None);
            SettingsError::new(path, text, vec![mistake])
        })
    }
    /// Draws a mistake at the value of the first of `knobs` that the file sets for `rule`. `None` if it
    /// sets none of them.
    pub fn at_knob(&self, rule: &str, knobs: &[String], message: &str) -> Option<SettingsError> {
        let Written { path, text, knobs: places, .. } = self.written.as_ref()?;
        let at = knobs.iter().find_map(|knob| places.get(&(rule.to_owned(), knob.clone())))?;
        let help = format!("`failpath explain {rule}` says what it takes");
        Some(SettingsError::new(path, text, vec![Mistake::new(text, at.clone(), message, Some(help))]))
    }
}
