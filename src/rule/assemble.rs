//! Makes findings of rows.
//!
//! In: the rows of a sentence at one site. Out: one [`Finding`]: the first row tells it, further rows
//! that end at other entries add labels and causes.

use super::anchor::anchor;
use super::compile::CompiledSentence;
use super::join::{Row, join};
use crate::finding::{Finding, Label, Place, Role, Severity};
use crate::program::route::End;
use crate::program::{At, FileId, FnKey, Program, Site, SiteKind};
use crate::syntax::print::{Paths, path};
use crate::syntax::{Expr, ExprId};
use crate::word::{Context, place, place_of};
use std::collections::BTreeMap;

/// The names of the functions of files, made when first asked for.
pub type Names = BTreeMap<FileId, Paths>;

/// A finding, and whether a bound was reached while its level was asked for.
pub struct Assembled {
    /// The finding.
    pub finding: Finding,
    /// Whether rows were left out.
    pub reached: bool,
}

/// The finding that these rows are, the first first; `None` without rows.
pub fn assemble(
    context: Context<'_>,
    names: &mut Names,
    rule: &str,
    sentence: &CompiledSentence,
    site: Site,
    rows: &[Row],
) -> Option<Assembled> {
    let program = context.program;
    let main = rows.first()?;
    let (severity, level, reached) = level(context, sentence, site, main);
    let parts: Vec<_> = main.parts.iter().chain(level.iter().flat_map(|row| &row.parts)).collect();
    // A change stands at the first of its files that the sentence is about.
    let of_change = || parts.iter().flat_map(|part| &part.others).find(|(_, other)| other.kind == SiteKind::File);
    let own = if site.kind == SiteKind::Change { of_change().map(|(_, other)| *other) } else { None };
    let primary = main.bound.primary.or(own).unwrap_or(site);
    let paths = names.entry(primary.file).or_insert_with(|| Paths::new(program.module(primary.file)));
    let function = paths.of(program.function_at(primary).function).to_owned();
    let find = |name: &str| {
        let mut captures = parts.iter().flat_map(|part| &part.captures);
        if let Some((_, text)) = captures.find(|(known, _)| known == name) {
            return Some(text.clone());
        }
        match name.rsplit_once('.') {
            Some((prefix, "callee")) => {
                let mut others = parts.iter().flat_map(|part| &part.others);
                others.find(|(known, _)| known == prefix).and_then(|(_, site)| callee(program, *site))
            }
            None if name == "callee" => callee(program, site),
            None if name == "function" => {
                Some(if function.is_empty() { "this module".to_owned() } else { function.clone() })
            }
            None if name == "path" => Some(program.file(primary.file).path.clone()),
            _ => None,
        }
    };
    let mut finding = Finding {
        rule: rule.to_owned(),
        severity,
        confidence: parts.iter().map(|part| part.confidence).fold(main.confidence, Ord::min),
        message: sentence.message.fill(find),
        help: sentence.help.fill(find),
        place: place(program, primary),
        anchor: anchor(program.text(primary.file, program.span(primary))),
        causes: main.bound.causes.clone(),
        labels: Vec::new(),
        trace: main.bound.trace.clone(),
        fix: sentence.fix.as_ref().map(|fix| fix.propose(program, site)).unwrap_or_default(),
        function: function.clone(),
    };
    for label in parts.iter().flat_map(|part| &part.labels) {
        // An entry label is another handler; the finding's own needs none at the same place.
        if label.role != Role::Entry || label.place != finding.place {
            add_label(&mut finding, label.clone());
        }
    }
    if primary != site && site.kind != SiteKind::Change && !finding.labels.iter().any(|label| label.role == Role::Cause)
    {
        let text = callee(program, site).map_or_else(|| site.kind.name().to_owned(), |callee| format!("`{callee}`"));
        add_label(&mut finding, Label { role: Role::Cause, place: place(program, site), text });
    }
    add_entries(program, &mut finding, rows);
    Some(Assembled { finding, reached })
}

/// The severity of the first level that holds, with the row that says so.
fn level(context: Context<'_>, sentence: &CompiledSentence, site: Site, main: &Row) -> (Severity, Option<Row>, bool) {
    let mut reached = false;
    for (when, severity) in &sentence.level {
        let joined = join(context, when, site, &main.bound, &[]);
        reached |= joined.reached;
        if let Some(row) = joined.rows.into_iter().next() {
            return (*severity, Some(row), reached);
        }
    }
    (sentence.severity, None, reached)
}

/// Adds a label for each further row that ends at an entry of its own, and the row's causes.
fn add_entries(program: &Program, finding: &mut Finding, rows: &[Row]) {
    let entry_of = |row: &Row| match row.bound.route.as_ref().map(|route| &route.end) {
        Some(End::Entry(entry, _)) => Some(entry.clone()),
        _ => None,
    };
    let mut seen: Vec<_> = rows.first().and_then(entry_of).into_iter().collect();
    for row in rows.iter().skip(1) {
        let Some(entry) = entry_of(row) else { continue };
        if seen.contains(&entry) {
            continue;
        }
        let own = row.parts.iter().flat_map(|part| &part.labels).filter(|label| label.role == Role::Entry);
        let own: Vec<_> = own.cloned().collect();
        if own.is_empty() {
            let place = match row.bound.primary {
                Some(primary) => place(program, primary),
                None => function_place(program, entry.handler),
            };
            let text = format!("`{}` fails with it too", entry.name);
            add_label(finding, Label { role: Role::Entry, place, text });
        }
        own.into_iter().for_each(|label| add_label(finding, label));
        finding.causes.extend(row.bound.causes.iter().cloned());
        seen.push(entry);
    }
    finding.causes.sort();
    finding.causes.dedup();
}

fn add_label(finding: &mut Finding, label: Label) {
    if !finding.labels.contains(&label) {
        finding.labels.push(label);
    }
}

fn function_place(program: &Program, function: FnKey) -> Place {
    place_of(program, function.file, program.module(function.file).function(function.function).head)
}

/// Adds to `finding` what `other` knows of the same thing.
pub fn unite(finding: &mut Finding, other: Finding) {
    finding.severity = finding.severity.max(other.severity);
    finding.confidence = finding.confidence.max(other.confidence);
    other.labels.into_iter().for_each(|label| add_label(finding, label));
    finding.causes.extend(other.causes);
    finding.causes.sort();
    finding.causes.dedup();
}

/// What a site calls, as messages name it.
pub fn callee(program: &Program, site: Site) -> Option<String> {
    let At::Expr(id) = site.at else { return None };
    let module = program.module(site.file);
    let mut id: ExprId = id;
    // Each step goes to a child, so this ends.
    let of = loop {
        match module.expr(id) {
            Expr::Await(inner) | Expr::Chain(inner) | Expr::OptionalLink(inner) => id = inner,
            Expr::Cast { value, .. } => id = value,
            Expr::Call { callee, .. } | Expr::New { callee, .. } => break callee,
            _ => break id,
        }
    };
    Some(path(module, of))
}
