//! Ingress: which functions a framework calls when something comes in, and what their parameters are.
//!
//! In: the models, registrations by call and exports by file. Out: [`Entry`]s, sorted by handler.

use super::again::Kept;
use super::exports::Found as Exported;
use super::hop::package_of;
use super::route::Entry;
use super::{ExprKey, FileId, FnKey, Origin, Program};
use crate::change::folder_of;
use crate::model::{CompiledIngress, Ingress};
use crate::syntax::{BindingId, DirectiveKind, Expr, ExprId, FnKind, print};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Wrappers around one handler that are looked through: `a(b(c(handler)))`.
const WRAPPERS: usize = 4;

/// What a handler's parameters are: (parameter, path) to an origin.
pub(super) type Known = BTreeMap<(u16, String), String>;

/// A handler that was found.
struct Found {
    handler: FnKey,
    wrappers: Vec<(FnKey, u16)>,
    by_name: bool,
}

impl Program {
    /// Finds every entry that each file tells of.
    pub(super) fn find_told(&self, kept: &Kept<'_>) -> Vec<Arc<Vec<Entry>>> {
        let of_file = |file: FileId| {
            if let Some(known) = kept.told(self, file) {
                return known;
            }
            let mut entries = Vec::new();
            self.registered(file, &mut entries);
            self.exported(file, &mut entries);
            self.taking(file, &mut entries);
            Arc::new(entries)
        };
        let ids: Vec<FileId> = self.file_ids().collect();
        ids.into_par_iter().map(of_file).collect()
    }

    /// The entries that the files tell of, one for each handler.
    pub(super) fn find_entries(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self.told.iter().flat_map(|told| told.iter().cloned()).collect();
        // The first model that fits wins: more special ones stand before general ones.
        entries.sort_by_key(|entry: &Entry| (entry.handler, entry.rank));
        entries.dedup_by_key(|entry| entry.handler);
        entries
    }

    fn registered(&self, file: FileId, entries: &mut Vec<Entry>) {
        let module = self.module(file);
        for function in module.function_ids() {
            for call in self.file(file).calls(function) {
                let (Expr::Call { callee, args } | Expr::New { callee, args }) = module.expr(call) else { continue };
                // Most calls cannot register anything; ask for their origin only if an argument may be a handler.
                if module.list(args).iter().all(|arg| !may_be_function(module.expr(arg.value))) {
                    continue;
                }
                let Origin::Outside(text) = self.origin(file, callee) else { continue };
                for model in self.models.ingress_of_call(&text) {
                    if !self.applies(file, &model.model) || !self.first_fits(file, call, model) {
                        continue;
                    }
                    let written = print::path(module, callee);
                    for found in self.handlers(file, call, &model.model) {
                        entries.push(self.make_entry(found, model, &written, Some(ExprKey { file, expr: call })));
                    }
                }
            }
        }
    }

    fn make_entry(&self, found: Found, model: &CompiledIngress, name: &str, registered_at: Option<ExprKey>) -> Entry {
        let rank = self.models.ingress.iter().position(|known| std::ptr::eq(known, model)).unwrap_or(0) as u32;
        Entry {
            handler: found.handler,
            kind: model.model.kind.clone(),
            on_throw: model.model.on_throw,
            name: name.to_owned(),
            by_name: found.by_name,
            wrappers: found.wrappers,
            rank,
            registered_at,
        }
    }

    /// Whether the declared version of the package fits the model.
    fn applies(&self, file: FileId, model: &Ingress) -> bool {
        model.package.iter().all(|(package, range)| {
            let Ok(range) = semver::VersionReq::parse(range) else { return false };
            self.version(file, package).is_some_and(|version| range.matches(&version))
        })
    }

    /// The least version of a package that the nearest manifest above a file asks for.
    fn version(&self, file: FileId, package: &str) -> Option<semver::Version> {
        let mut folder = self.file(file).path.as_str();
        loop {
            folder = folder_of(folder);
            if let Some(range) = self.manifests.get(folder).and_then(|manifest| manifest.range(package)) {
                return least_version(range);
            }
            if folder.is_empty() {
                return None;
            }
        }
    }

    fn first_fits(&self, file: FileId, call: ExprId, model: &CompiledIngress) -> bool {
        if model.model.first.is_empty() {
            return true;
        }
        let Some(first) = self.args(ExprKey { file, expr: call }).first() else { return false };
        let module = self.module(file);
        match (module.expr(first.value), self.origin(file, first.value)) {
            (Expr::Text(name), _) => model.first.matches(&module.name(name).to_lowercase()),
            // `Events.MessageCreate`
            (_, Origin::Outside(text)) => {
                let name = text.rsplit(['.', '#']).next().unwrap_or_default();
                model.first.matches(&name.to_lowercase())
            }
            _ => false,
        }
    }

    /// The handlers among the arguments of a registration.
    fn handlers(&self, file: FileId, call: ExprId, model: &Ingress) -> Vec<Found> {
        let args = self.args(ExprKey { file, expr: call });
        let at = |index: usize| args.get(index).map(|arg| arg.value);
        match model.handler.as_deref().unwrap_or("last") {
            "all" => args.iter().flat_map(|arg| self.handlers_in(file, arg.value)).collect(),
            "last" => args.last().map(|arg| self.handlers_in(file, arg.value)).unwrap_or_default(),
            place => match place.split_once('.') {
                Some((index, path)) => {
                    let Some(value) = index.parse().ok().and_then(at) else { return Vec::new() };
                    self.found(&self.reach(self.origin(file, value), &format!(".{path}")), false)
                }
                None => match place.parse().ok().and_then(at) {
                    Some(value) => self.handlers_in(file, value),
                    None => Vec::new(),
                },
            },
        }
    }

    fn found(&self, origin: &Origin, by_name: bool) -> Vec<Found> {
        match origin {
            Origin::Function(handler) => vec![Found { handler: *handler, wrappers: Vec::new(), by_name }],
            Origin::Literal(key) => self.functions_of_object(*key),
            _ => Vec::new(),
        }
    }

    /// The functions that are fields of an object literal.
    fn functions_of_object(&self, key: ExprKey) -> Vec<Found> {
        let module = self.module(key.file);
        let Expr::Object(fields) = module.expr(key.expr) else { return Vec::new() };
        module
            .list(fields)
            .iter()
            .filter_map(|field| match self.origin(key.file, field.value) {
                Origin::Function(handler) => Some(Found { handler, wrappers: Vec::new(), by_name: false }),
                _ => None,
            })
            .collect()
    }

    /// A handler as a value: a function, an array or object of them, or one inside wrappers. What a
    /// wrapper returns is called by the framework too.
    fn handlers_in(&self, file: FileId, value: ExprId) -> Vec<Found> {
        let mut found = Vec::new();
        let mut wrappers: Vec<Option<(FnKey, u16)>> = Vec::new();
        let (mut file, mut value) = (file, value);
        for _ in 0..=WRAPPERS {
            let origin = self.origin(file, value);
            match origin {
                Origin::Function(handler) => {
                    let by_name = wrappers.iter().any(Option::is_none);
                    let wrappers = wrappers.iter().flatten().copied().collect();
                    found.push(Found { handler, wrappers, by_name });
                }
                Origin::Literal(_) if wrappers.is_empty() => return self.found(&origin, false),
                _ => {}
            }
            // `const POST = withX(handler)`: go to the call that makes the value.
            let Some((at, call)) = self.defining_call(file, value) else { break };
            file = at;
            let module = self.module(file);
            let (Expr::Call { callee, args } | Expr::New { callee, args }) = module.expr(call) else { break };
            let inner = module
                .list(args)
                .iter()
                .position(|arg| may_be_function(module.expr(arg.value)) && self.leads_to_function(file, arg.value));
            let Some(index) = inner else { break };
            wrappers.push(match self.origin(file, callee) {
                Origin::Function(wrapper) => Some((wrapper, index as u16)),
                _ => None,
            });
            value = module.list(args)[index].value;
        }
        found
    }

    fn leads_to_function(&self, file: FileId, value: ExprId) -> bool {
        matches!(self.origin(file, value), Origin::Function(_)) || self.defining_call(file, value).is_some()
    }

    /// The call whose result a value is: itself, or what its variable begins with.
    fn defining_call(&self, file: FileId, value: ExprId) -> Option<(FileId, ExprId)> {
        let (file, value) = match self.module(file).expr(value) {
            Expr::Read(binding) => self.defined(file, binding)?,
            _ => (file, value),
        };
        matches!(self.module(file).expr(value), Expr::Call { .. }).then_some((file, value))
    }

    fn exported(&self, file: FileId, entries: &mut Vec<Entry>) {
        let module = self.module(file);
        let path = self.file(file).path.as_str();
        let directive = |wanted: &str, owner: Option<crate::syntax::FnId>| {
            module.directives.iter().any(|directive| {
                matches!(directive.kind, DirectiveKind::Prologue(text) if module.name(text) == wanted)
                    && owner.is_none_or(|owner| directive.owner == owner)
            })
        };
        for model in &self.models.ingress {
            let by_file = !model.model.files.is_empty() && model.files.matches(path);
            let by_directive = model.model.directive.as_deref().is_some_and(|wanted| directive(wanted, None));
            if !(by_file || by_directive) || !self.applies(file, &model.model) {
                continue;
            }
            for (name, found) in self.exported_names(file) {
                let name = name.as_str();
                let fits = by_directive && model.model.export.is_empty() || model.export.matches(name);
                if !fits {
                    continue;
                }
                let found = match found {
                    Exported::Binding(file, binding) => self.handlers_of_binding(file, binding),
                    Exported::Value(file, value) => self.handlers_in(file, value),
                    Exported::Member(..) | Exported::Module(_) | Exported::Elsewhere(..) => Vec::new(),
                };
                for found in found {
                    let function = self.module(found.handler.file).function(found.handler.function);
                    // `"use server"` may stand in one function of a module.
                    let wanted = model.model.directive.as_deref();
                    let here = wanted.is_none_or(|wanted| {
                        directive(wanted, Some(crate::syntax::FnId(0)))
                            || directive(wanted, Some(found.handler.function))
                    });
                    if here && function.kind != FnKind::Module {
                        entries.push(self.make_entry(found, model, name, None));
                    }
                }
            }
        }
    }

    /// Functions that are fields of an object and say by a parameter's type what they are given.
    fn taking(&self, file: FileId, entries: &mut Vec<Entry>) {
        let module = self.module(file);
        for function in self.functions(file) {
            if self.file(file).facts.object_of_method(function).is_none() {
                continue;
            }
            for param in &module.function(function).params {
                let Some(Origin::Outside(text)) = param.ty.and_then(|ty| self.origin_of_type(file, ty)) else {
                    continue;
                };
                for model in self.models.ingress.iter().filter(|model| model.takes.matches(&text)) {
                    let handler = FnKey { file, function };
                    let name = module.function(function).name.map_or("handler", |name| module.name(name));
                    let found = Found { handler, wrappers: Vec::new(), by_name: true };
                    entries.push(self.make_entry(found, model, name, None));
                }
            }
        }
    }

    fn handlers_of_binding(&self, file: FileId, binding: BindingId) -> Vec<Found> {
        match self.value_of(file, binding) {
            Some(value) => self.handlers_in(file, value),
            None => self.found(&self.origin_of_binding(file, binding), false),
        }
    }

    /// The entry whose handler a function is.
    pub fn entry(&self, key: FnKey) -> Option<&Entry> {
        self.entries.binary_search_by_key(&key, |entry| entry.handler).ok().map(|at| &self.entries[at])
    }

    /// What the parameters of the handlers are, by handler.
    pub(super) fn handler_parameters(&self, entries: &[Entry]) -> BTreeMap<FnKey, Known> {
        let mut all: BTreeMap<FnKey, Known> = BTreeMap::new();
        for entry in entries {
            let model = &self.models.ingress[entry.rank as usize].model;
            let known = all.entry(entry.handler).or_default();
            for (place, origin) in &model.params {
                let (index, path) = match place.split_once('.') {
                    Some((index, path)) => (index, format!(".{path}")),
                    None => (place.as_str(), String::new()),
                };
                if let Ok(index) = index.parse() {
                    known.insert((index, path), origin.clone());
                }
            }
        }
        all
    }
}

fn may_be_function(expr: Expr) -> bool {
    !matches!(
        expr,
        Expr::Text(_)
            | Expr::Number(_)
            | Expr::Template(_)
            | Expr::Regex
            | Expr::Null
            | Expr::Undefined
            | Expr::Bool(_)
            | Expr::Tag(_)
            | Expr::Binary { .. }
            | Expr::Not(_)
            | Expr::Unary(..)
    )
}

/// The least version that a range allows, as far as its first number tells.
fn least_version(range: &str) -> Option<semver::Version> {
    let digits = range.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(digits.len());
    let mut parts = digits[..end].split('.').map(|part| part.parse().unwrap_or(0));
    let major = parts.next().filter(|_| !digits.is_empty())?;
    Some(semver::Version::new(major, parts.next().unwrap_or(0), parts.next().unwrap_or(0)))
}

/// The package of a resolved text, for messages.
pub fn package(text: &str) -> Option<&str> {
    package_of(text.split('#').next()?)
}
