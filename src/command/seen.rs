//! What a repository's code shows of itself at a glance: routes, webhooks, and the packages that models
//! know.
//!
//! In: paths and texts. Out: [`Seen`]. Nothing is parsed: routes are known by their files, packages by
//! the imports of a text's outline.

use crate::model::{CompiledIngress, ModelError, Models, Packages};
use crate::program::package_of;
use crate::source::Source;
use crate::syntax::outline::Outline;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a package is there for, as far as settings go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// It brings events or webhooks.
    Events,
    /// It brings requests or jobs.
    Requests,
    /// It moves money.
    Money,
    /// It reads or makes tokens.
    Tokens,
    /// It asks a model.
    Models,
    /// It asks another third party.
    Services,
}

/// Which kinds of ingress and roles make which use; the first that fits counts.
const USES: [(Use, &[&str]); 7] = [
    (Use::Requests, &["request"]),
    (Use::Events, &["event", "webhook"]),
    (Use::Money, &["billing", "refund"]),
    (Use::Models, &["provider"]),
    (Use::Tokens, &["jwt-verify", "jwt-sign", "jwt-decode"]),
    (Use::Requests, &["job"]),
    (Use::Services, &["api", "reply", "emit"]),
];

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Files that are routes.
    pub routes: usize,
    /// Those that are webhooks.
    pub webhooks: BTreeSet<String>,
    /// Files that let requests in or not, before any route.
    pub guards: BTreeSet<String>,
    /// The files that import a package, by what it is there for.
    pub packages: BTreeMap<Use, BTreeMap<String, BTreeSet<String>>>,
}

impl Seen {
    /// The files of a use.
    pub fn files(&self, used: Use) -> BTreeSet<&str> {
        self.packages.get(&used).into_iter().flat_map(BTreeMap::values).flatten().map(String::as_str).collect()
    }
}

/// Looks at code.
pub(super) fn look(code: &[&str], read: &(dyn Fn(&str) -> Option<Arc<Source>> + Sync)) -> Result<Seen, ModelError> {
    let (models, packages) = (Models::load(&[])?, Packages::load()?);
    let mut seen = Seen::default();
    let outlines = |path: &&str| Some(((*path).to_owned(), Outline::new(read(path)?.text.as_bytes())));
    let outlines: Vec<_> = code.par_iter().filter_map(outlines).collect();
    let mut known: BTreeMap<String, Option<Use>> = BTreeMap::new();
    for (path, outline) in outlines {
        by_file(&models, &path, &outline, &mut seen);
        let froms: BTreeSet<&str> = outline.mentions().map(|mention| mention.from).collect();
        for from in froms {
            let used = *known.entry(from.to_owned()).or_insert_with(|| use_of(&packages, from));
            if let (Some(used), Some(package)) = (used, package_of(from)) {
                let files = seen.packages.entry(used).or_default().entry(package.to_owned()).or_default();
                files.insert(path.clone());
            }
        }
    }
    Ok(seen)
}

fn use_of(packages: &Packages, from: &str) -> Option<Use> {
    let known = packages.known_for(from);
    USES.iter().find(|(_, names)| names.iter().any(|name| known.contains(name))).map(|(used, _)| *used)
}

/// Whether its path and what it exports make a file a route, a webhook or a guard.
fn by_file(models: &Models, path: &str, outline: &Outline, seen: &mut Seen) {
    let is_it = |ingress: &&CompiledIngress| {
        let exports = || ingress.model.export.is_empty() || outline.shown().any(|name| ingress.export.matches(name));
        ingress.files.matches(path) && (outline.is_open() || exports())
    };
    let Some(ingress) = models.ingress.iter().find(is_it) else { return };
    match ingress.model.kind.as_str() {
        "guard" => _ = seen.guards.insert(path.to_owned()),
        kind => {
            seen.routes += 1;
            if kind == "webhook" {
                seen.webhooks.insert(path.to_owned());
            }
        }
    }
}
