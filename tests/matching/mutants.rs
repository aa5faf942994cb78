//! Mutations: one edit each, of the kind that passes review. Where a comment in the corpus says that an
//! edit there is a defect, it must be new, and fixed when it is taken back; every other edit of these
//! kinds is none, and nothing may be said of it.

use crate::judged::{Files, files, said};
use crate::transforms::module;
use failpath::syntax::{Expr, Module, Stmt, StmtId};
use failpath::text::Span;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The share of defects that must be found, of a hundred.
const FOUND: usize = 85;

const CORPUS: [(&str, &str); 8] = [
    ("src/slack.ts", include_str!("corpus/slack.ts")),
    ("src/discord.ts", include_str!("corpus/discord.ts")),
    ("app/api/items/route.ts", include_str!("corpus/items.ts")),
    ("app/api/teams/route.ts", include_str!("corpus/teams.ts")),
    ("app/api/hooks/route.ts", include_str!("corpus/hooks.ts")),
    ("src/express.ts", include_str!("corpus/express.ts")),
    ("src/guards.ts", include_str!("corpus/guards.ts")),
    ("src/loads.ts", include_str!("corpus/loads.ts")),
];

/// One edit.
struct Mutant {
    path: &'static str,
    kind: &'static str,
    line: usize,
    is_defect: bool,
    head: Files,
}

type Edits = Vec<(Span, String)>;

/// Where a kind of edit applies, and what it puts there.
type Kind = (&'static str, fn(&str, &Module) -> Edits);

const KINDS: [Kind; 6] = [
    ("delete-try", deleted_tries),
    ("drop-else", dropped_elses),
    ("throw-to-return", returned_throws),
    ("drop-await", dropped_awaits),
    ("drop-guard", dropped_guards),
    ("combine", combined),
];

fn statements(module: &Module) -> impl Iterator<Item = (StmtId, Stmt, Span)> {
    (0..module.stmts.len() as u32).map(StmtId).map(|id| (id, module.stmt(id), module.stmt_span(id)))
}

/// What a block holds.
fn inside<'t>(text: &'t str, module: &Module, block: StmtId) -> &'t str {
    let whole = module.stmt_span(block).of(text);
    whole.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(whole)
}

fn deleted_tries(text: &str, module: &Module) -> Edits {
    let body = |(_, stmt, at)| match stmt {
        Stmt::Try { body, catch: Some(_), .. } => Some((at, inside(text, module, body).to_owned())),
        _ => None,
    };
    statements(module).filter_map(body).collect()
}

fn rejects(text: &str) -> bool {
    ["throw ", "return false", "status: 4", "status: 5", "status(4", "status(5"].iter().any(|part| text.contains(part))
}

fn dropped_elses(text: &str, module: &Module) -> Edits {
    let other = |(_, stmt, _)| match stmt {
        Stmt::If { yes, no: Some(no), .. } if rejects(module.stmt_span(no).of(text)) => {
            Some((Span::new(module.stmt_span(yes).end, module.stmt_span(no).end), String::new()))
        }
        _ => None,
    };
    statements(module).filter_map(other).collect()
}

fn returned_throws(_: &str, module: &Module) -> Edits {
    let throws = statements(module).filter(|(_, stmt, _)| matches!(stmt, Stmt::Throw(_)));
    throws.map(|(_, _, at)| (at, "return false;".to_owned())).collect()
}

/// Of calls alone in their statement, and of what is returned.
fn dropped_awaits(text: &str, module: &Module) -> Edits {
    let awaited = |(_, stmt, _)| match stmt {
        Stmt::Do(value) | Stmt::Return(Some(value)) => match module.expr(value) {
            Expr::Await(call) => Some((module.expr_span(value), module.expr_span(call).of(text).to_owned())),
            _ => None,
        },
        _ => None,
    };
    statements(module).filter_map(awaited).collect()
}

/// `if (!secret) reject`.
fn dropped_guards(text: &str, module: &Module) -> Edits {
    let guard = |(_, stmt, at)| match stmt {
        Stmt::If { test, yes, no: None } => {
            let is_unset = matches!(module.expr(test), Expr::Not(value) if matches!(module.expr(value), Expr::Read(_)));
            (is_unset && rejects(module.stmt_span(yes).of(text))).then(|| (at, String::new()))
        }
        _ => None,
    };
    statements(module).filter_map(guard).collect()
}

/// Two awaits in a row, of which the first keeps others out, made into one.
fn combined(text: &str, module: &Module) -> Edits {
    let lets: BTreeMap<u32, Span> = statements(module)
        .filter(|(_, stmt, _)| matches!(stmt, Stmt::Let { .. }))
        .map(|(_, _, at)| (at.start, at))
        .collect();
    let parts = |at: &Span| -> Option<(String, String)> {
        let (name, value) = at.of(text).strip_prefix("const ")?.split_once(" = await ")?;
        Some((name.to_owned(), value.trim_end_matches(';').to_owned()))
    };
    let pair = |(first, second): (&Span, &Span)| {
        let is_next = text[first.end as usize..second.start as usize].trim_start_matches(';').trim_start().is_empty();
        let ((name, auth), (other, work)) = (parts(first)?, parts(second)?);
        let is_check = ["require", "ensure", "assert"].iter().any(|start| auth.starts_with(start));
        let text = format!("const [{name}, {other}] = await Promise.all([{auth}, {work}]);");
        (is_next && is_check && !work.contains(&name)).then_some((Span::new(first.start, second.end), text))
    };
    lets.values().zip(lets.values().skip(1)).filter_map(pair).collect()
}

/// The corpus as it is, without the remarks.
fn sound() -> Files {
    files(CORPUS).into_iter().map(|(path, text)| (path, without_remarks(&text))).collect()
}

fn without_remarks(text: &str) -> String {
    text.lines().flat_map(|line| [line.split(" // defect:").next().unwrap_or(line), "\n"]).collect()
}

fn mutants() -> Vec<Mutant> {
    let base = sound();
    let mut all = Vec::new();
    for (path, remarked) in CORPUS {
        let text = &base[path];
        let module = module(path, text).expect("the corpus is TypeScript");
        for (kind, edits) in KINDS {
            for (at, new) in edits(text, &module) {
                let line = text[..at.start as usize].matches('\n').count() + 1;
                let remark = remarked.lines().nth(line - 1).unwrap_or("");
                let is_defect = remark.split_once(" // defect:").is_some_and(|(_, kinds)| kinds.contains(kind));
                let mut head = base.clone();
                let mut changed = text.clone();
                changed.replace_range(at.start as usize..at.end as usize, &new);
                head.insert(path.to_owned(), changed);
                all.push(Mutant { path, kind, line, is_defect, head });
            }
        }
    }
    all
}

#[test]
fn the_corpus_is_sound() {
    let found = said(&Files::new(), &sound());
    assert!(found.new.is_empty(), "{:#?}", found.new);
    let defects: usize = CORPUS.iter().map(|(_, text)| text.matches(" // defect:").count()).sum();
    let used = mutants().iter().filter(|mutant| mutant.is_defect).count();
    assert!(used >= defects, "{used} of {defects} remarks are used");
}

#[test]
fn defects_are_new_and_their_repair_is_fixed() {
    let base = sound();
    let all = mutants();
    let judged: Vec<_> = all.par_iter().map(|mutant| (said(&base, &mutant.head), said(&mutant.head, &base))).collect();
    let mut found: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    for (Mutant { path, kind, line, is_defect, .. }, (there, back)) in all.iter().zip(&judged) {
        let at = format!("{kind} at {path}:{line}");
        if *is_defect {
            let of_kind = found.entry(kind).or_default();
            of_kind[0] += 1;
            of_kind[1] += usize::from(!there.new.is_empty());
            of_kind[2] += usize::from(back.fixed > 0 && back.new.is_empty());
            if there.new.is_empty() || back.fixed == 0 {
                missed.push(format!("{at}: {there:?} {back:?}"));
            }
        } else if !there.new.is_empty() {
            wrong.push(format!("{at}: {:?}", there.new));
        }
    }
    let sum = found.values().fold([0; 3], |sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]]);
    let told =
        format!("defects, new, fixed by kind: {found:?}\nmissed:\n{}\nfalse:\n{}", missed.join("\n"), wrong.join("\n"));
    assert!(sum[1] * 100 >= FOUND * sum[0] && sum[2] * 100 >= FOUND * sum[0], "{told}");
    assert!(wrong.is_empty(), "{told}");
}
