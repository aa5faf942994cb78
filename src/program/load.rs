//! Loading: which files besides the changed ones have to be read to judge a change.
//!
//! In: the changed files and the two sides. Out: more files of both sides, the same paths on each.
//! Outwards, a file is read if a declaration that matters uses a name of it. Inwards, a file is read
//! if it uses a name behind which something differs between the sides; where nothing that callers
//! could notice differs, nobody is asked for. Files come in waves, sorted by path, up to a bound.

use super::Program;
use super::links::{Resolutions, resolve_all};
use super::refs::{Names, Refs, Wanted};
use super::resolve::{Resolved, Resolver};
use super::taint;
use crate::change::RepoPath;
use crate::git::Reader;
use crate::limits::{LOADED, Reached, WAVES};
use crate::source::{At, NotAnalysed, Sources};
use crate::syntax::Module;
use crate::syntax::load::{self, Modules};
use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What was loaded, and how the files of both sides are linked.
#[derive(Debug)]
pub struct Loaded {
    /// The texts of both sides.
    pub sources: Sources,
    /// Their lowered forms.
    pub modules: Modules,
    /// How base is linked.
    pub base: Linking,
    /// How head is linked.
    pub head: Linking,
    /// Bounds that were reached.
    pub limits: Vec<Reached>,
    /// Files that were read besides the changed ones.
    pub more: usize,
    /// Files that were looked through for names.
    pub scanned: usize,
    /// Files that were lowered because they might use a name.
    pub tried: usize,
    /// Both sides, where loading ended with building them.
    pub built: Option<(Program, Program)>,
}

/// Where the specifiers of one side lead.
#[derive(Debug)]
pub struct Linking {
    /// By path and specifier.
    pub resolutions: Resolutions,
    /// The scopes of the project's own packages.
    pub scopes: BTreeSet<String>,
    /// Settings that could not be used as they are.
    pub not_analysed: Vec<NotAnalysed>,
}

/// Builds one side of what is loaded so far.
pub type Build<'a> = &'a (dyn Fn(At, &Sources, &Modules, &Resolutions, &BTreeSet<String>) -> Program + Sync);

/// A file is looked at on one side for some of its names; the empty name stands for all.
type Front = BTreeMap<(At, RepoPath), BTreeSet<String>>;

struct Loader<'a> {
    reader: &'a Reader,
    wanted: &'a (dyn Fn(&str) -> bool + Sync),
    base: Resolver,
    head: Resolver,
    sources: Sources,
    modules: Modules,
    resolutions: [Resolutions; 2],
    asked: Front,
    more: BTreeSet<RepoPath>,
    full: bool,
    scanned: usize,
    /// Files that were lowered because they might use a name.
    tried: BTreeMap<RepoPath, Arc<Module>>,
    /// Both sides, if nothing was loaded since they were built.
    built: Option<(Program, Program)>,
}

/// Loads what the change needs besides its own files. With everything at hand (`all`), links it only.
pub fn load(
    reader: &Reader,
    sources: Sources,
    modules: Modules,
    all: bool,
    wanted: &(dyn Fn(&str) -> bool + Sync),
    build: Build<'_>,
) -> Loaded {
    let (base, head) = rayon::join(|| Resolver::new(reader, At::Base), || Resolver::new(reader, At::Head));
    let resolutions = [resolve_all(&base, &modules.base), resolve_all(&head, &modules.head)];
    let mut loader = Loader {
        reader,
        wanted,
        base,
        head,
        sources,
        modules,
        resolutions,
        asked: Front::new(),
        more: BTreeSet::new(),
        full: false,
        scanned: 0,
        tried: BTreeMap::new(),
        built: None,
    };
    let mut waves = 0;
    if !all {
        loader.outwards(loader.of_changed());
        while waves < WAVES && loader.inwards(build) {
            waves += 1;
        }
    }
    loader.finish(waves)
}

fn index(at: At) -> usize {
    usize::from(at == At::Head)
}

impl Loader<'_> {
    fn finish(self, waves: usize) -> Loaded {
        let mut limits = Vec::new();
        if self.full || waves >= WAVES {
            let text = format!(
                "following the change would take more than {LOADED} files or {WAVES} steps; callers and callees beyond \
                 them were left out"
            );
            limits.push(Reached { name: "loaded".to_owned(), text });
        }
        let linking = |resolver: &Resolver, resolutions| Linking {
            resolutions,
            scopes: resolver.scopes().clone(),
            not_analysed: resolver.not_analysed(),
        };
        let [base, head] = self.resolutions;
        Loaded {
            base: linking(&self.base, base),
            head: linking(&self.head, head),
            sources: self.sources,
            modules: self.modules,
            limits,
            more: self.more.len(),
            scanned: self.scanned,
            tried: self.tried.len(),
            built: self.built,
        }
    }

    fn modules(&self, at: At) -> &BTreeMap<RepoPath, Arc<Module>> {
        match at {
            At::Base => &self.modules.base,
            At::Head => &self.modules.head,
        }
    }

    fn resolver(&self, at: At) -> &Resolver {
        match at {
            At::Base => &self.base,
            At::Head => &self.head,
        }
    }

    /// What the changed files want of others: everything that they use.
    fn of_changed(&self) -> Front {
        let mut front = Front::new();
        for at in [At::Base, At::Head] {
            for (path, module) in self.modules(at) {
                self.want(at, path, Refs::new(module).all(), &mut front);
            }
        }
        front
    }

    /// Adds the files behind what a file wants.
    fn want(&self, at: At, from: &str, wanted: BTreeSet<Wanted>, front: &mut Front) {
        for (specifier, name) in wanted {
            let known = self.resolutions[index(at)].get(from).and_then(|of_file| of_file.get(&specifier));
            if let Some(Resolved::File(path)) = known
                && (self.wanted)(path)
            {
                front.entry((at, path.clone())).or_default().insert(name);
            }
        }
    }

    /// Reads what is wanted, and what that wants, until nothing is missing.
    fn outwards(&mut self, mut front: Front) {
        while !front.is_empty() {
            let mut fresh = Front::new();
            for ((at, path), names) in front {
                let asked = self.asked.entry((at, path.clone())).or_default();
                let new: BTreeSet<String> = names.into_iter().filter(|name| asked.insert(name.clone())).collect();
                if !new.is_empty() {
                    fresh.insert((at, path), new);
                }
            }
            self.read(
                fresh
                    .iter()
                    .filter(|((at, path), names)| self.may_hold(*at, path, names))
                    .map(|((_, path), _)| path.clone())
                    .collect(),
            );
            front = Front::new();
            let mut next = Front::new();
            for ((at, path), names) in &fresh {
                let Some(module) = self.modules(*at).get(path) else { continue };
                let refs = Refs::new(module);
                for name in names {
                    self.want(*at, path, refs.behind(name), &mut next);
                }
            }
            front.extend(next);
        }
    }

    /// Whether a file can say anything about these names: of many files behind a barrel, few do.
    fn may_hold(&self, at: At, path: &str, names: &BTreeSet<String>) -> bool {
        if self.modules(at).contains_key(path) || names.contains("") || names.contains("default") {
            return true;
        }
        let Some(text) = self.reader.glance(at, path) else { return true };
        let text = String::from_utf8_lossy(&text);
        let hands_on = text.contains("export *") || text.contains("exports");
        hands_on || names.iter().any(|name| text.contains(name.as_str()))
    }

    /// Reads files on both sides, as many as fit, by path.
    fn read(&mut self, paths: BTreeSet<RepoPath>) {
        let known = |path: &RepoPath| self.modules.base.contains_key(path) || self.modules.head.contains_key(path);
        let unread = |path: &RepoPath| {
            let gaps = self.sources.head_skipped.iter().chain(&self.sources.base_skipped);
            gaps.chain(&self.modules.head_lost).any(|gap| gap.path == *path)
        };
        let mut paths: Vec<RepoPath> =
            paths.into_iter().filter(|path| !known(path) && !unread(path) && !self.more.contains(path)).collect();
        let room = LOADED.saturating_sub(self.more.len());
        if paths.len() > room {
            self.full = true;
            paths.truncate(room);
        }
        let mut sources = Sources::default();
        let asked: Vec<(At, &RepoPath)> = paths.iter().flat_map(|path| [(At::Base, path), (At::Head, path)]).collect();
        let asked: Vec<_> = asked.into_iter().filter(|(at, path)| self.reader.exists(*at, path)).collect();
        let read: Vec<_> = asked.into_par_iter().map(|(at, path)| (at, path, self.reader.read(at, path))).collect();
        for (at, path, read) in read {
            match (at, read) {
                (At::Base, Ok(source)) => _ = sources.base.insert(path.clone(), source),
                (At::Head, Ok(source)) => _ = sources.head.insert(path.clone(), source),
                (At::Base, Err(why)) => sources.base_skipped.push(NotAnalysed::whole(path.clone(), &why)),
                (At::Head, Err(why)) => sources.head_skipped.push(NotAnalysed::whole(path.clone(), &why)),
            }
        }
        self.more.extend(paths);
        self.take(sources);
    }

    fn take(&mut self, sources: Sources) {
        let modules = load::load(&sources);
        self.resolutions[0].extend(resolve_all(&self.base, &modules.base));
        self.resolutions[1].extend(resolve_all(&self.head, &modules.head));
        self.sources.base.extend(sources.base);
        self.sources.head.extend(sources.head);
        self.sources.base_skipped.extend(sources.base_skipped);
        self.sources.head_skipped.extend(sources.head_skipped);
        self.modules.base.extend(modules.base);
        self.modules.head.extend(modules.head);
        self.modules.base_lost.extend(modules.base_lost);
        self.modules.head_lost.extend(modules.head_lost);
    }

    /// Reads the files that use a name behind which something differs; whether there were any.
    fn inwards(&mut self, build: Build<'_>) -> bool {
        let side =
            |at: At| build(at, &self.sources, &self.modules, &self.resolutions[index(at)], self.resolver(at).scopes());
        let (base, head) = rayon::join(|| side(At::Base), || side(At::Head));
        let names = self.handed_on(taint::names(&base, &head));
        let before = self.more.len();
        let users = self.users(names);
        let paths = users.keys().cloned().collect();
        self.read(paths);
        let mut front = Front::new();
        for (path, wanted) in users {
            for at in [At::Base, At::Head] {
                self.want(at, &path, wanted.clone(), &mut front);
            }
        }
        self.outwards(front);
        let is_more = self.more.len() > before;
        self.built = (!is_more).then_some((base, head));
        is_more
    }

    /// Adds the names under which loaded files hand these names on.
    fn handed_on(&self, mut names: Names) -> Names {
        loop {
            let mut more = Names::new();
            for (path, module) in &self.modules.head {
                let resolutions = self.resolutions[1].get(path);
                let of = |specifier: &str| match resolutions?.get(specifier)? {
                    Resolved::File(path) => Some(path.as_str()),
                    _ => None,
                };
                let mut found = Refs::new(module).handed_on(|wanted| is_named(&names, of(&wanted.0), &wanted.1));
                found.extend(stars(module, &names, of));
                let known = names.get(path);
                found.retain(|name| known.is_none_or(|known| !known.contains(name)));
                if !found.is_empty() {
                    more.insert(path.clone(), found);
                }
            }
            if more.is_empty() {
                return names;
            }
            for (path, found) in more {
                names.entry(path).or_default().extend(found);
            }
        }
    }

    /// The files that are not loaded and use one of these names, with what the declarations that do
    /// want of other files.
    fn users(&mut self, mut names: Names) -> BTreeMap<RepoPath, BTreeSet<Wanted>> {
        let mut users = BTreeMap::new();
        let mut tried: BTreeSet<RepoPath> = BTreeSet::new();
        let mut looked_for = Names::new();
        while names != looked_for {
            let fresh: Names = names
                .iter()
                .filter(|(path, of)| looked_for.get(*path) != Some(*of))
                .map(|(path, of)| (path.clone(), of.clone()))
                .collect();
            looked_for.clone_from(&names);
            let found = self.scan(&fresh);
            let unknown = found.iter().filter(|path| !self.tried.contains_key(*path)).cloned().collect();
            tried.extend(found);
            let lowered = self.lower(unknown);
            self.tried.extend(lowered);
            for path in &tried {
                let Some(module) = self.tried.get(path) else { continue };
                let of = |specifier: &str| match self.head.resolve(path, specifier) {
                    Resolved::File(path) => Some(path),
                    _ => None,
                };
                let targets: BTreeMap<&str, Option<String>> =
                    super::links::specifiers(module).into_iter().map(|name| (name, of(name))).collect();
                let of = |specifier: &str| targets.get(specifier).and_then(Option::as_deref);
                let refs = Refs::new(module);
                let is_it = |wanted: &Wanted| is_named(&names, of(&wanted.0), &wanted.1);
                let through_star = stars(module, &names, of);
                let beside = refs.beside(is_it);
                if beside.is_none() && through_star.is_empty() {
                    continue;
                }
                users.insert(path.clone(), beside.unwrap_or_default());
                let mut found = refs.handed_on(is_it);
                found.extend(through_star);
                if !found.is_empty() {
                    // The next round looks for whoever uses what this file hands on.
                    looked_for.entry(path.clone()).or_default();
                    names.entry(path.clone()).or_default().extend(found);
                }
            }
            looked_for.retain(|path, of| names.get(path) == Some(of));
            if users.len() > LOADED {
                self.full = true;
                break;
            }
        }
        users
    }

    fn lower(&self, paths: Vec<RepoPath>) -> BTreeMap<RepoPath, Arc<Module>> {
        let read: Vec<_> = paths.into_par_iter().map(|path| (self.reader.read(At::Head, &path), path)).collect();
        let head = read.into_iter().filter_map(|(read, path)| Some((path, read.ok()?))).collect();
        load::load(&Sources { head, ..Sources::default() }).head
    }

    /// The files that are not loaded whose text speaks of one of these files.
    fn scan(&mut self, names: &Names) -> Vec<RepoPath> {
        let tails: BTreeSet<(String, bool)> = names.keys().flat_map(|path| self.tails(path)).collect();
        let Ok(search) = AhoCorasick::new(tails.iter().map(|(tail, _)| tail)) else { return Vec::new() };
        let goes_on: Vec<bool> = tails.iter().map(|(_, goes_on)| *goes_on).collect();
        let candidates: Vec<&str> = self
            .reader
            .list(At::Head)
            .filter(|path| (self.wanted)(path) && !self.modules.head.contains_key(*path))
            .collect();
        self.scanned = self.scanned.max(candidates.len());
        let wanted: BTreeSet<&str> = names.values().flatten().map(String::as_str).collect();
        candidates
            .into_par_iter()
            .filter(|path| {
                let Some(text) = self.reader.glance(At::Head, path) else { return false };
                is_spoken_of(&search, &goes_on, &text, &wanted)
            })
            .map(str::to_owned)
            .collect()
    }

    /// How a specifier may name a file: its last part, or the name of a package, which may go on.
    fn tails(&self, path: &str) -> BTreeSet<(String, bool)> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
        let longer = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let mut tails = BTreeSet::from([(stem.to_owned(), false), (longer.to_owned(), false)]);
        if stem == "index" {
            let last = folder.rsplit_once('/').map_or(folder, |(_, last)| last);
            tails.extend([last, ".", ".."].map(|tail| (tail.to_owned(), false)));
        }
        for (package, place) in self.head.packages() {
            if place.is_empty() || path.starts_with(place) && path[place.len()..].starts_with('/') {
                tails.insert((package.clone(), true));
            }
        }
        tails.retain(|(tail, _)| !tail.is_empty());
        tails
    }
}

/// Whether a name of a file, or all of it, is among `names`.
fn is_named(names: &Names, path: Option<&str>, name: &str) -> bool {
    let Some(known) = path.and_then(|path| names.get(path)) else { return false };
    name.is_empty()
        || known.contains(name)
        || known.contains("export=")
        || (name == "default" && known.contains("export="))
}

/// The names that `export *` hands on.
fn stars<'m>(module: &Module, names: &Names, of: impl Fn(&str) -> Option<&'m str>) -> BTreeSet<String> {
    let from = module.exports.iter().filter(|export| export.name.is_none()).filter_map(|export| match export.what {
        crate::syntax::Exported::AllFrom(from) => of(module.name(from)),
        _ => None,
    });
    from.filter_map(|path| names.get(path)).flatten().filter(|name| *name != "default").cloned().collect()
}

/// Whether a text has a specifier that ends in one of the tails, and one of the names. `goes_on` says
/// after which of the tails it may go on.
fn is_spoken_of(search: &AhoCorasick, goes_on: &[bool], text: &[u8], names: &BTreeSet<&str>) -> bool {
    const ENDINGS: [&str; 8] = [".js", ".ts", ".mjs", ".cjs", ".jsx", ".tsx", ".mts", ".cts"];
    let is_end = |rest: &[u8]| matches!(rest.first(), Some(b'"' | b'\'' | b'`'));
    let ends_well = |at: usize, goes_on: bool| {
        let rest = text.get(at..).unwrap_or_default();
        is_end(rest)
            || goes_on && rest.first() == Some(&b'/')
            || ENDINGS.iter().any(|ending| rest.strip_prefix(ending.as_bytes()).is_some_and(is_end))
    };
    let starts_well = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        matches!(before, Some(b'/' | b'"' | b'\'' | b'`' | b'@' | b'#' | b'~' | b'.'))
    };
    let mut found = search.find_overlapping_iter(text);
    if !found.any(|hit| starts_well(hit.start()) && ends_well(hit.end(), goes_on[hit.pattern().as_usize()])) {
        return false;
    }
    let text = String::from_utf8_lossy(text);
    let any = ["", "default", "export="];
    names.iter().any(|name| any.contains(name) || text.contains(name)) || text.contains("export *")
}
