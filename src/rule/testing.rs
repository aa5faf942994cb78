//! A made-up vocabulary over tiny programs, for the tests of the engine.
//!
//! In: lines such as `handler: one() two()`, each a function with its calls. Out: programs, words about
//! them, and rules made of these words.

use super::compile::{CompiledRule, compile};
use super::error::PageError;
use super::knob::Knobs;
use super::page::{self, Page};
use super::read::read;
use super::sentence::Rule;
use crate::finding::{Confidence, Label, Role};
use crate::model::{Models, OnThrow};
use crate::program::route::{End, Entry, Route};
use crate::program::{At, FileId, FnKey, Program, Site, SiteKind};
use crate::source::Source;
use crate::syntax::visit::Node;
use crate::syntax::{Body, Builder, Dialect, Expr, ExprId, FnId, FnKind, Function, List, Module, Stmt};
use crate::text::Span;
use crate::word::{Answer, Ask, Binding, Bound, Context, Evidence, Parameter, Parameters, Values, Word, place};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A module whose functions are the lines of `text`.
fn module(text: &str) -> Module {
    let mut builder = Builder::new(Dialect::TypeScript);
    let empty = builder.stmt(Stmt::Block(List::EMPTY), Span::default());
    let function = |name, parent: Option<FnId>, body, at: Span| Function {
        name,
        kind: if parent.is_none() { FnKind::Module } else { FnKind::Declaration },
        is_async: false,
        is_generator: false,
        parent,
        class: None,
        params: Vec::new(),
        returns: None,
        body: Body::Block(body),
        decorators: Vec::new(),
        at,
        head: at,
    };
    builder.function(function(None, None, empty, Span::new(0, text.len() as u32)));
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let Some((name, calls)) = line.split_once(':') else {
            start += line.len();
            continue;
        };
        let at = Span::new(start as u32, (start + line.trim_end().len()) as u32);
        let mut stmts = Vec::new();
        let mut from = start + name.len() + 1;
        for call in calls.split_inclusive(' ') {
            let span = Span::new(from as u32, (from + call.trim_end().len()) as u32);
            from += call.len();
            let Some(callee) = call.trim().strip_suffix("()") else { continue };
            let callee_name = builder.name(callee);
            let of = builder.expr(Expr::Global(callee_name), Span::new(span.start, span.end - 2));
            let value = builder.expr(Expr::Call { callee: of, args: List::EMPTY }, span);
            stmts.push(builder.stmt(Stmt::Do(value), span));
        }
        let stmts = builder.list(stmts);
        let body = builder.stmt(Stmt::Block(stmts), at);
        let name = builder.name(name);
        builder.function(function(Some(name), Some(FnId(0)), body, at));
        start += line.len();
    }
    builder.module
}

/// A program of these files, sorted by path.
pub fn program(files: &[(&str, &str)]) -> Program {
    let files = files.iter().map(|(path, text)| {
        let source = Arc::new(Source::new(String::new(), (*text).to_owned()));
        ((*path).to_owned(), source, Arc::new(module(text)))
    });
    Program::new(files.collect(), Arc::new(Models::load(&[]).unwrap()), BTreeMap::new())
}

/// Calls and functions.
pub fn sites(program: &Program, file: FileId, kind: SiteKind) -> Vec<Site> {
    let module = program.module(file);
    let at: Vec<At> = match kind {
        SiteKind::Call => (0..module.exprs.len() as u32)
            .map(ExprId)
            .filter(|id| matches!(module.expr(*id), Expr::Call { .. }))
            .map(At::Expr)
            .collect(),
        SiteKind::Function => module.function_ids().skip(1).map(At::Function).collect(),
        _ => Vec::new(),
    };
    at.into_iter().map(|at| Site { file, at, kind }).collect()
}

fn name(program: &Program, site: Site) -> String {
    match site.at {
        At::Function(id) => {
            let module = program.module(site.file);
            module.function(id).name.map_or_else(String::new, |name| module.name(name).to_owned())
        }
        _ => program.text(site.file, program.span(site)).trim_end_matches("()").to_owned(),
    }
}

fn named(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let name = name(context.program, site);
    if !parameters.main().contains(&name) {
        return Answer::No(format!("it is called `{name}`").into());
    }
    let place = place(context.program, site);
    let label = Label { role: Role::Context, place, text: format!("`{name}` is here") };
    Answer::Yes(vec![Evidence::new(Confidence::High).capture("callee", name.to_uppercase()).label(label)])
}

fn in_file(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let path = &context.program.file(site.file).path;
    if parameters.main().contains(path) { Answer::plain(Confidence::High) } else { Answer::No("another path".into()) }
}

/// A route to each function whose name begins with `on`; those with `maybe` are less sure.
fn reaches(context: Context<'_>, _: Site, _: &Parameters, _: &Bound) -> Answer {
    let mut ways = Vec::new();
    for file in context.program.file_ids() {
        for site in sites(context.program, file, SiteKind::Function) {
            let (At::Function(function), name) = (site.at, name(context.program, site)) else { continue };
            if !name.starts_with("on") {
                continue;
            }
            let handler = FnKey { file, function };
            let (kind, on_throw) = ("event".to_owned(), OnThrow::Lost);
            let (name, wrappers) = (name.clone(), Vec::new());
            let entry = Entry {
                handler,
                kind,
                on_throw,
                name: name.clone(),
                by_name: false,
                wrappers,
                rank: 0,
                registered_at: None,
            };
            let route = Route { calls: Vec::new(), end: End::Entry(entry, on_throw) };
            let sure = if name.contains("maybe") { Confidence::Medium } else { Confidence::High };
            let mut evidence = Evidence::new(sure).capture("entry", name.clone());
            evidence.bound.route = Some(Arc::new(route));
            evidence.bound.causes = vec![format!("cause {name}")];
            ways.push(evidence);
        }
    }
    Answer::of(ways, "nothing listens")
}

fn ends(_: Context<'_>, _: Site, parameters: &Parameters, bound: &Bound) -> Answer {
    match bound.route.as_ref().map(|route| &route.end) {
        Some(End::Entry(entry, _)) if parameters.main().contains(&entry.name) => Answer::plain(Confidence::High),
        _ => Answer::No("it ends elsewhere".into()),
    }
}

fn many(_: Context<'_>, _: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let count: usize = parameters.get("count").first().and_then(|n| n.parse().ok()).unwrap_or(0);
    let way = |n: usize| {
        let mut evidence = Evidence::new(Confidence::High).capture("number", n.to_string());
        evidence.bound.secret = (!parameters.get("secret").is_empty()).then(|| n.to_string());
        evidence
    };
    Answer::of((0..count).map(way).collect(), "none wanted")
}

fn function_of(program: &Program, site: Site) -> FnId {
    match site.at {
        At::Expr(id) => program.file(site.file).parents.function(Node::Expr(id)),
        At::Function(id) => id,
        _ => FnId(0),
    }
}

fn beside(context: Context<'_>, site: Site, kind: SiteKind, _: &Parameters, _: &Bound) -> Vec<(Site, Evidence)> {
    let all = sites(context.program, site.file, kind).into_iter();
    let home = function_of(context.program, site);
    all.filter(|other| *other != site && function_of(context.program, *other) == home)
        .map(|other| (other, Evidence::new(Confidence::High).capture("side", "next")))
        .collect()
}

fn inside(context: Context<'_>, site: Site, kind: SiteKind, _: &Parameters, _: &Bound) -> Vec<(Site, Evidence)> {
    let home = function_of(context.program, site);
    let all = sites(context.program, site.file, kind).into_iter();
    all.filter(|other| other.at == At::Function(home)).map(|other| (other, Evidence::new(Confidence::Medium))).collect()
}

fn has(context: Context<'_>, site: Site, kind: SiteKind, _: &Parameters, _: &Bound) -> Vec<(Site, Evidence)> {
    let all = sites(context.program, site.file, kind).into_iter();
    all.filter(|other| site.at == At::Function(function_of(context.program, *other)))
        .map(|other| (other, Evidence::new(Confidence::High)))
        .collect()
}

const BOTH: &[SiteKind] = &[SiteKind::Call, SiteKind::Function];
const CALL: &[SiteKind] = &[SiteKind::Call];

const fn parameter(name: &'static str, values: Values, required: bool) -> Parameter {
    Parameter { name, values, required }
}

const fn word(name: &'static str, sites: &'static [SiteKind], cost: u8, ask: Ask) -> Word {
    Word { name, sites, parameters: &[], gives: &[], needs: &[], uses: &[], cost, upwards: true, ask }
}

/// The vocabulary.
pub static WORDS: &[Word] = &[
    word("beside", CALL, 2, Ask::Relation(beside)),
    Word {
        parameters: &[parameter("", Values::Glob, true)],
        needs: &[Binding::Route],
        ..word("ends", CALL, 1, Ask::Test(ends))
    },
    word("has", &[SiteKind::Function], 2, Ask::Relation(has)),
    Word { parameters: &[parameter("", Values::Path, true)], ..word("in-file", BOTH, 0, Ask::Test(in_file)) },
    word("inside", CALL, 2, Ask::Relation(inside)),
    Word {
        parameters: &[
            parameter("count", Values::Number, true),
            parameter("secret", Values::OneOf(&["true", "false"]), false),
        ],
        gives: &[Binding::Secret],
        ..word("many", BOTH, 3, Ask::Test(many))
    },
    Word { parameters: &[parameter("", Values::Glob, true)], ..word("named", BOTH, 1, Ask::Test(named)) },
    Word {
        parameters: &[parameter("", Values::OneOf(&["lost", "crash"]), true)],
        gives: &[Binding::Route],
        ..word("reaches", CALL, 5, Ask::Test(reaches))
    },
];

/// A page around these sentences.
pub fn page(sentences: &[&str]) -> Page {
    let fences: Vec<_> = sentences.iter().map(|text| format!("```toml rule\n{text}\n```\n\n")).collect();
    let fences = fences.concat();
    let text = format!(
        "# A title\n\nA summary.\n\n{fences}## Bad\n\n```diff a.ts\n+f: a() //~ a\n```\n\n## Good\n\n```diff a.ts\n+f: b()\n```\n"
    );
    page::parse("rules/made-up.md", &text).unwrap()
}

/// The rule of these sentences.
pub fn rule(sentences: &[&str]) -> Result<Rule, Vec<PageError>> {
    read(&page(sentences), WORDS)
}

/// The rule of one sentence that flags calls as errors, with these further lines.
pub fn compiled(rest: &str) -> CompiledRule {
    let text = format!("severity = \"error\"\nflags = \"call\"\nhelp = \"do it\"\n{rest}");
    compile(&rule(&[&text]).unwrap(), &Knobs::new()).unwrap()
}
