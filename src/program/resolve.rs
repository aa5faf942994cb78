//! From a specifier to a file: the only place that knows the module resolver.
//!
//! In: one side as a [`Tree`]. Out: the path that an import leads to, or why there is none. The answer
//! depends on the tree alone: not on the order of asking, on threads, on the machine's folders, on
//! anything installed. Settings that cannot be used (a tsconfig whose `extends` is not there) cost
//! what they say, not every import below them, and are reported.

use super::hop::package_of;
use super::tree::{Kind, Tree, above, is_plain, join};
use crate::change::{RepoPath, folder_of};
use crate::git::Reader;
use crate::limits::EXTENDS;
use crate::source::{At, NotAnalysed};
use oxc_resolver::{FileMetadata, FileSystem, ResolveError, ResolveOptions, ResolverGeneric, TsconfigDiscovery};
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Where the tree hangs: a folder of its own, so that nothing above the root is ever asked for.
const ROOT: &str = "/tree";

/// What an import leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resolved {
    /// A file of this side.
    File(RepoPath),
    /// A package that is not in the tree.
    Outside,
    /// Nothing, although it should be a file of the tree.
    Missing,
}

/// What of a tsconfig is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Use {
    All,
    WithoutExtends,
    WithoutReferences,
    /// Only `paths` and `baseUrl`, whatever files it includes.
    PathsOnly,
    Nothing,
}

/// Resolves the imports of one side.
pub struct Resolver {
    tree: Arc<Tree>,
    all: ResolverGeneric<Files>,
    without_extends: ResolverGeneric<Files>,
    without_references: ResolverGeneric<Files>,
    paths_only: ResolverGeneric<Files>,
    nothing: ResolverGeneric<Files>,
    /// For packages that show nothing but types.
    types: ResolverGeneric<Files>,
    /// What of its tsconfig a folder's files use, and tsconfigs that had to be cut.
    broken: Mutex<BTreeMap<RepoPath, String>>,
    /// Where names lead that are no relative paths.
    known: Mutex<FxHashMap<Place, Arc<Names>>>,
}

/// All that decides where a name leads that is no relative path: there is one folder of packages, and files
/// of one package with the same settings find the same.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Place {
    used: Use,
    tsconfig: Option<PathBuf>,
    /// The folders of the nearest tsconfig, which need not be the one that counts, and of the nearest manifest.
    folders: [Option<RepoPath>; 2],
}

/// Where names lead.
type Names = Mutex<FxHashMap<String, Resolved>>;

/// A file that imports others. What its tsconfig says is read when the first import has to be looked for.
pub struct Importer<'r> {
    resolver: &'r Resolver,
    from: &'r str,
    place: OnceCell<Here<'r>>,
}

/// Where an importing file stands, with as much of the nearest tsconfig as can be used.
struct Here<'r> {
    path: PathBuf,
    settings: &'r ResolverGeneric<Files>,
    known: Arc<Names>,
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver").finish_non_exhaustive()
    }
}

impl Resolver {
    /// Prepares to resolve the imports of one side.
    pub fn new(reader: &Reader, at: At) -> Self {
        let tree = Arc::new(Tree::new(reader, at));
        let files = |used: Use, bases| Files { tree: Some(Arc::clone(&tree)), used, bases };
        let bases = ResolverGeneric::new_with_file_system(files(Use::Nothing, None), base_options());
        let bases = Some(Arc::new(bases));
        let with = |used: Use, options: ResolveOptions| {
            ResolverGeneric::new_with_file_system(files(used, bases.clone()), options)
        };
        Self {
            all: with(Use::All, options(Use::All)),
            without_extends: with(Use::WithoutExtends, options(Use::WithoutExtends)),
            without_references: with(Use::WithoutReferences, options(Use::WithoutReferences)),
            paths_only: with(Use::PathsOnly, options(Use::PathsOnly)),
            nothing: with(Use::Nothing, options(Use::Nothing)),
            types: with(Use::Nothing, type_options()),
            broken: Mutex::default(),
            known: Mutex::default(),
            tree,
        }
    }

    /// Prepares to resolve nothing: there is no such side.
    pub fn nowhere(reader: &Reader) -> Self {
        Self::new(&reader.without_base(), At::Base)
    }

    /// Whether a file stands at exactly this path.
    pub fn has(&self, path: &str) -> bool {
        self.tree.is_file(path)
    }

    /// Whether symbolic links stand where those of another side do, and lead where those lead.
    pub fn links_like(&self, other: &Self) -> bool {
        self.tree.links == other.tree.links
    }

    /// What the specifier leads to, imported from the file `from`.
    pub fn resolve(&self, from: &str, specifier: &str) -> Resolved {
        self.importer(from).resolve(specifier)
    }

    /// A file whose imports are resolved.
    pub fn importer<'r>(&'r self, from: &'r str) -> Importer<'r> {
        Importer { resolver: self, from, place: OnceCell::new() }
    }

    fn here(&self, from: &str) -> Here<'_> {
        let path = Path::new(ROOT).join(from);
        let levels = [
            (&self.all, Use::All, ""),
            (&self.without_extends, Use::WithoutExtends, "`extends`"),
            (&self.without_references, Use::WithoutReferences, "`references`"),
        ];
        let mut first = None;
        let mut found = None;
        for (settings, used, without) in levels {
            match settings.find_tsconfig(&path) {
                Ok(tsconfig) => {
                    found = Some((settings, used, without, tsconfig.map(|tsconfig| tsconfig.path().to_owned())));
                    break;
                }
                Err(error) => first = first.or(Some(error)),
            }
        }
        let (settings, used, without, tsconfig) = found.unwrap_or((&self.nothing, Use::Nothing, "it", None));
        if let Some(error) = first {
            self.note(from, &error, without);
        }
        let folders = [self.nearest_tsconfig(from), self.tree.package(from)].map(|folder| folder.map(str::to_owned));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = Arc::clone(known.entry(Place { used, tsconfig, folders }).or_default());
        Here { path, settings, known }
    }

    /// The nearest folder above a file that has a tsconfig.
    fn nearest_tsconfig<'p>(&self, from: &'p str) -> Option<&'p str> {
        above(from, |folder| self.tree.kind(&join(folder, "tsconfig.json")).is_some())
    }

    /// Remembers that a tsconfig could not be used as it is.
    fn note(&self, from: &str, error: &ResolveError, without: &str) {
        let nearest = join(self.nearest_tsconfig(from).unwrap_or_default(), "tsconfig.json");
        // Paths of the virtual tree are shown as those of the repository.
        let why = error.to_string().replace(&format!("{ROOT}/"), "");
        let text = format!("imports below it are resolved without {without}: {why}");
        let mut broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        let known = broken.entry(nearest).or_insert_with(|| text.clone());
        // Several files may tell of one tsconfig; the least text stays, whoever comes first.
        if text < *known {
            *known = text;
        }
    }

    fn found(&self, result: Result<oxc_resolver::Resolution, ResolveError>) -> Option<RepoPath> {
        let path = inside(result.ok()?.path())?;
        if self.tree.is_file(&path) { Some(path) } else { self.tree.source_of(&path) }
    }

    /// Settings that could not be used as they are, by path.
    pub fn not_analysed(&self) -> Vec<NotAnalysed> {
        let broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        broken
            .iter()
            .map(|(path, reason)| NotAnalysed { path: path.clone(), reason: reason.clone(), lines: None })
            .collect()
    }

    /// Scopes (`@acme`) that the packages of this side use.
    pub fn scopes(&self) -> &BTreeSet<String> {
        &self.tree.workspace.scopes
    }

    /// Packages of the workspace: folder by name.
    pub fn packages(&self) -> &BTreeMap<String, String> {
        &self.tree.workspace.packages
    }
}

impl Importer<'_> {
    /// What a specifier leads to.
    pub fn resolve(&self, specifier: &str) -> Resolved {
        // Loaders and URLs are not files; neither is what a query selects of one.
        if specifier.is_empty() || specifier.contains(':') && !specifier.starts_with('.') {
            return Resolved::Outside;
        }
        if leads_out(self.from, specifier) {
            return Resolved::Missing;
        }
        let here = self.place.get_or_init(|| self.resolver.here(self.from));
        if specifier.starts_with('.') {
            let found = self.resolver.found(here.settings.resolve_file(&here.path, specifier));
            return found.map_or(Resolved::Missing, Resolved::File);
        }
        let known = || here.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(specifier) {
            return found.clone();
        }
        // Two threads may look for the same; they find the same.
        let found = self.name(here, specifier);
        known().insert(specifier.to_owned(), found.clone());
        found
    }

    /// What a specifier leads to that is no relative path.
    fn name(&self, Here { path, settings, .. }: &Here<'_>, specifier: &str) -> Resolved {
        let resolver = self.resolver;
        let tried = resolver.found(settings.resolve_file(path, specifier));
        let tried = tried.or_else(|| resolver.found(resolver.paths_only.resolve_file(path, specifier)));
        // Nothing but a package of the tree is found without settings. A query is no part of its name.
        let is_ours = |package: &str| resolver.tree.workspace.names.contains(package);
        let may_be_ours = || specifier.contains(['?', '#']) || package_of(specifier).is_none_or(is_ours);
        let as_types = || may_be_ours().then(|| resolver.found(resolver.types.resolve_file(path, specifier)))?;
        let is_own = |package: &str| resolver.tree.workspace.packages.contains_key(package);
        match tried.or_else(as_types) {
            Some(path) => Resolved::File(path),
            // A package of the workspace should have led to a file.
            None if package_of(specifier).is_none_or(is_own) => Resolved::Missing,
            None => Resolved::Outside,
        }
    }
}

/// Whether a specifier is an absolute path, or a relative one that passes above the root.
fn leads_out(from: &str, specifier: &str) -> bool {
    let mut depth = from.matches('/').count();
    let is_relative = specifier.starts_with('.');
    specifier.starts_with('/')
        || is_relative
            && specifier.split('/').any(|part| {
                match part {
                    ".." if depth == 0 => return true,
                    ".." => depth -= 1,
                    "" | "." => {}
                    _ => depth += 1,
                }
                false
            })
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

fn options(used: Use) -> ResolveOptions {
    let alias = |from: &str, to: &[&str]| (from.to_owned(), names(to));
    ResolveOptions {
        cwd: Some(PathBuf::from(ROOT)),
        tsconfig: (used != Use::Nothing).then_some(TsconfigDiscovery::Auto),
        condition_names: names(&["source", "bun", "development", "import", "module", "node", "require", "default"]),
        extensions: names(&[".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".d.ts", ".json"]),
        extension_alias: vec![
            alias(".js", &[".ts", ".tsx", ".js", ".jsx", ".d.ts"]),
            alias(".jsx", &[".tsx", ".jsx"]),
            alias(".mjs", &[".mts", ".mjs", ".d.mts"]),
            alias(".cjs", &[".cts", ".cjs", ".d.cts"]),
        ],
        main_fields: names(&["source", "module", "main"]),
        node_path: false,
        symlinks: true,
        allow_package_exports_in_directory_resolve: true,
        ..ResolveOptions::default()
    }
}

fn type_options() -> ResolveOptions {
    ResolveOptions {
        condition_names: names(&["types", "typings", "import", "require", "default"]),
        main_fields: names(&["types", "typings", "main"]),
        ..options(Use::Nothing)
    }
}

/// How the resolver looks for what a tsconfig extends by the name of a package.
fn base_options() -> ResolveOptions {
    ResolveOptions {
        cwd: Some(PathBuf::from(ROOT)),
        condition_names: names(&["node", "import"]),
        extensions: names(&[".json"]),
        main_files: names(&["tsconfig"]),
        node_path: false,
        ..ResolveOptions::default()
    }
}

/// A path of the tree, as the repository writes it; `None` if it is outside.
fn inside(path: &Path) -> Option<String> {
    let rest = path.to_str().and_then(|path| path.strip_prefix(ROOT)?.strip_prefix('/'));
    if let Some(rest) = rest.filter(|rest| is_plain(rest)) {
        return Some(rest.to_owned());
    }
    let path = path.strip_prefix(ROOT).ok()?;
    let mut parts: Vec<&str> = Vec::new();
    for part in path.components() {
        match part {
            std::path::Component::Normal(part) => parts.push(part.to_str()?),
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => _ = parts.pop()?,
            std::path::Component::RootDir | std::path::Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

/// The tree in the form that the resolver asks for.
struct Files {
    tree: Option<Arc<Tree>>,
    used: Use,
    /// Finds what tsconfigs extend by the name of a package.
    bases: Option<Arc<ResolverGeneric<Files>>>,
}

impl Files {
    fn at(&self, path: &Path) -> io::Result<(&Tree, String)> {
        let tree = self.tree.as_deref().ok_or(io::ErrorKind::NotFound)?;
        Ok((tree, inside(path).ok_or(io::ErrorKind::NotFound)?))
    }

    /// A tsconfig, without what is not to be used of it.
    fn tsconfig(&self, tree: &Tree, path: &str) -> io::Result<String> {
        let mut text = tree.text(path).ok_or(io::ErrorKind::NotFound)?;
        if self.used == Use::All {
            if self.is_too_long(tree, path) {
                let why = format!("more than {EXTENDS} tsconfig files extend one another");
                return Err(io::Error::new(io::ErrorKind::InvalidData, why));
            }
            return Ok(text);
        }
        let Some(mut value) = parse(&mut text) else { return Ok("{}".to_owned()) };
        let unwanted: &[&str] = match self.used {
            Use::All | Use::Nothing => &[],
            Use::WithoutExtends => &["extends"],
            Use::WithoutReferences => &["extends", "references"],
            Use::PathsOnly => &["extends", "references", "include", "exclude", "files"],
        };
        if let Some(object) = value.as_object_mut() {
            for key in unwanted {
                object.remove(*key);
            }
        }
        Ok(value.to_string())
    }

    /// Whether a chain of `extends` is longer than anything real; the resolver follows it by recursion.
    fn is_too_long(&self, tree: &Tree, path: &str) -> bool {
        let mut level = BTreeSet::from([path.to_owned()]);
        let mut seen = level.clone();
        for _ in 0..EXTENDS {
            let mut next = BTreeSet::new();
            for path in &level {
                for parent in self.parents(tree, path) {
                    if seen.insert(parent.clone()) {
                        next.insert(parent);
                    }
                }
            }
            if next.is_empty() {
                return false;
            }
            level = next;
        }
        true
    }

    /// The files that a tsconfig extends.
    fn parents(&self, tree: &Tree, path: &str) -> Vec<String> {
        let Some(mut text) = tree.text(path) else { return Vec::new() };
        let Some(value) = parse(&mut text) else { return Vec::new() };
        let names: Vec<&str> = match value.get("extends") {
            Some(serde_json::Value::String(one)) => vec![one],
            Some(serde_json::Value::Array(many)) => many.iter().filter_map(serde_json::Value::as_str).collect(),
            _ => Vec::new(),
        };
        let folder = folder_of(path);
        let found = |name: &str| {
            let place = match name.as_bytes().first()? {
                b'.' => join(folder, name),
                b'/' => inside(Path::new(name))?,
                _ => {
                    let found = self.bases.as_ref()?.resolve(Path::new(ROOT).join(folder), name).ok()?;
                    return inside(found.path());
                }
            };
            let place = tree.real(&place)?;
            [place.clone(), format!("{place}.json"), join(&place, "tsconfig.json")]
                .into_iter()
                .find(|path| tree.is_file(path))
        };
        names.into_iter().filter_map(found).collect()
    }
}

fn parse(text: &mut str) -> Option<serde_json::Value> {
    json_strip_comments::strip(text).ok()?;
    serde_json::from_str(text).ok()
}

impl FileSystem for Files {
    fn new() -> Self {
        Self { tree: None, used: Use::Nothing, bases: None }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let (tree, path) = self.at(path)?;
        let text = tree.text(&path).ok_or(io::ErrorKind::NotFound)?;
        // A manifest that is no JSON would fail every import below it.
        let usable = !path.ends_with("package.json") || serde_json::from_str::<serde_json::Value>(&text).is_ok();
        if usable { Ok(text.into_bytes()) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    fn read_to_string(&self, path: &Path) -> io::Result<String> {
        let (tree, path) = self.at(path)?;
        self.tsconfig(tree, &path)
    }

    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let (tree, path) = self.at(path)?;
        let real = tree.real(&path).ok_or(io::ErrorKind::NotFound)?;
        let kind = tree.kind(&real).ok_or(io::ErrorKind::NotFound)?;
        Ok(FileMetadata::new(kind == Kind::File, kind == Kind::Folder, false))
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let (tree, path) = self.at(path)?;
        let kind = tree.kind(&path).ok_or(io::ErrorKind::NotFound)?;
        Ok(FileMetadata::new(kind == Kind::File, kind == Kind::Folder, kind == Kind::Link))
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, ResolveError> {
        self.canonicalize(path).map_err(ResolveError::from)
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        let (tree, path) = self.at(path)?;
        let real = tree.real(&path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Path::new(ROOT).join(real))
    }
}
