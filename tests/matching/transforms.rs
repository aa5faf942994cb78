//! Changes that leave the meaning of a file alone.

use failpath::syntax::typescript::lower;
use failpath::syntax::{Body, Dialect, Expr, FnKind, Module};
use failpath::text::Span;

/// A change of one file's text; the same text where it does not apply.
pub type Transform = fn(&str, &Module) -> String;

pub const TRANSFORMS: [(&str, Transform); 7] = [
    ("one argument per line", one_argument_per_line),
    ("other quotes", other_quotes),
    ("indented further, with other line ends", indented),
    ("comments", comments),
    ("functions in another order", reordered),
    ("bodies in blocks", blocks),
    ("functions and classes renamed", renamed),
];

pub fn module(path: &str, text: &str) -> Option<Module> {
    lower(text, Dialect::of_path(path)?).ok().filter(|module| module.lost.is_empty())
}

/// Puts texts into another one, each at its place.
fn with(text: &str, mut more: Vec<(u32, &str)>) -> String {
    more.sort_by_key(|(at, _)| *at);
    let mut out = text.to_owned();
    more.into_iter().rev().for_each(|(at, piece)| out.insert_str(at as usize, piece));
    out
}

fn one_argument_per_line(text: &str, module: &Module) -> String {
    let calls = module.exprs.iter().filter_map(|expr| match *expr {
        Expr::Call { args, .. } | Expr::New { args, .. } => Some(args),
        _ => None,
    });
    let args = calls.flat_map(|args| module.list(args)).map(|arg| module.expr_span(arg.value).start);
    // `...rest` and tagged templates: what stands before must be a bracket or a comma.
    let starts = args.filter(|at| text[..*at as usize].trim_end().ends_with(['(', ',']));
    with(text, starts.map(|at| (at, "\n\t\t\t")).collect())
}

fn other_quotes(text: &str, module: &Module) -> String {
    let mut out = text.to_owned();
    for (expr, at) in module.exprs.iter().zip(&module.expr_at) {
        let written = at.of(text);
        let inner = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        if let (Expr::Text(_), Some(inner)) = (expr, inner)
            && !inner.contains(['\'', '\\', '"'])
        {
            out.replace_range(at.start as usize..at.end as usize, &format!("'{inner}'"));
        }
    }
    out
}

fn indented(text: &str, _: &Module) -> String {
    // The lines of a template are its content.
    let start = if text.contains('`') { "" } else { "\t" };
    text.split_inclusive('\n').flat_map(|line| [start, line.trim_end_matches('\n'), "\r\n"]).collect()
}

fn comments(text: &str, module: &Module) -> String {
    let starts = module.stmt_at.iter().filter(|at| at.start < at.end).map(|at| at.start);
    let starts: std::collections::BTreeSet<u32> = starts.collect();
    with(text, starts.into_iter().map(|at| (at, "/* catch (error) { return } */ ")).collect())
}

/// Functions at the top of a file, whole lines.
fn declared(text: &str, module: &Module) -> Vec<Span> {
    let of_module = module.functions.iter().filter(|function| {
        function.kind == FnKind::Declaration
            && function.parent == Some(failpath::syntax::FnId(0))
            && function.body != Body::None
    });
    let line = |at: Span| {
        let start = text[..at.start as usize].rfind('\n').map_or(0, |end| end + 1);
        let is_whole = text[start..].starts_with(['f', 'a', 'e']) && text[at.end as usize..].starts_with('\n');
        is_whole.then(|| Span::new(start as u32, at.end))
    };
    of_module.filter_map(|function| line(function.at)).collect()
}

fn reordered(text: &str, module: &Module) -> String {
    let spans = declared(text, module);
    let [first, .., last] = spans[..] else { return text.to_owned() };
    let (head, tail) = (&text[..first.start as usize], &text[last.end as usize..]);
    let between = Span::new(first.end, last.start).of(text);
    format!("{head}{}{between}{}{tail}", last.of(text), first.of(text))
}

fn blocks(text: &str, module: &Module) -> String {
    let mut more = Vec::new();
    for function in module.functions.iter().filter(|function| function.parent.is_some()) {
        let Body::Block(body) = function.body else { continue };
        let at = module.stmt_span(body);
        // A directive counts at the start of a body only.
        if at.of(text).starts_with('{') && !at.of(text)[1..].trim_start().starts_with("\"use ") {
            more.extend([(at.start + 1, " {"), (at.end - 1, "} ")]);
        }
    }
    with(text, more)
}

/// Names that a framework looks for.
const CONVENTIONS: [&str; 8] = ["GET", "POST", "PUT", "PATCH", "DELETE", "middleware", "handler", "default"];

fn renamed(text: &str, module: &Module) -> String {
    let functions = module.functions.iter().filter(|function| function.kind == FnKind::Declaration);
    let names =
        functions.filter_map(|function| function.name).chain(module.classes.iter().filter_map(|class| class.name));
    // What other files import keeps its name.
    let exported =
        |name: &str| module.exports.iter().any(|export| export.name.is_some_and(|own| module.name(own) == name));
    let names: std::collections::BTreeSet<&str> =
        names.map(|name| module.name(name)).filter(|name| !CONVENTIONS.contains(name) && !exported(name)).collect();
    names.into_iter().fold(text.to_owned(), |text, name| rename(&text, name))
}

/// Puts a word into a name. The first and the last word stay: names that say what a function does are
/// read where nothing else tells.
fn other_name(name: &str) -> String {
    let last = name.rfind(char::is_uppercase).filter(|at| *at > 0).unwrap_or(name.len());
    format!("{}Anew{}", &name[..last], &name[last..])
}

fn rename(text: &str, name: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let is_whole =
            !before.ends_with(|c| is_part(c) || c == '.' || c == '"') && !after.starts_with(|c| is_part(c) || c == ':');
        out.push_str(before);
        out.push_str(&if is_whole { other_name(name) } else { name.to_owned() });
        rest = after;
    }
    out + rest
}
