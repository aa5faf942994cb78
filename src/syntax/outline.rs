//! The outline of a text: what it imports and exports, and which names in capitals it says, found without parsing it.
//!
//! In: text. Out: [`Outline`]. Callers are looked for in thousands of files of which few are read; an
//! outline says which. It may name more than the file does (a comment that looks like an import), and
//! says so where it may name less ([`Outline::is_open`]).

use super::shouted::shouted;
use aho_corasick::packed::Searcher;
use aho_corasick::{AhoCorasick, Match};
use memchr::memchr;
use rustc_hash::FxHashSet;
use std::sync::OnceLock;

/// What a text imports and exports. One line for each: a letter, then names with commas between them,
/// then after a tab where they are from; imports first, because they are asked for most. Small, because one
/// is kept for every file of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline(Box<str>);

/// An import or a re-export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention<'o> {
    /// The specifier; empty where it is written in a way that hides it.
    pub from: &'o str,
    /// The names, as the other file calls them, with commas between them.
    names: &'o str,
    /// Whether any name of the other file may be meant.
    pub all: bool,
    /// Whether it is `export *`.
    pub star: bool,
}

impl<'o> Mention<'o> {
    /// The names, as the other file calls them.
    pub fn names(self) -> impl Iterator<Item = &'o str> {
        self.names.split(',').filter(|name| !name.is_empty())
    }
}

const SOME: char = 's';
const ALL: char = 'a';
const STAR: char = '*';
const SHOWN: char = 'x';
const OPEN: char = 'o';
const SHOUTED: char = 'c';
const NO_TEXT: char = 'n';

impl Outline {
    /// Reads a text.
    pub fn new(text: &[u8]) -> Self {
        let mut reading = Reading { text, at: 0, mentions: String::new(), others: String::new() };
        for hit in words(text) {
            let before = hit.start().checked_sub(1).map(|at| text[at]);
            if hit.start() < reading.at || before.is_some_and(|byte| is_word(byte) || byte == b'.' && hit.start() > 1) {
                // `module.exports` is an export all the same.
                if text.get(hit.end()) == Some(&b's') && !before.is_some_and(is_word) {
                    reading.line(OPEN, "", "");
                }
                continue;
            }
            reading.at = hit.end();
            let word = hit.pattern().as_usize();
            match text.get(hit.end()) {
                Some(b's') if word == 1 => reading.line(OPEN, "", ""),
                Some(byte) if is_word(*byte) => {}
                _ if word == 0 => reading.import(),
                _ if word == 1 => reading.export(),
                _ => reading.call(),
            }
        }
        match std::str::from_utf8(text) {
            Ok(text) if !text.contains('\0') => reading.capitals(text),
            _ => reading.line(NO_TEXT, "", ""),
        }
        Self((reading.mentions + &reading.others).into())
    }

    /// An outline as it was written by [`Outline::as_str`].
    pub fn of_text(text: &str) -> Self {
        Self(text.into())
    }

    /// The outline as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn lines(&self) -> impl Iterator<Item = (char, &str, &str)> {
        let mut rest: &str = &self.0;
        std::iter::from_fn(move || {
            loop {
                let end = memchr(b'\n', rest.as_bytes())?;
                let line = &rest[..end];
                rest = &rest[end + 1..];
                if let Some(tab) = memchr(b'\t', line.as_bytes()) {
                    let kind = line.chars().next()?;
                    return Some((kind, line.get(kind.len_utf8()..tab).unwrap_or_default(), &line[tab + 1..]));
                }
            }
        })
    }

    /// What is imported and re-exported.
    pub fn mentions(&self) -> impl Iterator<Item = Mention<'_>> {
        self.lines().take_while(|(kind, ..)| matches!(*kind, SOME | ALL | STAR)).map(|(kind, names, from)| Mention {
            from,
            names,
            all: kind != SOME || from.is_empty(),
            star: kind == STAR,
        })
    }

    /// The names in capitals that the text says; none if that cannot be told without decoding it.
    pub fn capitals(&self) -> Option<impl Iterator<Item = &str>> {
        let is_told = !self.lines().any(|(kind, ..)| kind == NO_TEXT);
        let said = self.lines().filter(|(kind, ..)| *kind == SHOUTED);
        is_told.then(|| said.flat_map(|(_, names, _)| names.split(',')).filter(|name| !name.is_empty()))
    }

    /// The exported names that are listed.
    pub fn shown(&self) -> impl Iterator<Item = &str> {
        let shown = self.lines().filter(|(kind, ..)| *kind == SHOWN);
        shown.flat_map(|(_, names, _)| names.split(',')).filter(|name| !name.is_empty())
    }

    /// Whether it may export names that are not listed.
    pub fn is_open(&self) -> bool {
        self.lines().any(|(kind, ..)| kind == OPEN)
    }

    /// Whether it exports this name, or may do so; those of its `export *` are not looked at.
    pub fn exports(&self, name: &str) -> bool {
        self.lines().any(|(kind, names, _)| match kind {
            OPEN => true,
            SHOWN => names.split(',').any(|own| own == name),
            _ => false,
        })
    }
}

/// Where a text has one of the words that imports and exports begin with.
fn words(text: &[u8]) -> Box<dyn Iterator<Item = Match> + '_> {
    const WORDS: [&str; 3] = ["import", "export", "require"];
    /// Looks for all at once with the machine's wide registers, where it has them.
    static FAST: OnceLock<Option<Searcher>> = OnceLock::new();
    static ANYWHERE: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    if let Some(fast) = FAST.get_or_init(|| Searcher::new(WORDS)) {
        return Box::new(fast.find_iter(text));
    }
    let words = ANYWHERE.get_or_init(|| AhoCorasick::new(WORDS).ok());
    Box::new(words.iter().flat_map(move |words| words.find_iter(text)))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..)
}

struct Reading<'t> {
    text: &'t [u8],
    at: usize,
    /// Lines about imports.
    mentions: String,
    others: String,
}

impl<'t> Reading<'t> {
    fn line(&mut self, kind: char, names: &str, from: &str) {
        // A specifier with a tab or the end of a line in it is no real one.
        let from = if from.contains(['\t', '\n', '\r', '\\']) { "" } else { from };
        let out = if matches!(kind, SOME | ALL | STAR) { &mut self.mentions } else { &mut self.others };
        out.push(kind);
        out.push_str(names);
        out.push('\t');
        out.push_str(from);
        out.push('\n');
    }

    fn capitals(&mut self, text: &str) {
        let (mut known, mut names) = (FxHashSet::default(), String::new());
        for name in shouted(text).filter(|name| known.insert(*name)) {
            names.push_str(name);
            names.push(',');
        }
        if !names.is_empty() {
            self.line(SHOUTED, &names, "");
        }
    }

    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    /// Passes blanks and comments.
    fn blanks(&mut self) {
        loop {
            match (self.peek(), self.text.get(self.at + 1)) {
                (b' ' | b'\t' | b'\r' | b'\n', _) => self.at += 1,
                (b'/', Some(b'/')) => {
                    let rest = &self.text[self.at..];
                    self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                }
                (b'/', Some(b'*')) => {
                    let rest = &self.text[self.at + 2..];
                    let end = rest.windows(2).position(|two| two == b"*/");
                    self.at += end.map_or(rest.len(), |end| end + 2) + 2;
                }
                _ => return,
            }
        }
    }

    /// A name, if there is one.
    fn word(&mut self) -> Option<&'t str> {
        self.blanks();
        let rest = &self.text[self.at.min(self.text.len())..];
        let end = rest.iter().position(|byte| !is_word(*byte)).unwrap_or(rest.len());
        self.at += end;
        std::str::from_utf8(&rest[..end]).ok().filter(|word| !word.is_empty())
    }

    fn takes(&mut self, wanted: &str) -> bool {
        let at = self.at;
        let is_there = self.word() == Some(wanted);
        if !is_there {
            self.at = at;
        }
        is_there
    }

    /// A specifier, if there is one.
    fn quoted(&mut self) -> Option<&'t str> {
        self.blanks();
        let quote = self.peek();
        if !matches!(quote, b'"' | b'\'' | b'`') {
            return None;
        }
        let rest = &self.text[self.at + 1..];
        let end = rest.iter().position(|byte| *byte == quote || *byte == b'\n')?;
        if rest[end] != quote {
            return None;
        }
        self.at += end + 2;
        std::str::from_utf8(&rest[..end]).ok()
    }

    /// `(` and a specifier.
    fn call(&mut self) {
        self.blanks();
        if self.peek() == b'(' {
            self.at += 1;
            if let Some(from) = self.quoted() {
                self.line(ALL, "", from);
            }
        }
    }

    /// What is between braces: the names as they are called outside of this file's own scope, and as
    /// they are called behind `as`.
    fn braces(&mut self) -> Option<(String, String)> {
        let (mut first, mut last) = (String::new(), String::new());
        self.at += 1;
        loop {
            self.blanks();
            match self.peek() {
                b'}' => {
                    self.at += 1;
                    return Some((first, last));
                }
                b',' => self.at += 1,
                _ => {
                    let mut names = Vec::new();
                    while let Some(word) = self.quoted().or_else(|| self.word()) {
                        names.push(word);
                    }
                    // `type a as b`, `type`, `a as b`
                    if names.len() % 2 == 0 && names.first() == Some(&"type") {
                        names.remove(0);
                    }
                    let one = names.first()?;
                    let other = if names.get(1) == Some(&"as") { names.get(2)? } else { one };
                    for (to, name) in [(&mut first, one), (&mut last, other)] {
                        if !name.contains([',', '\t', '\n']) {
                            to.push_str(name);
                            to.push(',');
                        }
                    }
                    self.blanks();
                    if !matches!(self.peek(), b',' | b'}') {
                        return None;
                    }
                }
            }
        }
    }

    fn import(&mut self) {
        self.blanks();
        if self.peek() == b'(' {
            return self.call();
        }
        if let Some(from) = self.quoted() {
            return self.line(SOME, "", from);
        }
        let (mut names, mut all) = (String::new(), false);
        let at = self.at;
        loop {
            self.blanks();
            match self.peek() {
                b'{' => match self.braces() {
                    Some((first, _)) => names.push_str(&first),
                    None => return,
                },
                b'*' => {
                    self.at += 1;
                    all = true;
                }
                b',' => self.at += 1,
                _ => match self.word() {
                    Some("from") => {
                        if let Some(from) = self.quoted() {
                            return self.line(if all { ALL } else { SOME }, &names, from);
                        }
                        names.push_str("default,");
                    }
                    Some("type" | "as" | "defer") => {}
                    Some(_) if all => {}
                    Some(_) => names.push_str("default,"),
                    // `import x = require("y")` is seen as the call, `import.meta` is none.
                    None => {
                        self.at = at;
                        return;
                    }
                },
            }
        }
    }

    fn export(&mut self) {
        self.blanks();
        match self.peek() {
            b'*' => {
                self.at += 1;
                let name = if self.takes("as") { self.quoted().or_else(|| self.word()) } else { None };
                if !self.takes("from") {
                    return;
                }
                let Some(from) = self.quoted() else { return };
                match name {
                    Some(name) => {
                        self.line(SHOWN, name, "");
                        self.line(ALL, "", from);
                    }
                    None => self.line(STAR, "", from),
                }
            }
            b'{' => self.list(),
            b'=' => self.line(OPEN, "", ""),
            _ => self.declaration(),
        }
    }

    fn list(&mut self) {
        let Some((first, last)) = self.braces() else { return self.line(OPEN, "", "") };
        self.line(SHOWN, &last, "");
        if self.takes("from")
            && let Some(from) = self.quoted()
        {
            self.line(SOME, &first, from);
        }
    }

    fn declaration(&mut self) {
        loop {
            let word = self.word();
            self.blanks();
            match (word, self.peek()) {
                (Some("default"), _) => return self.line(SHOWN, "default", ""),
                (Some("type"), b'{') => return self.list(),
                (Some("type"), b'*') => return self.export(),
                (Some("function"), b'*') => self.at += 1,
                (
                    Some(
                        "async" | "abstract" | "declare" | "function" | "class" | "interface" | "type" | "enum"
                        | "namespace" | "module",
                    ),
                    _,
                ) => {}
                // Patterns, and lists of variables, are not followed.
                (Some("const" | "let" | "var"), b'{' | b'[') => return self.line(OPEN, "", ""),
                (Some("let" | "var"), _) => return self.line(OPEN, "", ""),
                (Some("const"), _) => {}
                (Some(name), next) => {
                    self.line(SHOWN, name, "");
                    if next == b',' {
                        self.line(OPEN, "", "");
                    }
                    return;
                }
                (None, _) => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions(text: &str) -> Vec<(String, String)> {
        let outline = Outline::new(text.as_bytes());
        let kind = |one: &Mention| match (one.star, one.all) {
            (true, _) => "**".to_owned(),
            (_, true) => "*".to_owned(),
            _ => one.names().collect::<Vec<_>>().join(" "),
        };
        outline.mentions().map(|one| (one.from.to_owned(), kind(&one))).collect()
    }

    fn one(text: &str, from: &str, names: &str) {
        assert_eq!(mentions(text), [(from.to_owned(), names.to_owned())], "{text}");
    }

    #[test]
    fn imports_of_every_form_are_found() {
        one("import a from 'x'", "x", "default");
        one("import a, { b as c, type D } from \"x\"", "x", "default b D");
        one("import type { A } from './x.js';", "./x.js", "A");
        one("import {\n  a, // one\n  /* two */ b,\n} from 'x'", "x", "a b");
        one("import * as ns from 'x'", "x", "*");
        one("import 'x'", "x", "");
        one("const a = await import(/* name */ 'x')", "x", "*");
        one("const a = require('x')", "x", "*");
        one("import a = require('x')", "x", "*");
        one("import from from 'x'", "x", "default");
        one("export { a as b } from 'x'", "x", "a");
        one("export * from 'x'", "x", "**");
        one("export * as ns from 'x'", "x", "*");
        one("export type { A } from 'x'", "x", "A");
        one("import { a } from 'x\\u0041'", "", "*");
        assert_eq!(mentions("import.meta.env; reimport('x'); a.require; exportable(1)"), []);
    }

    #[test]
    fn exports_are_listed_or_said_to_be_open() {
        let text = "export const a = 1; export async function b() {}\nexport default class C {}\n\
            export { d as e, type F }; export type G = 1; export abstract class H {} export enum I {}\n\
            export interface J {} export function* k() {} export const enum L {}";
        let outline = Outline::new(text.as_bytes());
        assert!(!outline.is_open());
        for name in ["a", "b", "default", "e", "F", "G", "H", "I", "J", "k", "L"] {
            assert!(outline.exports(name), "{name}");
        }
        for name in ["C", "d", "as", "type", "const"] {
            assert!(!outline.exports(name), "{name}");
        }
        for text in ["export const { a } = b", "module.exports = a", "exports.a = b", "export = a", "export let a, b"] {
            assert!(Outline::new(text.as_bytes()).is_open(), "{text}");
        }
    }

    #[test]
    fn names_in_capitals_are_kept() {
        let said =
            |text: &[u8]| Outline::new(text).capitals().map(|names| names.map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(said(b"import a from 'x'; env.A_B + env.A_B + C_D"), Some(vec!["A_B".to_owned(), "C_D".to_owned()]));
        assert_eq!(said(b"a"), Some(vec![]));
        assert_eq!((said(b"A_B \xFF"), said(b"A_B\0")), (None, None));
    }

    #[test]
    fn broken_texts_end() {
        for text in ["import {", "export", "import { a as", "import '", "export { a b c d", "import /*", "export *"] {
            let _ = Outline::new(text.as_bytes());
        }
        assert_eq!(Outline::of_text("nonsense").mentions().count(), 0);
    }
}
