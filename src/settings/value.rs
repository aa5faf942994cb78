//! Reads single values of a settings file, noting what is wrong with them.
//!
//! In: parsed TOML with spans. Out: plain values; where one is wrong, a [`Mistake`] and nothing.

use super::error::Mistake;
use crate::limits;
use crate::text::nearest;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// The mistakes found so far, and the text that they are in. The `name` of a value is only used to
/// speak of it.
pub(super) struct Reader<'a> {
    pub text: &'a str,
    pub mistakes: Vec<Mistake>,
    /// Globs over paths, with their places.
    pub globs: Vec<(String, Range<usize>)>,
}

impl Reader<'_> {
    /// Notes a mistake.
    pub fn wrong(&mut self, at: Range<usize>, message: &str, help: Option<String>) {
        self.mistakes.push(Mistake::new(self.text, at, message, help));
    }

    /// Notes a value of the wrong type.
    fn wrong_type(&mut self, value: &Value, name: &str, wanted: &str) {
        let found = value.get_ref().type_str();
        self.wrong(value.span(), &format!("{name} must be {wanted}; this is: {found}"), None);
    }

    /// Notes a key that means nothing; `what` is the beginning of the sentence.
    pub fn unknown(&mut self, key: &str, at: Range<usize>, what: &str, known: &[&str]) {
        let help = match nearest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.len() > 12 => "`failpath rules` lists them".to_owned(),
            None => format!("there are: {}", known.join(", ")),
        };
        self.wrong(at, &format!("{what} `{key}`"), Some(help));
    }

    /// A table.
    pub fn table<'t, 'v>(&mut self, value: &'t Value<'v>, name: &str) -> Option<&'t DeTable<'v>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(value, name, "a table");
        }
        table
    }

    /// A string.
    pub fn text(&mut self, value: &Value, name: &str) -> Option<String> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(value, name, "a string");
        }
        text.map(str::to_owned)
    }

    /// A whole number, not negative.
    pub fn number(&mut self, value: &Value, name: &str) -> Option<u32> {
        let number = value.get_ref().as_integer().filter(|number| number.radix() == 10);
        let number = number.and_then(|number| number.as_str().replace('_', "").parse().ok());
        if number.is_none() {
            self.wrong_type(value, name, "a whole number, not negative and below 4294967296");
        }
        number
    }

    /// One of a few names.
    pub fn choice<T: Copy>(&mut self, value: &Value, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = value.get_ref().as_str();
        let found = choices.iter().find(|(choice, _)| Some(*choice) == text);
        if found.is_none() {
            let names: Vec<&str> = choices.iter().map(|(choice, _)| *choice).collect();
            let near = text.and_then(|text| nearest(text, names.iter().copied()));
            let help = near.map(|near| format!("did you mean \"{near}\"?"));
            self.wrong(value.span(), &format!("{name} must be one of \"{}\"", names.join("\", \"")), help);
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// A list of strings; what is no string is left out.
    pub fn texts(&mut self, value: &Value, name: &str) -> Option<Vec<String>> {
        self.spanned_texts(value, name).map(|texts| texts.into_iter().map(|(text, _)| text).collect())
    }

    /// A list of globs, each of which compiles.
    pub fn globs(&mut self, value: &Value, name: &str) -> Option<Vec<String>> {
        let mut texts = self.spanned_texts(value, name)?;
        if texts.len() > limits::GLOBS {
            let message = format!("{name} holds {} globs, and {} are allowed", texts.len(), limits::GLOBS);
            self.wrong(value.span(), &message, None);
            texts.truncate(limits::GLOBS);
        }
        self.globs.extend(texts.iter().filter(|_| name != "own").cloned());
        for (text, at) in &texts {
            if let Err(error) = glob(text) {
                self.wrong(at.clone(), &format!("this is no glob: {error}"), Some(glob_help()));
            }
        }
        Some(texts.into_iter().map(|(text, _)| text).collect())
    }

    fn spanned_texts(&mut self, value: &Value, name: &str) -> Option<Vec<(String, Range<usize>)>> {
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(value, name, "a list of strings");
            return None;
        };
        let mut texts = Vec::new();
        for item in items {
            texts.extend(self.text(item, &format!("every entry of {name}")).map(|text| (text, item.span())));
        }
        Some(texts)
    }
}

fn glob_help() -> String {
    "`*` matches within a folder, `**` across folders, `{a,b}` either".to_owned()
}

fn glob(text: &str) -> Result<globset::Glob, String> {
    if text.len() > limits::GLOB_BYTES {
        return Err(format!("it is longer than {} bytes", limits::GLOB_BYTES));
    }
    GlobBuilder::new(text).literal_separator(true).build().map_err(|error| error.kind().to_string())
}

/// Compiles globs that were read before; those that do not compile have been reported.
pub(super) fn compile<'a>(globs: impl IntoIterator<Item = &'a String>) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    globs.into_iter().filter_map(|text| glob(text).ok()).for_each(|glob| {
        set.add(glob);
    });
    set.build().unwrap_or_default()
}
