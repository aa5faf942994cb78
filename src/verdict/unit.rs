//! What is matched: a finding as far as one of its causes goes.
//!
//! In: the findings of a side, and what is known of its places. Out: [`Unit`]s and the texts that two
//! of them are compared by.

use super::place::Side;
use super::renamed::Names;
use crate::change::RepoPath;
use crate::finding::{Finding, Place, Role};
use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;

/// A finding with one of its causes. A finding without causes is one unit, too.
pub(super) struct Unit<'a> {
    /// Which finding of its side.
    pub of: usize,
    pub finding: &'a Finding,
    /// Empty where the finding has none.
    pub cause: &'a str,
    /// The unit of the other side that it is.
    pub partner: Option<usize>,
    code: OnceCell<String>,
    elsewhere: OnceCell<bool>,
}

/// The units of a side's findings, in the order of the findings.
pub(super) fn units<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<Unit<'a>> {
    let of_finding = |(of, finding): (usize, &'a Finding)| {
        let causes =
            if finding.causes.is_empty() { vec![""] } else { finding.causes.iter().map(String::as_str).collect() };
        causes.into_iter().map(move |cause| Unit {
            of,
            finding,
            cause,
            partner: None,
            code: OnceCell::new(),
            elsewhere: OnceCell::new(),
        })
    };
    findings.enumerate().flat_map(of_finding).collect()
}

/// One side, seen from the other.
pub(super) struct View<'a> {
    pub side: Side<'a>,
    /// Names that only this side has.
    pub names: Names<'a>,
    /// Whether texts are compared with marks for these names.
    pub marks: Cell<bool>,
    /// The files that only this side has, or that have another path on the other one (`Some`).
    pub paths: BTreeMap<&'a str, Option<&'a str>>,
    /// Whether this is base: paths are compared as they are on head.
    pub is_base: bool,
}

impl<'a> View<'a> {
    /// A path as it is on the other side.
    pub fn opposite(&self, path: &'a str) -> Option<&'a str> {
        self.paths.get(path).copied().unwrap_or(Some(path))
    }

    /// A text as it is compared.
    pub fn text(&self, text: &str) -> String {
        if self.marks.get() { self.names.mark(text) } else { text.to_owned() }
    }

    /// A path as it is on head, if it is there.
    pub fn path(&self, path: &'a str) -> &'a str {
        if self.is_base { self.opposite(path).unwrap_or(path) } else { path }
    }
}

impl<'a> Unit<'a> {
    pub fn path(&self) -> &'a RepoPath {
        &self.finding.place.path
    }

    /// The function, without the numbers of functions that have no name: they change with what stands
    /// before them.
    pub fn function(&self, view: &View) -> String {
        view.text(&without_numbers(&self.finding.function))
    }

    /// The code at its place without that of functions in it.
    pub fn code(&self, view: &View) -> String {
        view.text(self.raw_code(view))
    }

    /// The same as it is written.
    pub fn raw_code(&self, view: &View) -> &str {
        self.code.get_or_init(|| view.side.code_at(self.finding).unwrap_or_else(|| self.finding.anchor.clone()))
    }

    /// What its code calls or begins with.
    pub fn start(&self, view: &View) -> String {
        let code = self.code(view);
        code.split(['(', '{', '=']).next().unwrap_or_default().to_owned()
    }

    /// The cause.
    pub fn cause(&self, view: &View) -> String {
        view.text(self.cause)
    }

    /// Whether nothing like it stands at its place on the other side: the function is not there, or
    /// holds its code less often. Where the other side could not be analysed, nobody knows: no.
    pub fn is_elsewhere(&self, view: &View<'a>, other: &View<'a>) -> bool {
        *self.elsewhere.get_or_init(|| {
            let Some(path) = view.opposite(self.path()) else { return true };
            if !other.side.knows(path) {
                return false;
            }
            let (function, code) = (&self.finding.function, self.raw_code(view));
            let here = view.side.count(self.path(), function, code);
            !other.side.has(path, function) || other.side.count(path, function, code) < here
        })
    }

    /// Whether its function is on this side only.
    pub fn has_function_alone(&self, view: &View<'a>, other: &View<'a>) -> bool {
        view.opposite(self.path()).is_none_or(|path| !other.side.has(path, &self.finding.function))
    }

    /// The failing call: where it is not the place itself, a label names it.
    pub fn sink(&self, view: &View<'a>) -> (&'a str, String, String) {
        let cause = self.finding.labels.iter().find(|label| label.role == Role::Cause);
        let place: &'a Place = cause.map_or(&self.finding.place, |label| &label.place);
        let function = view.side.function_at(place).unwrap_or_default();
        let at = Finding { place: place.clone(), ..self.finding.clone() };
        let code = view.side.code_at(&at).unwrap_or_default();
        (view.path(&place.path), without_numbers(function), code)
    }
}

/// A function's path without the numbers of functions that have no name.
pub(super) fn without_numbers(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('#') {
        let digits = rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let end = at + 1 + digits;
        let is_number = digits > 0 && matches!(rest.as_bytes().get(end), None | Some(b'.'));
        out.push_str(&rest[..if is_number { at } else { end }]);
        rest = &rest[end..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_of_functions_go() {
        assert_eq!(without_numbers("app.message(\"a#1 b\")#12.then()#1"), "app.message(\"a#1 b\").then()");
        assert_eq!(without_numbers("A.#secret"), "A.#secret");
    }
}
