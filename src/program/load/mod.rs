//! Loading: which files besides the changed ones have to be read to judge a change.
//!
//! In: the changed files and the two sides. Out: more files of both sides, the same paths on each.
//! Outwards, a file is read if a declaration that matters uses a name of it. Inwards, a file is read
//! if it uses a name behind which something differs between the sides; where nothing that callers
//! could notice differs, nobody is asked for. Files come in waves, sorted by path, up to a bound.

mod ahead;
mod alias;
mod candidates;
mod inwards;
mod moved;
mod resolving;
mod seeds;

pub use ahead::Ahead;
pub use alias::decides_links;

use resolving::Resolving;

use super::Program;
use super::links::Resolutions;
use super::part::{Counting, Parts};
use super::prepared::Prepared;
use super::refs::{ALL, FILE, Reach, Wanted, split};
use super::resolve::Resolved;
use crate::change::{ChangedFile, RepoPath};
use crate::git::Reader;
use crate::limits::{LOADED, Reached, WAVES};
use crate::model::Roles;
use crate::source::{At, NotAnalysed, Sources};
use crate::syntax::Module;
use crate::syntax::load::{Lowering, Modules, Outlines};
use crate::syntax::outline::Outline;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
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
    /// What it took.
    pub counts: Counts,
    /// Both sides, where loading ended with building them.
    pub built: Option<(Program, Program)>,
    /// How much of each file counts.
    pub parts: Parts,
    /// What was found out about the files on the way.
    pub prepared: Prepared,
    /// Outlines of texts that were looked at on the way.
    pub outlines: Arc<Outlines>,
}

/// What loading took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files that were read besides the changed ones.
    pub loaded: usize,
    /// Files that were looked through for names.
    pub scanned: usize,
    /// Files that were lowered because they use a name behind which something differs.
    pub tried: usize,
    /// Times that callers of what differs were looked for.
    pub waves: usize,
    /// Files whose imports lead elsewhere than before, although they did not change.
    pub relinked: usize,
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

/// What is loaded so far of one side.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Which one.
    pub at: At,
    /// The texts of both sides.
    pub sources: &'a Sources,
    /// Their lowered forms.
    pub modules: &'a Modules,
    /// Where its specifiers lead.
    pub resolutions: &'a Resolutions,
    /// The scopes of the project's own packages.
    pub scopes: &'a BTreeSet<String>,
    /// How much of each file counts.
    pub parts: &'a Parts,
    /// What was found out about the files.
    pub prepared: &'a Prepared,
    /// Programs of almost the same files; the first one that knows something is asked.
    pub like: &'a [&'a Program],
}

/// How to load.
#[derive(Clone, Copy)]
pub struct How<'a> {
    /// The files of both sides.
    pub reader: &'a Reader,
    /// Lowers texts.
    pub lowering: &'a Lowering<'a>,
    /// Makes outlines, perhaps already.
    pub ahead: &'a Ahead<'a>,
    /// The files that differ.
    pub changed: &'a [ChangedFile],
    /// Whether everything is at hand and has to be linked only.
    pub all: bool,
    /// Whether a file is looked at.
    pub wanted: &'a (dyn Fn(&str) -> bool + Sync),
    /// Builds one side of what is loaded so far.
    pub build: &'a (dyn Fn(Side<'_>) -> Program + Sync),
    /// Whether files changed that decide where imports lead.
    pub links_differ: bool,
    /// Packages whose declared version decides what they do.
    pub versioned: &'a BTreeSet<&'a str>,
    /// The roles that somebody asks for through calls: of no other one it matters what code does.
    pub noticed: Roles,
}

/// A file is looked at on one side for some of its names.
type Front = BTreeMap<(At, RepoPath), BTreeSet<String>>;

/// Adds what is wanted in another place.
fn join(front: &mut Front, more: Front) {
    for (place, names) in more {
        front.entry(place).or_default().extend(names);
    }
}

struct Loader<'a> {
    how: How<'a>,
    prepared: Prepared,
    parts: Parts,
    resolving: Resolving,
    sources: Sources,
    modules: Modules,
    resolutions: [Resolutions; 2],
    /// The names that were asked for, by side and file.
    asked: [FxHashMap<RepoPath, FxHashSet<String>>; 2],
    more: BTreeSet<RepoPath>,
    full: bool,
    counts: Counts,
    /// Outlines of the files of head that are not loaded.
    outlines: BTreeMap<RepoPath, Arc<Outline>>,
    aliases: Option<alias::Aliases>,
    /// Files that were lowered because they use a name.
    tried: BTreeMap<RepoPath, Arc<Module>>,
    /// Both sides, if nothing was loaded since they were built.
    built: Option<(Program, Program)>,
    /// Both sides as they were built before the last files came.
    before: Option<(Program, Program)>,
}

/// Loads what the change needs besides its own files. With everything at hand (`all`), links it only.
pub fn load(how: How<'_>, sources: Sources, modules: Modules) -> Loaded {
    let resolving = Resolving::new(how);
    let resolutions = resolving.resolve(&modules);
    let mut loader = Loader {
        how,
        prepared: Prepared::default(),
        parts: Parts::new(),
        resolving,
        sources,
        modules,
        resolutions,
        asked: Default::default(),
        more: BTreeSet::new(),
        full: false,
        counts: Counts::default(),
        outlines: BTreeMap::new(),
        aliases: None,
        tried: BTreeMap::new(),
        built: None,
        before: None,
    };
    if !how.all {
        let (front, is_shown) = loader.of_changed();
        if !is_shown {
            how.ahead.end();
        }
        loader.follow(front);
    }
    loader.finish()
}

impl Loader<'_> {
    /// Reads what the changed files want, and who uses what differs.
    fn follow(&mut self, front: Front) {
        self.outwards(front);
        if self.how.links_differ {
            self.relinked();
        }
        while self.counts.waves < WAVES && self.inwards() {
            self.counts.waves += 1;
        }
    }

    fn finish(mut self) -> Loaded {
        let mut limits = Vec::new();
        if self.full || self.counts.waves >= WAVES {
            let text = format!(
                "following the change would take more than {LOADED} files or {WAVES} steps; callers and callees beyond \
                 them were left out"
            );
            limits.push(Reached { name: "loaded".to_owned(), text });
        }
        let linking = |at: At, resolutions| Linking {
            resolutions,
            scopes: self.resolving.side(at).scopes().clone(),
            not_analysed: self.resolving.not_analysed(at),
        };
        self.counts.loaded = self.more.len();
        self.counts.tried = self.tried.len();
        let [base, head] = self.resolutions;
        Loaded {
            base: linking(At::Base, base),
            head: linking(At::Head, head),
            sources: self.sources,
            modules: self.modules,
            limits,
            counts: self.counts,
            built: self.built,
            parts: self.parts,
            prepared: self.prepared,
            outlines: Arc::new(self.how.lowering.take_outlines()),
        }
    }

    /// The files behind what a file wants, as far as nobody asked for that before.
    fn wants<'w>(&self, at: At, from: &str, wanted: impl IntoIterator<Item = &'w Wanted>) -> Front {
        let mut front = Front::new();
        let Some(of_file) = self.resolutions[at.index()].get(from) else { return front };
        for (specifier, name) in wanted {
            let Some(Resolved::File(path)) = of_file.get(specifier) else { continue };
            let is_asked = self.asked[at.index()].get(path).is_some_and(|asked| asked.contains(name));
            if !is_asked && (self.how.wanted)(path) {
                front.entry((at, path.clone())).or_default().insert(name.clone());
            }
        }
        front
    }

    /// Reads what is wanted, and what that wants, until nothing is missing.
    fn outwards(&mut self, mut front: Front) {
        while !front.is_empty() {
            for ((at, path), names) in &front {
                self.asked[at.index()].entry(path.clone()).or_default().extend(names.iter().cloned());
            }
            let holding: Vec<_> = front.into_par_iter().filter(|(place, names)| self.may_hold(place, names)).collect();
            let mut by_path: BTreeMap<RepoPath, [BTreeSet<String>; 2]> = BTreeMap::new();
            for ((at, path), names) in holding {
                by_path.entry(path).or_default()[at.index()] = names;
            }
            self.read(by_path.keys().cloned().collect());
            let reached = by_path.par_iter().map(|(path, names)| {
                let (front, nodes) = self.reached(path, names);
                (path, front, nodes)
            });
            let reached: Vec<_> = reached.collect();
            front = Front::new();
            for (path, wants, nodes) in reached {
                join(&mut front, wants);
                if let Some(part) = self.parts.get_mut(path) {
                    part.known.extend(nodes);
                }
            }
        }
    }

    /// What the names of a file on base and on head want, and the declarations behind them.
    fn reached(&self, path: &str, names: &[BTreeSet<String>; 2]) -> (Front, BTreeSet<usize>) {
        let sides = [At::Base, At::Head];
        let modules = sides.map(|at| self.modules.side(at).get(path));
        let (mut front, mut nodes) = (Front::new(), BTreeSet::new());
        let mut known: Option<Reach> = None;
        for at in sides {
            let (Some(module), names_of) = (modules[at.index()], &names[at.index()]) else { continue };
            if names_of.is_empty() {
                continue;
            }
            // Most files are the same on both sides and asked for the same.
            let is_twin =
                at == At::Head && names[0] == names[1] && modules[0].is_some_and(|of| Arc::ptr_eq(of, module));
            let reach = match known.take().filter(|_| is_twin) {
                Some(reach) => reach,
                None => self.prepared.of(module).refs().behind(names_of.iter().map(String::as_str)),
            };
            join(&mut front, self.wants(at, path, &reach.wanted));
            nodes.extend(reach.nodes.iter().copied());
            known = Some(reach);
        }
        (front, nodes)
    }

    /// Whether a file can say anything about these names: of many files behind a barrel, few do.
    fn may_hold(&self, (at, path): &(At, RepoPath), names: &BTreeSet<String>) -> bool {
        if self.modules.side(*at).contains_key(path) || names.contains(ALL) || names.contains(FILE) {
            return true;
        }
        let Some(outline) = self.outline(*at, path) else { return true };
        let is_there = |name: &String| outline.exports(split(name).0);
        names.iter().any(is_there) || outline.mentions().any(|mention| mention.star)
    }

    /// The outline of a file that is not loaded.
    fn outline(&self, at: At, path: &str) -> Option<Arc<Outline>> {
        if let Some(known) = self.outlines.get(path).filter(|_| at == At::Head) {
            return Some(Arc::clone(known));
        }
        self.how.ahead.outline(at, path)
    }

    /// Reads files on both sides, as many as fit, by path.
    fn read(&mut self, paths: BTreeSet<RepoPath>) {
        let known = |path: &RepoPath| self.modules.base.contains_key(path) || self.modules.head.contains_key(path);
        let unread = |path: &RepoPath| {
            let gaps = self.sources.head_skipped.iter().chain(&self.sources.base_skipped);
            gaps.chain(&self.modules.head_lost).any(|gap| gap.path == *path)
        };
        let mut paths: Vec<RepoPath> =
            paths.into_iter().filter(|path| !known(path) && !self.more.contains(path) && !unread(path)).collect();
        let room = LOADED.saturating_sub(self.more.len());
        if paths.len() > room {
            self.full = true;
            paths.truncate(room);
        }
        let reader = self.how.reader;
        let mut sources = Sources::default();
        let asked: Vec<(At, &RepoPath)> = paths.iter().flat_map(|path| [(At::Base, path), (At::Head, path)]).collect();
        let asked: Vec<_> = asked.into_iter().filter(|(at, path)| reader.exists(*at, path)).collect();
        let read: Vec<_> = asked.into_par_iter().map(|(at, path)| (at, path, reader.read(at, path))).collect();
        for (at, path, read) in read {
            match (at, read) {
                (At::Base, Ok(source)) => _ = sources.base.insert(path.clone(), source),
                (At::Head, Ok(source)) => _ = sources.head.insert(path.clone(), source),
                (At::Base, Err(why)) => sources.base_skipped.push(NotAnalysed::whole(path.clone(), &why)),
                (At::Head, Err(why)) => sources.head_skipped.push(NotAnalysed::whole(path.clone(), &why)),
            }
        }
        // Nothing of them counts before somebody wants it.
        self.parts.extend(paths.iter().map(|path| (path.clone(), Counting::default())));
        self.more.extend(paths);
        self.take(sources);
    }

    fn take(&mut self, sources: Sources) {
        let modules = self.how.lowering.load(&sources);
        let [base, head] = self.resolving.resolve(&modules);
        self.resolutions[0].extend(base);
        self.resolutions[1].extend(head);
        self.sources.base.extend(sources.base);
        self.sources.head.extend(sources.head);
        self.sources.base_skipped.extend(sources.base_skipped);
        self.sources.head_skipped.extend(sources.head_skipped);
        self.modules.base.extend(modules.base);
        self.modules.head.extend(modules.head);
        self.modules.base_lost.extend(modules.base_lost);
        self.modules.head_lost.extend(modules.head_lost);
    }
}
