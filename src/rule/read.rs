//! Reads the sentences of a page: TOML with words, resolved against the table of words.
//!
//! In: a [`Page`] and the words. Out: a [`Rule`], or everything that is wrong, each at its place.

use super::check;
use super::error::{Fault, Faults, PageError, instead};
use super::knob::Knobs;
use super::page::Page;
use super::sentence::{Condition, Level, Relation, Rule, Sentence, Value};
use super::template::Template;
use crate::finding::Severity;
use crate::fix::{Fix, Property};
use crate::program::SiteKind;
use crate::text::Span;
use crate::word::{Ask, Word};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Relations in each other; a third has never been needed.
const DEPTH: u32 = 2;

type Entry<'t> = Spanned<DeValue<'t>>;

/// Reads the sentences of `page` with these words.
pub fn read(page: &Page, words: &'static [Word]) -> Result<Rule, Vec<PageError>> {
    let mut faults = Faults::new(&page.path, &page.text);
    let mut knobs = Knobs::new();
    let mut declared = Vec::new();
    let mut sentences = Vec::new();
    for span in &page.sentences {
        let text = span.of(&page.text);
        match DeTable::parse(text) {
            Ok(table) => {
                let mut reader = Reader { words, text, offset: span.start, faults: &mut faults };
                reader.knobs(table.get_ref(), &mut knobs, &mut declared);
                sentences.extend(reader.sentence(table.get_ref(), *span));
            }
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                let at = Span::new(span.start + at.start as u32, span.start + at.end as u32);
                faults.push(at, Fault::Toml(error.message().to_owned()));
            }
        }
    }
    let rule = Rule {
        id: page.id.clone(),
        title: page.title.clone(),
        summary: page.summary.clone(),
        sentences,
        knobs,
        page: page.text.clone(),
    };
    if faults.is_empty() {
        check::check(&rule, page, words, &declared, &mut faults);
    }
    if faults.is_empty() { Ok(rule) } else { Err(faults.into_errors()) }
}

struct Reader<'a> {
    words: &'static [Word],
    /// The text of the fence.
    text: &'a str,
    /// Where the fence's text begins in the page.
    offset: u32,
    faults: &'a mut Faults,
}

impl Reader<'_> {
    fn at(&self, range: Range<usize>) -> Span {
        Span::new(self.offset + range.start as u32, self.offset + range.end as u32)
    }

    fn wrong_type(&mut self, what: &str, expected: &'static str, found: &Entry<'_>) {
        let fault = Fault::Type { what: what.to_owned(), expected, found: article(found.get_ref().type_str()) };
        self.faults.push(self.at(found.span()), fault);
    }

    fn knobs(&mut self, table: &DeTable<'_>, knobs: &mut Knobs, declared: &mut Vec<(String, Span)>) {
        let Some(entry) = table.get("knobs") else { return };
        let Some(list) = entry.get_ref().as_table() else {
            return self.wrong_type("`knobs`", "a table of lists", entry);
        };
        for (name, entry) in list {
            let at = self.at(name.span());
            let values = self.values(&format!("the knob `{}`", name.get_ref()), entry, true);
            let values = values.into_iter().map(|value| value.text).collect();
            if knobs.insert(name.get_ref().to_string(), values).is_some() {
                self.faults.push(at, Fault::Twice("a knob of this name"));
            }
            declared.push((name.get_ref().to_string(), at));
        }
    }

    fn sentence(&mut self, table: &DeTable<'_>, whole: Span) -> Option<Sentence> {
        const KEYS: [&str; 9] = ["severity", "flags", "when", "unless", "level", "message", "help", "knobs", "fix"];
        for key in table.keys() {
            if !KEYS.contains(&key.get_ref().as_ref()) {
                self.unknown("key of a sentence", key.get_ref(), KEYS, key.span());
            }
        }
        for key in ["severity", "flags", "when", "message", "help"] {
            if !table.contains_key(key) {
                self.faults.push(whole, Fault::Required { what: "a sentence".to_owned(), key: key.to_owned() });
            }
        }
        let severity = table.get("severity").and_then(|entry| self.severity(entry));
        let flags = table.get("flags").and_then(|entry| self.site("`flags`", entry));
        let message = self.template(table, "message");
        let help = self.template(table, "help");
        // Without a kind of site the conditions are read all the same: one run shows all errors.
        let site = flags.unwrap_or(SiteKind::Call);
        let when = self.conditions(table, "when", site, 0);
        let unless = self.conditions(table, "unless", site, 0);
        let level = self.levels(table, site);
        let fix = self.fix(table);
        Some(Sentence { severity: severity?, flags: flags?, when, unless, level, message: message?, help: help?, fix })
    }

    fn unknown<const N: usize>(&mut self, what: &str, name: &str, known: [&'static str; N], at: Range<usize>) {
        let instead = instead(name, known);
        self.faults.push(self.at(at), Fault::Unknown { what: what.to_owned(), name: name.to_owned(), instead });
    }

    fn text<'e>(&mut self, what: &str, entry: &'e Entry<'_>) -> Option<&'e str> {
        let text = entry.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(what, "a string", entry);
        }
        text
    }

    /// A name, or a table that says what a property of an object should hold.
    fn fix(&mut self, table: &DeTable<'_>) -> Option<Fix> {
        const KEYS: [&str; 3] = ["property", "holds", "value"];
        let entry = table.get("fix")?;
        let Some(parts) = entry.get_ref().as_table() else {
            let name = self.text("a fix", entry)?;
            let fix = Fix::named(name);
            if fix.is_none() {
                self.unknown("fix", name, Fix::NAMES, entry.span());
            }
            return fix;
        };
        for key in parts.keys() {
            if !KEYS.contains(&key.get_ref().as_ref()) {
                self.unknown("key of a fix", key.get_ref(), KEYS, key.span());
            }
        }
        let [name, holds, value] = KEYS.map(|key| {
            let Some(entry) = parts.get(key) else {
                let fault = Fault::Required { what: "a fix".to_owned(), key: key.to_owned() };
                self.faults.push(self.at(entry.span()), fault);
                return None;
            };
            self.text(&format!("`{key}`"), entry).map(str::to_owned)
        });
        Some(Fix::Property(Property { name: name?, holds: holds?, value: value? }))
    }

    fn severity(&mut self, entry: &Entry<'_>) -> Option<Severity> {
        let found = match self.text("a severity", entry)? {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            "note" => Severity::Note,
            other => {
                self.unknown("severity", other, ["error", "warning", "note"], entry.span());
                return None;
            }
        };
        Some(found)
    }

    fn site(&mut self, what: &str, entry: &Entry<'_>) -> Option<SiteKind> {
        let name = self.text(what, entry)?;
        let kind = SiteKind::named(name);
        if kind.is_none() {
            self.unknown("kind of site", name, SiteKind::ALL.map(|(_, name)| name), entry.span());
        }
        kind
    }

    fn template(&mut self, table: &DeTable<'_>, key: &'static str) -> Option<Template> {
        let entry = table.get(key)?;
        let text = self.text(&format!("`{key}`"), entry)?;
        let template = Template::parse(text);
        if template.is_none() {
            self.faults.push(self.at(entry.span()), Fault::Brace);
        }
        template
    }

    fn levels(&mut self, table: &DeTable<'_>, site: SiteKind) -> Vec<Level> {
        let Some(entry) = table.get("level") else { return Vec::new() };
        let Some(list) = entry.get_ref().as_array() else {
            self.wrong_type("`level`", "a list of tables", entry);
            return Vec::new();
        };
        let mut levels = Vec::new();
        for entry in list {
            let Some(table) = entry.get_ref().as_table() else {
                self.wrong_type("a level", "a table with `when` and `is`", entry);
                continue;
            };
            for key in table.keys() {
                if !["when", "is"].contains(&key.get_ref().as_ref()) {
                    self.unknown("key of a level", key.get_ref(), ["when", "is"], key.span());
                }
            }
            for key in ["when", "is"] {
                if !table.contains_key(key) {
                    let at = self.at(entry.span());
                    self.faults.push(at, Fault::Required { what: "a level".to_owned(), key: key.to_owned() });
                }
            }
            let when = self.conditions(table, "when", site, 0);
            if let Some(is) = table.get("is").and_then(|entry| self.severity(entry)) {
                levels.push(Level { when, is });
            }
        }
        levels
    }

    /// The conditions under `key`. `depth` counts the relations around them.
    fn conditions(&mut self, table: &DeTable<'_>, key: &str, site: SiteKind, depth: u32) -> Vec<Condition> {
        let Some(entry) = table.get(key) else { return Vec::new() };
        let Some(list) = entry.get_ref().as_array() else {
            self.wrong_type(&format!("`{key}`"), "a list of conditions", entry);
            return Vec::new();
        };
        list.iter().filter_map(|entry| self.condition(entry, site, depth)).collect()
    }

    fn condition(&mut self, entry: &Entry<'_>, site: SiteKind, depth: u32) -> Option<Condition> {
        let Some(table) = entry.get_ref().as_table() else {
            self.wrong_type("a condition", "a table with one word", entry);
            return None;
        };
        let mut words = table.iter();
        let (Some((key, value)), None) = (words.next(), words.next()) else {
            self.faults.push(self.at(entry.span()), Fault::OneWord(table.len()));
            return None;
        };
        let at = self.at(key.span());
        let name = key.get_ref().as_ref();
        let Some(word) = self.words.iter().find(|word| word.name == name) else {
            let instead = instead(name, self.words.iter().map(|word| word.name));
            self.faults.push(at, Fault::Unknown { what: "word".to_owned(), name: name.to_owned(), instead });
            return None;
        };
        if !word.sites.contains(&site) {
            let sites = word.sites.iter().map(|site| site.name()).collect::<Vec<_>>().join(", ");
            self.faults.push(at, Fault::Site { word: name.to_owned(), site: site.name(), sites });
        }
        let text = self.text.get(entry.span()).unwrap_or_default();
        let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
        let text = inner.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_relation = matches!(word.ask, Ask::Relation(_));
        let (parameters, relation) = match value.get_ref() {
            DeValue::Table(table) => {
                let parameters = self.parameters(word, table, is_relation);
                let relation = if is_relation { Some(self.relation(word, table, at, depth)?) } else { None };
                (parameters, relation)
            }
            _ if is_relation => {
                self.wrong_type(&format!("the value of `{name}`"), "a table with `site` and `when`", value);
                return None;
            }
            _ => (vec![(String::new(), self.main(word, value)?)], None),
        };
        for parameter in word.parameters.iter().filter(|parameter| parameter.required) {
            if !parameters.iter().any(|(name, _)| name == parameter.name) {
                let key = if parameter.name.is_empty() { "a value" } else { parameter.name };
                self.faults.push(at, Fault::Required { what: format!("`{name}`"), key: key.to_owned() });
            }
        }
        Some(Condition { word, at, text, parameters, relation })
    }

    fn relation(&mut self, word: &Word, table: &DeTable<'_>, at: Span, depth: u32) -> Option<Relation> {
        if depth >= DEPTH {
            self.faults.push(at, Fault::TooDeep(word.name.to_owned()));
            return None;
        }
        let Some(entry) = table.get("site") else {
            self.faults.push(at, Fault::Required { what: format!("`{}`", word.name), key: "site".to_owned() });
            return None;
        };
        let site = self.site("`site`", entry)?;
        let when = self.conditions(table, "when", site, depth + 1);
        let unless = self.conditions(table, "unless", site, depth + 1);
        Some(Relation { site, when, unless })
    }

    fn main(&mut self, word: &Word, value: &Entry<'_>) -> Option<Vec<Value>> {
        if word.parameters.iter().any(|parameter| parameter.name.is_empty()) {
            return Some(self.values(&format!("the value of `{}`", word.name), value, false));
        }
        self.wrong_type(&format!("the value of `{}`", word.name), "a table of parameters", value);
        None
    }

    fn parameters(&mut self, word: &Word, table: &DeTable<'_>, is_relation: bool) -> Vec<(String, Vec<Value>)> {
        const OF_RELATIONS: [&str; 3] = ["site", "when", "unless"];
        let mut parameters = Vec::new();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if is_relation && OF_RELATIONS.contains(&name) {
                continue;
            }
            if name.is_empty() || !word.parameters.iter().any(|parameter| parameter.name == name) {
                let of_relations = OF_RELATIONS.into_iter().filter(|_| is_relation);
                let named = word.parameters.iter().map(|parameter| parameter.name).filter(|name| !name.is_empty());
                let instead = instead(name, named.chain(of_relations));
                let what = format!("parameter of `{}`", word.name);
                self.faults.push(self.at(key.span()), Fault::Unknown { what, name: name.to_owned(), instead });
                continue;
            }
            parameters.push((name.to_owned(), self.values(&format!("`{name}`"), value, false)));
        }
        parameters
    }

    /// A value or a list of values, as texts.
    fn values(&mut self, what: &str, entry: &Entry<'_>, may_be_empty: bool) -> Vec<Value> {
        let one = std::slice::from_ref(entry);
        let list = entry.get_ref().as_array().map_or(one, |list| list.as_ref());
        if list.is_empty() && !may_be_empty {
            self.wrong_type(what, "a value or a list of values", entry);
        }
        let mut values = Vec::new();
        for entry in list {
            let text = match entry.get_ref() {
                DeValue::String(text) => text.to_string(),
                DeValue::Integer(number) if number.radix() == 10 => number.to_string(),
                DeValue::Float(number) => number.to_string(),
                DeValue::Boolean(value) => value.to_string(),
                _ => {
                    self.wrong_type(what, "a string or a number", entry);
                    continue;
                }
            };
            values.push(Value { text, at: self.at(entry.span()) });
        }
        values
    }
}

/// A type with its article; an empty list is called one, for it is the only list that is refused.
fn article(kind: &str) -> String {
    match kind {
        "array" => "a list".to_owned(),
        "integer" => "an integer".to_owned(),
        other => format!("a {other}"),
    }
}
