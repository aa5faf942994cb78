//! Inwards: the files that use a name behind which something differs between the sides.
//!
//! In: what is loaded so far. Out: whether more had to be loaded. Whoever hands a name on (a barrel, an
//! object made of it) is followed by name; whoever calls it is loaded, and only if the summaries of the
//! callers differ then are their callers looked for.

use super::{Front, Loader, Side, join};
use crate::aside::let_go;
use crate::change::{RepoPath, file_name};
use crate::limits::LOADED;
use crate::program::Program;
use crate::program::links::specifiers;
use crate::program::refs::{ALL, Beside, FILE, Hit, Names, Reach, Refs, split};
use crate::program::resolve::Resolved;
use crate::program::taint;
use crate::source::{At, Sources};
use crate::syntax::Module;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Files that use a name, with the declarations that do and what these want of other files.
type Users = BTreeMap<RepoPath, Beside>;

impl Loader<'_> {
    /// Reads the files that use a name behind which something differs; whether there were any.
    pub(super) fn inwards(&mut self) -> bool {
        let before = self.before.take();
        let (of_base, of_head) = before.as_ref().map(|(base, head)| (base, head)).unzip();
        let side = |at: At, like: &[&Program]| {
            (self.how.build)(Side {
                at,
                sources: &self.sources,
                modules: &self.modules,
                resolutions: &self.resolutions[at.index()],
                scopes: self.resolving.side(at).scopes(),
                parts: &self.parts,
                prepared: &self.prepared,
                like,
            })
        };
        // What both have in common is found out for one of them.
        let mut base = side(At::Base, of_base.as_slice());
        let like: Vec<&Program> = std::iter::once(&base).chain(of_head).collect();
        let mut head = side(At::Head, &like);
        if let Some(before) = before {
            let_go(before);
        }
        let names = self.handed_on(taint::names(&base, &head, &self.prepared, self.how.noticed));
        let known = self.known();
        self.beside(&names);
        let users = self.users(self.importable(names));
        self.read_users(users);
        let is_more = self.known() > known;
        if is_more {
            self.before = Some((base, head));
        } else {
            base.touch(&self.parts, &self.prepared);
            head.touch(&self.parts, &self.prepared);
            self.built = Some((base, head));
        }
        is_more
    }

    /// The names that a file which did not change may import: what base does not export, nobody imported
    /// there. A new file may stand where another one was found before.
    fn importable(&self, mut names: Names) -> Names {
        for (path, of) in &mut names {
            let base = self.modules.base.get(path).map(|module| self.prepared.of(module));
            let stem = file_name(path).split_once('.').map_or(path.as_str(), |(stem, _)| stem);
            let takes_place = || {
                let found = |from: &str| matches!(self.resolving.base.resolve(path, from), Resolved::File(_));
                found(&format!("./{stem}")) || stem == "index" && found(".")
            };
            match base {
                Some(base) => of.retain(|name| base.refs().may_show(split(name).0)),
                None if self.how.reader.exists(At::Base, path) || takes_place() => {}
                None => of.clear(),
            }
        }
        names.retain(|_, of| !of.is_empty());
        names
    }

    /// How many files are loaded, and how many of their declarations are analysed.
    fn known(&self) -> (usize, usize) {
        (self.more.len(), self.parts.values().map(|part| part.known.len()).sum())
    }

    /// Reads what the declarations of loaded files want that use one of these names.
    fn beside(&mut self, names: &Names) {
        let beside = |(path, module): (&RepoPath, &Arc<Module>)| {
            let of = |specifier: &str| self.target(path, specifier);
            let beside = self.prepared.of(module).refs().beside(&|wanted| hit(names, of(&wanted.0), &wanted.1));
            Some((path.clone(), beside?))
        };
        let users: Users = self.modules.head.par_iter().filter_map(beside).collect();
        self.read_users(users);
    }

    /// The file that a specifier of a loaded file of head leads to.
    fn target(&self, path: &str, specifier: &str) -> Option<&str> {
        match self.resolutions[At::Head.index()].get(path)?.get(specifier)? {
            Resolved::File(path) => Some(path.as_str()),
            Resolved::Outside | Resolved::Missing => None,
        }
    }

    /// Reads users that are not loaded yet, and what they want besides.
    fn read_users(&mut self, users: Users) {
        self.read(users.keys().cloned().collect());
        let wants = |(path, beside): (&RepoPath, &Beside)| {
            [At::Base, At::Head].map(|at| self.wants(at, path, &beside.reach.wanted))
        };
        let wants: Vec<_> = users.par_iter().map(wants).collect();
        let mut front = Front::new();
        wants.into_iter().flatten().for_each(|wants| join(&mut front, wants));
        for (path, Beside { users, reach: Reach { nodes, .. } }) in users {
            if let Some(part) = self.parts.get_mut(&path) {
                part.known.extend(nodes);
                part.touched.extend(users);
            }
        }
        self.outwards(front);
    }

    /// Adds the names under which loaded files hand these names on.
    fn handed_on(&self, mut names: Names) -> Names {
        loop {
            let found: Vec<(RepoPath, BTreeSet<String>)> = self
                .modules
                .head
                .par_iter()
                .filter_map(|(path, module)| {
                    let of = |specifier: &str| self.target(path, specifier);
                    let found = fresh(self.prepared.of(module).refs(), &names, path, &of);
                    (!found.is_empty()).then(|| (path.clone(), found))
                })
                .collect();
            if found.is_empty() {
                return names;
            }
            for (path, found) in found {
                names.entry(path).or_default().extend(found);
            }
        }
    }

    /// The files that are not loaded and use one of these names.
    fn users(&mut self, mut names: Names) -> Users {
        let mut users = Users::new();
        let mut tried: BTreeSet<RepoPath> = BTreeSet::new();
        let mut looked_for = Names::new();
        while names != looked_for {
            let fresh_names: Names = names
                .iter()
                .filter(|(path, of)| looked_for.get(*path) != Some(*of))
                .map(|(path, of)| (path.clone(), of.clone()))
                .collect();
            looked_for.clone_from(&names);
            let found = self.candidates(&fresh_names);
            let unknown = found.iter().filter(|path| !self.tried.contains_key(*path)).cloned().collect();
            tried.extend(found);
            let lowered = self.lower(unknown);
            self.tried.extend(lowered);
            let looked: Vec<_> = tried
                .par_iter()
                .filter_map(|path| {
                    let module = self.tried.get(path)?;
                    let (wanted, handed) = self.look(path, module, &names)?;
                    Some((path.clone(), wanted, handed))
                })
                .collect();
            for (path, wanted, handed) in looked {
                users.insert(path.clone(), wanted);
                if !handed.is_empty() {
                    // The next round looks for whoever uses what this file hands on.
                    looked_for.entry(path.clone()).or_default();
                    names.entry(path).or_default().extend(handed);
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

    /// What a file that uses one of these names wants besides, and what it hands on.
    fn look(&self, path: &str, module: &Arc<Module>, names: &Names) -> Option<(Beside, BTreeSet<String>)> {
        let importer = self.resolving.head.importer(path);
        let targets: BTreeMap<&str, Resolved> =
            specifiers(module).into_iter().map(|name| (name, importer.resolve(name))).collect();
        let of = |specifier: &str| match targets.get(specifier)? {
            Resolved::File(path) => Some(path.as_str()),
            Resolved::Outside | Resolved::Missing => None,
        };
        let known = self.prepared.of(module);
        let beside = known.refs().beside(&|wanted| hit(names, of(&wanted.0), &wanted.1));
        let handed = fresh(known.refs(), names, path, &of);
        if beside.is_none() && handed.is_empty() {
            return None;
        }
        Some((beside.unwrap_or_default(), handed))
    }

    fn lower(&self, paths: Vec<RepoPath>) -> BTreeMap<RepoPath, Arc<Module>> {
        let reader = self.how.reader;
        let read: Vec<_> = paths.into_par_iter().map(|path| (reader.read(At::Head, &path), path)).collect();
        let head = read.into_iter().filter_map(|(read, path)| Some((path, read.ok()?))).collect();
        self.how.lowering.load(&Sources { head, ..Sources::default() }).head
    }
}

/// The names under which a file hands on something that differs, besides those that are known.
fn fresh<'n>(refs: &Refs, names: &'n Names, path: &str, of: &dyn Fn(&str) -> Option<&'n str>) -> BTreeSet<String> {
    let mut found = refs.handed_on(&|wanted| hit(names, of(&wanted.0), &wanted.1));
    for from in refs.stars() {
        let through = of(from).and_then(|target| names.get(target)).into_iter().flatten();
        found.extend(through.filter(|name| split(name).0 != "default").cloned());
    }
    let known = names.get(path);
    found.retain(|name| known.is_none_or(|known| !known.contains(name)));
    found
}

/// What differs behind a name of a file.
fn hit(names: &Names, path: Option<&str>, name: &str) -> Hit {
    let Some(known) = path.and_then(|path| names.get(path)) else { return Hit::No };
    let (base, member) = split(name);
    if base == ALL || base == FILE || known.contains("export=") || known.contains(base) || known.contains(name) {
        return Hit::Whole;
    }
    if member.is_some() {
        return Hit::No;
    }
    let members: BTreeSet<String> =
        known.iter().filter_map(|known| split(known).1.filter(|_| split(known).0 == base)).map(str::to_owned).collect();
    if members.is_empty() { Hit::No } else { Hit::Members(members) }
}
