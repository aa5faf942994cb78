//! References: what the declarations of a file use of each other and of other files.
//!
//! In: a lowered module. Out: [`Refs`], which say what has to be read to know a name that the file
//! exports, and which of its exports a function is a part of. Nothing is resolved here.

use super::links::imported_at;
use crate::syntax::{BindingId, BindingKind, Exported, Expr, FnId, Imported, Module, SourceOf, Type, TypeId};
use crate::text::Span;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A name of another file: the specifier, and the name there; empty for all of it.
pub(super) type Wanted = (String, String);

/// The declarations of a module's top level and what they use.
pub(super) struct Refs<'a> {
    module: &'a Module,
    /// Where each declaration lies, sorted by start.
    places: Vec<(Span, usize)>,
    /// The declaration of a binding.
    of_binding: FxHashMap<BindingId, usize>,
    /// What each declaration uses; the last one is the module's own body.
    uses: Vec<Uses>,
}

#[derive(Default, Clone)]
struct Uses {
    /// Whether it is a function: whoever calls it is seen in the call graph.
    is_function: bool,
    own: BTreeSet<usize>,
    wanted: BTreeSet<Wanted>,
}

impl<'a> Refs<'a> {
    pub fn new(module: &'a Module) -> Self {
        let mut refs = Self { module, places: Vec::new(), of_binding: FxHashMap::default(), uses: Vec::new() };
        refs.declare();
        refs.uses.resize(refs.uses.len() + 1, Uses::default());
        refs.values();
        refs.types();
        refs
    }

    fn body(&self) -> usize {
        self.uses.len() - 1
    }

    fn declare(&mut self) {
        let module = self.module;
        for (at, binding) in module.bindings.iter().enumerate() {
            let id = BindingId(at as u32);
            if binding.owner != FnId(0) || binding.kind == BindingKind::Import {
                continue;
            }
            let decl = self.uses.len();
            let is_function = match (binding.kind, binding.source.map(|source| source.of)) {
                (BindingKind::Function(_), _) => true,
                (_, Some(SourceOf::Expr(value))) => matches!(module.expr(value), Expr::Closure(_)),
                _ => false,
            };
            self.uses.push(Uses { is_function, ..Uses::default() });
            self.of_binding.insert(id, decl);
            let place = match (binding.kind, binding.source.map(|source| source.of)) {
                (BindingKind::Function(function), _) => Some(module.function(function).at),
                (BindingKind::Class(class), _) => Some(module.class(class).at),
                (_, Some(SourceOf::Expr(value))) => Some(module.expr_span(value)),
                _ => None,
            };
            self.places.extend(place.map(|place| (place, decl)));
        }
        for export in &module.exports {
            if let Exported::Value(value) = export.what {
                self.places.push((module.expr_span(value), self.uses.len()));
                self.uses.push(Uses::default());
            }
        }
        self.places.sort_by_key(|(place, decl)| (place.start, std::cmp::Reverse(place.end), *decl));
    }

    /// The declarations that a place lies in: several names may share one value.
    fn at(&self, offset: u32) -> Vec<usize> {
        let end = self.places.partition_point(|(place, _)| place.start <= offset);
        let Some((last, _)) = self.places[..end].iter().rev().find(|(place, _)| offset < place.end) else {
            return vec![self.body()];
        };
        self.places[..end]
            .iter()
            .rev()
            .take_while(|(place, _)| place.start >= last.start)
            .filter(|(place, _)| place == last)
            .map(|(_, decl)| *decl)
            .collect()
    }

    fn values(&mut self) {
        let module = self.module;
        let mut members: FxHashMap<u32, &str> = FxHashMap::default();
        for expr in &module.exprs {
            if let Expr::Member { of, name } = *expr {
                members.insert(of.0, module.name(name));
            }
        }
        for (at, expr) in module.exprs.iter().enumerate() {
            let offset = module.expr_at[at].start;
            match *expr {
                Expr::Read(binding) => self.mention(offset, binding, members.get(&(at as u32)).copied()),
                Expr::Cast { ty, .. } => self.ty(&self.at(offset), ty),
                other => {
                    if let Some(from) = imported_at(module, other) {
                        self.want(offset, &(from.to_owned(), String::new()));
                    }
                }
            }
        }
    }

    fn mention(&mut self, offset: u32, binding: BindingId, member: Option<&str>) {
        for decl in self.at(offset) {
            self.mention_in(decl, binding, member);
        }
    }

    fn mention_in(&mut self, decl: usize, binding: BindingId, member: Option<&str>) {
        if let Some(own) = self.of_binding.get(&binding) {
            self.uses[decl].own.insert(*own);
        } else if let Some(wanted) = self.imported(binding, member) {
            self.uses[decl].wanted.insert(wanted);
        }
    }

    fn want(&mut self, offset: u32, wanted: &Wanted) {
        for decl in self.at(offset) {
            self.uses[decl].wanted.insert(wanted.clone());
        }
    }

    /// What an import names; of all of a file, the member that is used.
    fn imported(&self, binding: BindingId, member: Option<&str>) -> Option<Wanted> {
        let import = self.module.import_of(binding)?;
        let name = match import.what {
            Imported::Name(name) => self.module.name(name),
            Imported::All => member.unwrap_or(""),
            Imported::Nothing => return None,
        };
        Some((self.module.name(import.from).to_owned(), name.to_owned()))
    }

    fn types(&mut self) {
        let module = self.module;
        for (at, binding) in module.bindings.iter().enumerate() {
            if let Some(ty) = binding.ty {
                let decls = match self.of_binding.get(&BindingId(at as u32)) {
                    Some(decl) => vec![*decl],
                    None => self.at(binding.at.start),
                };
                self.ty(&decls, ty);
            }
        }
        for function in &module.functions {
            let decls = self.at(function.at.start);
            for ty in function.params.iter().filter_map(|param| param.ty).chain(function.returns) {
                self.ty(&decls, ty);
            }
        }
        for class in &module.classes {
            let decls = self.at(class.at.start);
            for member in module.list(class.members) {
                if let Some(ty) = member.ty {
                    self.ty(&decls, ty);
                }
            }
        }
    }

    /// What a type names; values that it speaks of are expressions, seen on their own.
    fn ty(&mut self, decls: &[usize], ty: TypeId) {
        let module = self.module;
        let mut seen = BTreeSet::new();
        let mut stack = vec![ty];
        while let Some(ty) = stack.pop() {
            if !seen.insert(ty.0) {
                continue;
            }
            match module.ty(ty) {
                Type::Named { binding, path, args } => {
                    let member = module.list(path).first().map(|name| module.name(*name));
                    for decl in decls {
                        self.mention_in(*decl, binding, member);
                    }
                    stack.extend(module.list(args));
                }
                Type::Global { args, .. } => stack.extend(module.list(args)),
                Type::Index { of, .. } | Type::Array(of) => stack.push(of),
                Type::Union(types) | Type::Both(types) => stack.extend(module.list(types)),
                Type::Object(fields) => stack.extend(module.list(fields).iter().map(|field| field.ty)),
                Type::Function(returns) => stack.extend(returns),
                _ => {}
            }
        }
    }

    /// Everything that the file wants of others.
    pub fn all(&self) -> BTreeSet<Wanted> {
        let mut all: BTreeSet<Wanted> = self.uses.iter().flat_map(|uses| uses.wanted.iter().cloned()).collect();
        all.extend(self.module.exports.iter().filter_map(|export| self.passed_on(export.what)));
        all
    }

    fn passed_on(&self, what: Exported) -> Option<Wanted> {
        let module = self.module;
        match what {
            Exported::From { from, name } => Some((module.name(from).to_owned(), module.name(name).to_owned())),
            Exported::AllFrom(from) => Some((module.name(from).to_owned(), String::new())),
            Exported::Binding(binding) => self.imported(binding, None),
            Exported::Value(_) => None,
        }
    }

    fn declared(&self, what: Exported) -> Option<usize> {
        match what {
            Exported::Binding(binding) => self.of_binding.get(&binding).copied(),
            Exported::Value(value) => {
                let place = self.module.expr_span(value);
                self.places.iter().find(|(known, _)| *known == place).map(|(_, decl)| *decl)
            }
            Exported::From { .. } | Exported::AllFrom(_) => None,
        }
    }

    /// What has to be known of other files to know a name that this one exports (empty: all names).
    pub fn behind(&self, name: &str) -> BTreeSet<Wanted> {
        let module = self.module;
        let mut wanted = BTreeSet::new();
        let mut decls = BTreeSet::new();
        let mut is_own = false;
        for export in &module.exports {
            let Some(own) = export.name.map(|own| module.name(own)) else { continue };
            if name.is_empty() || own == name || own == "export=" {
                is_own |= own == name;
                wanted.extend(self.passed_on(export.what));
                decls.extend(self.declared(export.what));
            }
        }
        if !is_own && name != "default" {
            let stars = module.exports.iter().filter(|export| export.name.is_none());
            wanted.extend(stars.filter_map(|export| match export.what {
                Exported::AllFrom(from) => Some((module.name(from).to_owned(), name.to_owned())),
                _ => None,
            }));
        }
        wanted.extend(self.reached(decls).into_iter().flat_map(|decl| self.uses[decl].wanted.iter().cloned()));
        wanted
    }

    fn reached(&self, mut decls: BTreeSet<usize>) -> BTreeSet<usize> {
        let mut stack: Vec<usize> = decls.iter().copied().collect();
        while let Some(decl) = stack.pop() {
            for next in &self.uses[decl].own {
                if decls.insert(*next) {
                    stack.push(*next);
                }
            }
        }
        decls
    }

    /// The exported names that the functions at these offsets are a part of.
    pub fn names_of(&self, offsets: &[u32]) -> BTreeSet<String> {
        let touched: BTreeSet<usize> = offsets.iter().flat_map(|offset| self.at(*offset)).collect();
        self.names_reaching(|decl| touched.contains(&decl), |_| false)
    }

    fn names_reaching(&self, is_it: impl Fn(usize) -> bool, passes: impl Fn(&Wanted) -> bool) -> BTreeSet<String> {
        let module = self.module;
        let reaches = |what: Exported| {
            self.passed_on(what).is_some_and(|wanted| passes(&wanted))
                || self.declared(what).is_some_and(|decl| self.reached(BTreeSet::from([decl])).into_iter().any(&is_it))
        };
        let named = module.exports.iter().filter_map(|export| Some((export.name?, export.what)));
        named.filter(|(_, what)| reaches(*what)).map(|(name, _)| module.name(name).to_owned()).collect()
    }

    /// What the declarations that use something wanted want besides, and whether any does.
    pub fn beside(&self, is_it: impl Fn(&Wanted) -> bool) -> Option<BTreeSet<Wanted>> {
        let users: BTreeSet<usize> =
            (0..self.uses.len()).filter(|decl| self.uses[*decl].wanted.iter().any(&is_it)).collect();
        let passes = self.module.exports.iter().any(|export| self.passed_on(export.what).is_some_and(|it| is_it(&it)));
        if users.is_empty() && !passes {
            return None;
        }
        Some(self.reached(users).into_iter().flat_map(|decl| self.uses[decl].wanted.iter().cloned()).collect())
    }

    /// The names under which a file hands on what it wants of others.
    pub fn handed_on(&self, is_it: impl Fn(&Wanted) -> bool) -> BTreeSet<String> {
        // An object or an instance made of it is it, for whoever calls its members.
        let made = |decl: usize| {
            let uses = &self.uses[decl];
            !uses.is_function && decl != self.body() && uses.wanted.iter().any(&is_it)
        };
        self.names_reaching(made, &is_it)
    }
}

/// Names by file, sorted.
pub(super) type Names = BTreeMap<String, BTreeSet<String>>;
