//! Candidates: which files import one of some names, told from outlines, without parsing them.
//!
//! In: names by file. Out: the paths of the files on head that import one. What a specifier may mean is
//! guessed from its last part (or from the aliases that lead anywhere), and then resolved exactly.

use super::Loader;
use super::alias::Aliases;
use crate::change::{RepoPath, file_name};
use crate::program::hop::package_of;
use crate::program::refs::{Names, split};
use crate::program::resolve::Resolved;
use crate::source::At;
use crate::syntax::outline::{Mention, Outline};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

const ENDINGS: [&str; 8] = [".js", ".ts", ".mjs", ".cjs", ".jsx", ".tsx", ".mts", ".cts"];

/// How specifiers may name some files.
struct Search<'n> {
    names: &'n Names,
    /// Last parts of specifiers.
    tails: FxHashSet<&'n str>,
    /// Packages whose specifiers may go on.
    packages: FxHashSet<&'n str>,
    /// All names that are looked for, without their members.
    bases: FxHashSet<&'n str>,
    aliases: &'n Aliases,
}

impl Loader<'_> {
    /// The files that are not loaded and import one of these names, sorted.
    pub(super) fn candidates(&mut self, names: &Names) -> Vec<RepoPath> {
        if names.is_empty() {
            return Vec::new();
        }
        self.outline_all();
        if self.aliases.is_none() {
            self.aliases = Some(Aliases::read(self.how.reader, At::Head));
        }
        let none = Aliases::default();
        let mut search = Search {
            names,
            tails: FxHashSet::default(),
            packages: FxHashSet::default(),
            bases: names.values().flatten().map(|name| split(name).0).collect(),
            aliases: self.aliases.as_ref().unwrap_or(&none),
        };
        for path in names.keys() {
            search.tails.extend(tails(path));
            for (package, place) in self.resolving.head.packages() {
                if place.is_empty() || path.starts_with(place) && path[place.len()..].starts_with('/') {
                    search.packages.insert(package);
                }
            }
        }
        let wanted = |path: &RepoPath| !self.modules.head.contains_key(path);
        let found =
            self.outlines.par_iter().filter(|(path, outline)| wanted(path) && self.imports(path, outline, &search));
        found.map(|(path, _)| path.clone()).collect()
    }

    /// Makes sure that the outline of every file of head is known.
    pub(super) fn outline_all(&mut self) {
        if !self.outlines.is_empty() {
            return;
        }
        let ahead = self.how.ahead;
        ahead.end();
        let paths = ahead.paths();
        self.counts.scanned = paths.len();
        let outlined = |path: &RepoPath| Some((path.clone(), ahead.outline(At::Head, path)?));
        let found: Vec<_> = paths.par_iter().filter_map(outlined).collect();
        self.outlines = found.into_iter().collect();
    }

    fn imports(&self, path: &str, outline: &Outline, search: &Search<'_>) -> bool {
        let importer = self.resolving.head.importer(path);
        let mut members = BTreeSet::new();
        let mut is_whole = false;
        for mention in outline.mentions().filter(|mention| search.may_be(*mention)) {
            let targets = if mention.from.is_empty() { None } else { Some(importer.resolve(mention.from)) };
            let known = match &targets {
                Some(Resolved::File(target)) => search.names.get(target),
                Some(Resolved::Outside | Resolved::Missing) => None,
                None => return true,
            };
            for (base, member) in known.into_iter().flatten().map(|name| split(name)) {
                let is_meant = mention.all || base == "export=" || mention.names().any(|name| name == base);
                match member {
                    _ if !is_meant => {}
                    Some(member) if !mention.all => _ = members.insert((base, member)),
                    _ => is_whole = true,
                }
            }
        }
        // Where only members differ, the text says one of them, or hands the whole on.
        is_whole || self.speaks_of(path, &members)
    }

    fn speaks_of(&self, path: &str, members: &BTreeSet<(&str, &str)>) -> bool {
        let speaks = |text: &[u8]| {
            let text = String::from_utf8_lossy(text);
            members.iter().any(|(base, member)| text.contains(member) || is_used_whole(&text, base))
        };
        !members.is_empty() && self.how.reader.glance(At::Head, path, speaks).unwrap_or(true)
    }
}

/// Whether a text has a name that it imports once more without a member behind it.
fn is_used_whole(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let whole = text.match_indices(name).filter(|(at, _)| {
        let rest = &text[at + name.len()..];
        // A specifier often has the name in it as well.
        let quoted = |c: char| is_part(c) || matches!(c, '/' | '"' | '\'' | '`');
        let is_name = !text[..*at].ends_with(quoted) && !rest.starts_with(quoted);
        is_name && !rest.trim_start().trim_start_matches('?').starts_with('.')
    });
    // What is imported under another name is looked for under that one.
    whole.take(2).count() > 1 || name == "default" || text.contains(&format!("{name} as "))
}

impl Search<'_> {
    fn may_be(&self, mention: Mention<'_>) -> bool {
        let from = mention.from;
        if from.is_empty() {
            return true;
        }
        let is_named =
            mention.all || self.bases.contains("export=") || mention.names().any(|name| self.bases.contains(name));
        if !is_named {
            return false;
        }
        let last = file_name(from);
        let bare = ENDINGS.iter().find_map(|ending| last.strip_suffix(ending));
        // `@acme` and `~acme` may be aliases of the folder `acme`.
        let plain = last.trim_start_matches(['@', '~', '#', '$']);
        self.tails.contains(last)
            || bare.is_some_and(|bare| self.tails.contains(bare))
            || self.tails.contains(plain)
            || package_of(from).is_some_and(|package| self.packages.contains(package))
            || self.aliases.may_be(from)
    }
}

/// How the last part of a specifier may name a file.
fn tails(path: &str) -> impl Iterator<Item = &str> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let longer = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let last = folder.rsplit_once('/').map_or(folder, |(_, last)| last);
    let of_folder: &[&str] = if stem == "index" { &[last, ".", "..", ""] } else { &[] };
    [stem, longer].into_iter().chain(of_folder.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_is_no_use() {
        let text = |rest: &str| format!("import {{ service }} from './service';\n{rest}");
        assert!(!is_used_whole(&text("service.find(); service?.find(); services()"), "service"));
        assert!(is_used_whole(&text("hand(service)"), "service"));
        assert!(is_used_whole("import { service as s } from './service'", "service"));
    }

    #[test]
    fn a_file_is_named_by_its_last_part() {
        let all = |path| tails(path).collect::<Vec<_>>();
        assert_eq!(all("a/b.service.ts"), ["b", "b.service"]);
        assert_eq!(all("a/b/index.ts"), ["index", "index", "b", ".", "..", ""]);
        assert_eq!(all("b.ts"), ["b", "b"]);
    }
}
