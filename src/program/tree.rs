//! One side of the change as a folder tree that ends at its root, with the workspace's packages in a
//! `node_modules` of its own and built files standing for their sources.
//!
//! In: a [`Reader`] and paths. Out: what stands there. Nothing outside the side is ever looked at: the
//! change may hold links and settings that point anywhere.

use super::workspace::Workspace;
use crate::change::folder_of;
use crate::git::Reader;
use crate::limits::{CONFIG_BYTES, CONFIG_DEPTH, LINKS};
use crate::source::At;
use std::collections::BTreeMap;

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
}

/// Where the packages of the workspace are found by name.
const MODULES: &str = "node_modules";
/// Folders that hold what a build makes, and where its sources usually are.
const BUILT: [&str; 7] = ["dist", "build", "lib", "out", "output", "es", "esm"];
/// Folders inside them that name a flavour of the same files.
const FLAVOURS: [&str; 9] = ["esm", "cjs", "es", "mjs", "types", "node", "browser", "src", "lib"];
/// What a built file may have been written as.
const WRITTEN: [&str; 8] = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

/// One side as a tree.
pub(super) struct Tree {
    reader: Reader,
    at: At,
    /// Links by path, with the text that they hold.
    pub links: BTreeMap<String, String>,
    pub workspace: Workspace,
}

impl Tree {
    pub fn new(reader: &Reader, at: At) -> Self {
        let links = reader.list(at).filter_map(|path| Some((path.to_owned(), reader.link(at, path)?))).collect();
        let workspace = Workspace::new(reader, at);
        Self { reader: reader.clone(), at, links, workspace }
    }

    /// Whether a file stands at exactly this path; links do not count.
    pub fn is_file(&self, path: &str) -> bool {
        self.reader.exists(self.at, path) && !self.links.contains_key(path)
    }

    /// What stands at a path; the last part is not followed if it is a link.
    pub fn kind(&self, path: &str) -> Option<Kind> {
        if self.reader.exists(self.at, path) {
            return Some(if self.links.contains_key(path) { Kind::Link } else { Kind::File });
        }
        if self.reader.is_folder(self.at, path) {
            return Some(Kind::Folder);
        }
        let module = path.strip_prefix(MODULES).and_then(|name| self.module(name.trim_start_matches('/')));
        if module.is_some() {
            return module;
        }
        if let Some(real) = self.through_links(path) {
            return self.kind(&real);
        }
        if self.source_of(path).is_some() {
            return Some(Kind::File);
        }
        self.is_built_folder(path).then_some(Kind::Folder)
    }

    fn module(&self, name: &str) -> Option<Kind> {
        if self.workspace.packages.contains_key(name) {
            return Some(Kind::Link);
        }
        let is_scope = name.is_empty() || name.starts_with('@') && !name.contains('/');
        let prefix = format!("{name}/");
        let is_any = |known: &String| name.is_empty() || known.starts_with(&prefix);
        (is_scope && self.workspace.packages.keys().any(is_any)).then_some(Kind::Folder)
    }

    /// The path with links in the parts before the last one replaced by where they lead.
    fn through_links(&self, path: &str) -> Option<String> {
        let (folder, name) = path.rsplit_once('/')?;
        let real = self.real(folder)?;
        (real != folder).then(|| join(&real, name))
    }

    /// A path without links in it; `None` if it leads outside or in circles.
    pub fn real(&self, path: &str) -> Option<String> {
        let is_link = |end: usize| self.links.contains_key(&path[..end]);
        if is_plain(path) && !path.starts_with(MODULES) {
            let ends = || path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
            if self.links.is_empty() || !ends().any(is_link) {
                return Some(path.to_owned());
            }
        }
        let mut todo: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut done = String::new();
        let mut hops = 0;
        while let Some(part) = todo.pop() {
            match part.as_str() {
                "" | "." => continue,
                ".." => {
                    if done.is_empty() {
                        return None;
                    }
                    done.truncate(done.rfind('/').unwrap_or(0));
                    continue;
                }
                _ => {}
            }
            let here = join(&done, &part);
            let package = here.strip_prefix(MODULES).and_then(|name| name.strip_prefix('/'));
            if let Some(folder) = package.and_then(|name| self.workspace.packages.get(name)) {
                done.clone_from(folder);
            } else if let Some(target) = self.links.get(&here) {
                hops += 1;
                if hops > LINKS || target.starts_with('/') {
                    return None;
                }
                todo.extend(target.split('/').rev().map(str::to_owned));
            } else {
                done = here;
            }
        }
        Some(done)
    }

    /// The text of a file of settings.
    pub fn text(&self, path: &str) -> Option<String> {
        let path = if self.reader.exists(self.at, path) { path.to_owned() } else { self.real(path)? };
        let source = self.reader.read(self.at, &path).ok()?;
        let fits = source.text.len() as u64 <= CONFIG_BYTES && depth(&source.text) <= CONFIG_DEPTH;
        fits.then(|| source.text.clone())
    }

    /// The source of a file that a build would make: `packages/a/dist/x.js` is `packages/a/src/x.ts`.
    pub fn source_of(&self, path: &str) -> Option<String> {
        let (package, inside) = self.built(path)?;
        let stem = [".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs", ".jsx"]
            .iter()
            .find_map(|ending| inside.strip_suffix(ending))?;
        let sources = |folder: &str| {
            let place = join(package, folder);
            WRITTEN.iter().map(move |ending| join(&place, &format!("{stem}{ending}")))
        };
        sources("src").chain(sources("")).find(|source| self.is_file(source))
    }

    /// The nearest folder above a path that holds a manifest.
    pub fn package<'p>(&self, path: &'p str) -> Option<&'p str> {
        above(path, |folder| self.workspace.folders.contains(folder))
    }

    fn is_built_folder(&self, path: &str) -> bool {
        self.built(&format!("{path}/")).is_some_and(|(package, inside)| {
            let inside = inside.trim_end_matches('/');
            let is_there = |folder: &str| self.reader.is_folder(self.at, &join(&join(package, folder), inside));
            is_there("src") || inside.is_empty() || is_there("")
        })
    }

    /// The package of a built file, and its path below the folder that the build makes.
    fn built<'p>(&self, path: &'p str) -> Option<(&'p str, &'p str)> {
        let package = self.package(path)?;
        let inside = path.strip_prefix(package)?.trim_start_matches('/');
        let (first, mut rest) = inside.split_once('/')?;
        if !BUILT.contains(&first) {
            return None;
        }
        while let Some((flavour, below)) = rest.split_once('/').filter(|(part, _)| FLAVOURS.contains(part)) {
            let _ = flavour;
            rest = below;
        }
        Some((package, rest))
    }
}

/// The nearest folder above a path of which something holds.
pub(super) fn above(path: &str, holds: impl Fn(&str) -> bool) -> Option<&str> {
    let mut folder = path;
    loop {
        folder = folder_of(folder);
        if holds(folder) {
            return Some(folder);
        }
        if folder.is_empty() {
            return None;
        }
    }
}

/// Whether a path has nothing in it that is to be worked out: no empty parts, no dots.
pub(super) fn is_plain(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Two parts of a path.
pub(super) fn join(folder: &str, name: &str) -> String {
    match (folder.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => folder.to_owned(),
        _ => format!("{folder}/{name}"),
    }
}

/// How deep brackets are nested: readers of JSON may recurse.
pub(super) fn depth(text: &str) -> usize {
    let (mut now, mut most, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                now += 1;
                most = most.max(now);
            }
            b'}' | b']' if !quoted => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}
