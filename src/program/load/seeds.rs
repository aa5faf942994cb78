//! Seeds: what the changed files want of others because of what changes in them.
//!
//! In: the changed files with their hunks, lowered. Out: what the declarations want whose code the change
//! touches, or whose imports lead elsewhere, with the declarations of the file that use them. What the
//! rest of the file says is the same on both sides, whatever stands behind it.

use super::{Front, Loader, join};
use crate::change::{ChangedFile, RepoPath};
use crate::program::refs::{Wanted, split};
use crate::program::resolve::Resolved;
use crate::source::At;
use crate::syntax::{DirectiveKind, Module, same_code};
use crate::text::Span;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What the declarations of one file want that change.
#[derive(Default)]
struct Seeds {
    wanted: BTreeSet<Wanted>,
    /// Whether the file exports one of them on both sides.
    is_shown: bool,
}

impl Loader<'_> {
    /// What the changed files want of others, and whether others may want something of them that changes.
    pub(super) fn of_changed(&self) -> (Front, bool) {
        let by_path = |path_of: fn(&ChangedFile) -> Option<&str>| -> BTreeMap<&str, &ChangedFile> {
            self.how.changed.iter().filter_map(|file| Some((path_of(file)?, file))).collect()
        };
        let by_path = [by_path(ChangedFile::base_path), by_path(ChangedFile::head_path)];
        let places =
            [At::Base, At::Head].into_iter().flat_map(|at| self.modules.side(at).keys().map(move |path| (at, path)));
        let found: Vec<_> = places
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|(at, path)| {
                let file = by_path[at.index()].get(path.as_str()).copied();
                let Seeds { wanted, is_shown } = self.seeds(at, path, file);
                (self.wants(at, path, &wanted), is_shown)
            })
            .collect();
        let mut front = Front::new();
        let mut is_shown = false;
        for (wants, shows) in found {
            join(&mut front, wants);
            is_shown |= shows;
        }
        (front, is_shown)
    }

    /// What one side of a changed file wants.
    fn seeds(&self, at: At, path: &str, file: Option<&ChangedFile>) -> Seeds {
        let Some(module) = self.modules.side(at).get(path) else { return Seeds::default() };
        let walked = self.prepared.of(module);
        let other = if at == At::Base { At::Head } else { At::Base };
        let file = file.filter(|file| file.old_path.is_none() && !file.hunks.is_empty());
        let twin = self.modules.side(other).get(path).filter(|twin| directives(module) == directives(twin));
        let (Some(file), Some(twin)) = (file, twin) else {
            // Nobody imported what was not there.
            let is_shown = self.modules.side(other).contains_key(path);
            return Seeds { wanted: walked.refs().all(), is_shown };
        };
        let of_twin = self.prepared.of(twin);
        let known: BTreeSet<(Target<'_>, &str)> =
            of_twin.refs().each().map(|wanted| self.meaning(other, path, wanted)).collect();
        let differs = |wanted: &Wanted| !known.contains(&self.meaning(at, path, wanted));
        let mut touched = walked.refs().at(&self.touched(at, path, file));
        let texts = self.sources.side(at).get(path).zip(self.sources.side(other).get(path));
        let is_same = |one: usize| {
            let Some((text, twin)) = texts else { return false };
            let text = walked.refs().text(one, &text.text);
            let mut twins = of_twin.refs().twins(walked.refs(), one);
            twins.any(|other| same_code(&text, &of_twin.refs().text(other, &twin.text)))
        };
        touched.retain(|one| !is_same(*one));
        let names = walked.refs().names_with(touched.iter().copied());
        let is_shown = names.iter().any(|name| of_twin.refs().may_show(split(name).0));
        Seeds { wanted: walked.refs().around(touched, &differs), is_shown }
    }

    /// Where a wanted name is found, and the name.
    fn meaning<'w>(&'w self, at: At, path: &str, (specifier, name): &'w Wanted) -> (Target<'w>, &'w str) {
        let known = self.resolutions[at.index()].get(path).and_then(|of_file| of_file.get(specifier));
        let target = match known {
            Some(Resolved::File(path)) => Target::File(path),
            _ => Target::Else(specifier),
        };
        (target, name)
    }

    /// The places of one side that the hunks touch. Where lines are only taken away, both neighbours are.
    fn touched(&self, at: At, path: &str, file: &ChangedFile) -> Vec<Span> {
        let Some(source) = self.sources.side(at).get(path) else { return Vec::new() };
        let span = |(start, lines): (u32, u32)| {
            let (first, after) = if lines == 0 { (start, start + 2) } else { (start, start + lines) };
            let end = if after > source.lines.len() { source.text.len() as u32 } else { source.lines.start(after) };
            Span::new(source.lines.start(first).min(end), end)
        };
        let lines = file.hunks.iter().map(|hunk| match at {
            At::Base => (hunk.base_start, hunk.base_lines),
            At::Head => (hunk.head_start, hunk.head_lines),
        });
        lines.map(span).collect()
    }
}

/// Where a specifier leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target<'a> {
    File(&'a RepoPath),
    Else(&'a str),
}

/// What the prologues of a module say: whole files mean something else with another one.
fn directives(module: &Module) -> Vec<&str> {
    let said = module.directives.iter().filter_map(|directive| match directive.kind {
        DirectiveKind::Prologue(text) => Some(module.name(text)),
        DirectiveKind::Ignore(_) => None,
    });
    said.collect()
}
