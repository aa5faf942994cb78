//! Markup outside of JSX: elements in literal texts, and elements that a script makes and fills in.
//!
//! In: literals and assignments. Out: [`Element`]s with their attributes. This is no reader of HTML: it
//! finds start tags and their attributes, also in the halves of a template and behind escaped quotes.

use super::{At, ExprKey, FileId, Program, Site};
use crate::limits::MARKUP;
use crate::syntax::visit::Node;
use crate::syntax::{AssignOp, BindingId, Expr, ExprId, Module};
use crate::text::Span;

/// An element of markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its name, as written.
    pub name: String,
    /// Its attributes, as written; a value that is not literal is empty.
    pub attributes: Vec<(String, String)>,
    /// Its text, from `<` to `>`.
    pub at: Span,
}

impl Program {
    /// The elements in a literal text.
    pub fn elements_in_text(&self, file: FileId, literal: ExprId) -> Vec<Element> {
        let module = self.module(file);
        if !matches!(module.expr(literal), Expr::Text(_) | Expr::Template(_)) {
            return Vec::new();
        }
        let span = module.expr_span(literal);
        let text = self.text(file, span);
        if text.contains('<') && !has_fence(text) { elements(text, span.start) } else { Vec::new() }
    }

    /// The element that a site is, where it stands in a text or is made by a script.
    pub fn element_of_markup(&self, site: Site) -> Option<Element> {
        match site.at {
            At::Markup(literal, which) => self.elements_in_text(site.file, literal).into_iter().nth(usize::from(which)),
            At::Expr(assignment) => self.made_element(site.file, assignment),
            _ => None,
        }
    }

    /// For `x.src = ..` with `x` an element that `createElement` made: the element with all that is
    /// set of it.
    pub fn made_element(&self, file: FileId, assignment: ExprId) -> Option<Element> {
        let module = self.module(file);
        let (binding, _) = attribute(module, assignment)?;
        let made = self.value_of(file, binding)?;
        let Expr::Call { callee, args } = module.expr(made) else { return None };
        let Expr::Member { name, .. } = module.expr(callee) else { return None };
        let Expr::Text(tag) = module.expr(module.list(args).first()?.value) else { return None };
        if module.name(name) != "createElement" {
            return None;
        }
        let mut attributes = Vec::new();
        for read in self.file(file).facts.reads(binding) {
            attributes.extend(self.set_at(file, *read));
        }
        Some(Element { name: module.name(tag).to_owned(), attributes, at: module.expr_span(assignment) })
    }

    /// What is set of an element where its variable is read: `x.name = value`, `x.setAttribute(..)`.
    fn set_at(&self, file: FileId, read: ExprId) -> Option<(String, String)> {
        let module = self.module(file);
        let parents = &self.file(file).parents;
        let Some(Node::Expr(member)) = parents.of(Node::Expr(read)) else { return None };
        let Expr::Member { of, name } = module.expr(member) else { return None };
        let Some(Node::Expr(above)) = parents.of(Node::Expr(member)) else { return None };
        if of != read {
            return None;
        }
        match module.expr(above) {
            Expr::Assign { to, value, .. } if to == member => {
                Some((module.name(name).to_owned(), literal(module, value)))
            }
            Expr::Call { callee, .. } if callee == member && module.name(name) == "setAttribute" => {
                let [name, value] = self.args(ExprKey { file, expr: above }) else { return None };
                Some((literal(module, name.value), literal(module, value.value)))
            }
            _ => None,
        }
    }
}

/// The variable and the attribute of `x.attribute = ..`.
fn attribute(module: &Module, assignment: ExprId) -> Option<(BindingId, &str)> {
    let Expr::Assign { op: AssignOp::Set, to, .. } = module.expr(assignment) else { return None };
    let Expr::Member { of, name } = module.expr(to) else { return None };
    let Expr::Read(binding) = module.expr(of) else { return None };
    Some((binding, module.name(name)))
}

/// Whether an expression sets the address that an element loads from: such an assignment stands for the
/// element.
pub fn sets_address(module: &Module, assignment: ExprId) -> bool {
    attribute(module, assignment).is_some_and(|(_, name)| matches!(name, "src" | "href"))
}

/// A literal text, or the beginning of a template; nothing for other values.
fn literal(module: &Module, value: ExprId) -> String {
    match module.expr(value) {
        Expr::Text(text) => module.name(text).to_owned(),
        Expr::Template(id) => {
            let texts = module.list(module.templates[id.index()].texts);
            texts.first().map_or_else(String::new, |text| module.name(*text).to_owned())
        }
        _ => String::new(),
    }
}

/// Whether a text holds a fence of Markdown: the markup in it is shown to somebody, not served.
fn has_fence(text: &str) -> bool {
    text.contains("```") || text.contains(r"\`\`\`")
}

/// The elements in a text that begins at `from`.
fn elements(text: &str, from: u32) -> Vec<Element> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('<').map(|open| at + open) {
        at = open + 1;
        let name = word(&text[at..]);
        if name.is_empty() || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        at += name.len();
        let (attributes, length) = attributes(&text[at..]);
        at += length;
        let span = Span::new(from + open as u32, from + at as u32);
        found.push(Element { name: name.to_owned(), attributes, at: span });
        if found.len() >= MARKUP {
            break;
        }
    }
    found
}

/// The attributes up to the `>` that closes a start tag, and how many bytes that takes.
fn attributes(text: &str) -> (Vec<(String, String)>, usize) {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '>' => return (found, at + 1),
            // Another tag begins: this one was never closed.
            '<' => return (found, at),
            _ => {}
        }
        let name = word(&text[at..]);
        if name.is_empty() {
            at += c.len_utf8();
            continue;
        }
        at += name.len();
        let (value, length) = value(&text[at..]);
        at += length;
        found.push((name.to_owned(), value.to_owned()));
    }
    (found, at)
}

/// The value behind the name of an attribute, and how many bytes it takes: `= "x"`, `= 'x'`, `=x`.
fn value(text: &str) -> (&str, usize) {
    let trimmed = text.trim_start();
    let Some(rest) = trimmed.strip_prefix('=') else { return ("", 0) };
    let rest = rest.trim_start();
    let mut start = text.len() - rest.len();
    // A quote may be escaped, where the literal has the same.
    let escape = usize::from(rest.starts_with('\\'));
    let Some(quote) = rest[escape..].chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        let end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
        return (&rest[..end], start + end);
    };
    start += escape + 1;
    let inner = &rest[escape + 1..];
    let end = inner.find(quote).unwrap_or(inner.len());
    let value = inner[..end].strip_suffix('\\').unwrap_or(&inner[..end]);
    (value, (start + end + 1).min(text.len()))
}

fn word(text: &str) -> &str {
    let end =
        text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '_' | '.'))).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let one = |element: &Element| {
            let attributes: Vec<_> = element.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{}({})", element.name, attributes.join(","))
        };
        elements(text, 0).iter().map(one).collect()
    }

    #[test]
    fn start_tags_are_found_with_their_attributes() {
        assert_eq!(
            read("<p>a < b</p><script async src=\"https://a/b.js\"\n integrity='sha384-x' ></script>"),
            ["p()", "script(async=,src=https://a/b.js,integrity=sha384-x)"]
        );
        assert_eq!(read("<link rel=stylesheet href=${url}/>x"), ["link(rel=stylesheet,href=${url}/)"]);
        assert_eq!(read(r#"<script src=\"https://a\">"#), ["script(src=https://a)"]);
    }

    #[test]
    fn a_fence_shows_markup() {
        assert!(has_fence("Paste this:\n```html\n<script src=\"https://a\"></script>"));
        assert!(has_fence(r"`Paste this: \`\`\`html <script>`"));
        assert!(!has_fence("`<script>` and \\``"));
    }

    #[test]
    fn broken_markup_ends_somewhere() {
        assert_eq!(read("<script src=\"https://a"), ["script(src=https://a)"]);
        assert_eq!(read("<script src= <b ö>"), ["script(src=<b)"]);
        assert_eq!(read("<"), Vec::<String>::new());
        assert_eq!(read("1 < 2 <!-- <3"), Vec::<String>::new());
    }
}
