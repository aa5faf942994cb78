//! Exports: what a name that a file exports stands for, through re-exports.
//!
//! In: a file and a name. Out: the binding or value, in whichever loaded file it is, or the package it
//! comes from. A file's own exports come before those of its `export *`; a name that two of these
//! give differently is nobody's.

use super::hop::{Hop, extend};
use super::links::imported_at;
use super::origin::{Cursor, Search, import};
use super::{FileId, Origin, Program};
use crate::limits::REEXPORTS;
use crate::syntax::{BindingId, BindingKind, Exported, Expr, ExprId, Import, Imported, List, Module, Name};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// What an exported name stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Found {
    /// A binding of a loaded file; not an import.
    Binding(FileId, BindingId),
    /// A value.
    Value(FileId, ExprId),
    /// A member of a value: a name of `module.exports = ..`.
    Member(FileId, ExprId, String),
    /// All of a file.
    Module(FileId),
    /// A name of a module that is not loaded: the file that asks for it, specifier and name (empty for
    /// all of it).
    Elsewhere(FileId, String, String),
}

/// The exports of a file by name.
#[derive(Debug, Default)]
pub(super) struct Index {
    named: FxHashMap<Box<str>, Vec<u32>>,
    stars: Vec<Name>,
    /// What each import leads to, as a value and as a type: asked for by every use of it.
    targets: FxHashMap<BindingId, [OnceLock<Option<Found>>; 2]>,
}

impl Index {
    pub fn new(module: &Module) -> Self {
        let imports = module.imports.iter().filter_map(|import| Some((import.binding?, <[_; 2]>::default())));
        let mut index = Self { targets: imports.collect(), ..Self::default() };
        for (at, export) in module.exports.iter().enumerate() {
            match (export.name, export.what) {
                (Some(name), _) => index.named.entry(module.name(name).into()).or_default().push(at as u32),
                (None, Exported::AllFrom(from)) => index.stars.push(from),
                (None, _) => {}
            }
        }
        index
    }
}

impl Program {
    /// What a file exports under a name; as a type, if `types`, else as a value.
    pub(super) fn export(&self, file: FileId, name: &str, types: bool) -> Option<Found> {
        let mut found: BTreeSet<Found> = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut stack = vec![(file, name.to_owned())];
        while let Some((file, name)) = stack.pop() {
            if seen.len() > REEXPORTS || !seen.insert((file, name.clone())) {
                continue;
            }
            match self.own_export(file, &name, types) {
                Some(Found::Elsewhere(at, from, name)) => match self.links.target(at, &from) {
                    Some(target) if name.is_empty() => _ = found.insert(self.whole(target)),
                    Some(target) => stack.push((target, name)),
                    None => _ = found.insert(Found::Elsewhere(at, from, name)),
                },
                Some(own) => _ = found.insert(own),
                None if name == "default" => {}
                None => {
                    let module = self.module(file);
                    for from in &self.exports[file.0 as usize].stars {
                        let from = module.name(*from);
                        match self.links.target(file, from) {
                            Some(target) => stack.push((target, name.clone())),
                            None => _ = found.insert(Found::Elsewhere(file, from.to_owned(), name.clone())),
                        }
                    }
                }
            }
        }
        // What is at hand is surer than what a module that is not loaded may hold.
        let mut sure = found.iter().filter(|found| !matches!(found, Found::Elsewhere(..)));
        match (sure.next(), sure.next(), found.len()) {
            (Some(one), None, _) => Some(one.clone()),
            (None, _, 1) => found.pop_first(),
            _ => None,
        }
    }

    /// What the file itself says about a name; imports and re-exports as [`Found::Elsewhere`].
    fn own_export(&self, file: FileId, name: &str, types: bool) -> Option<Found> {
        let module = self.module(file);
        let named = |name: &str| {
            let exports = self.exports[file.0 as usize].named.get(name)?;
            let kind = |at: &u32| match module.exports[*at as usize].what {
                Exported::Binding(id) => match module.binding(id).kind {
                    BindingKind::Type => Some(true),
                    BindingKind::Class(_) | BindingKind::Enum | BindingKind::Import => None,
                    _ => Some(false),
                },
                Exported::Value(_) => Some(false),
                _ => None,
            };
            // `const X` and `type X` may share a name.
            let fits = exports.iter().find(|at| kind(at).is_none_or(|is_type| is_type == types));
            fits.or(exports.first()).copied()
        };
        let at = named(name).or_else(|| if name == "default" { named("export=") } else { None });
        let Some(at) = at else {
            let Exported::Value(whole) = module.exports[named("export=")? as usize].what else { return None };
            return Some(Found::Member(file, whole, name.to_owned()));
        };
        Some(match module.exports[at as usize].what {
            Exported::Binding(id) => match self.import_of(file, id) {
                Some(import) => {
                    let name = match import.what {
                        Imported::Name(name) => module.name(name),
                        Imported::All | Imported::Nothing => "",
                    };
                    Found::Elsewhere(file, module.name(import.from).to_owned(), name.to_owned())
                }
                None => Found::Binding(file, id),
            },
            Exported::Value(value) => Found::Value(file, value),
            Exported::From { from, name } => {
                Found::Elsewhere(file, module.name(from).to_owned(), module.name(name).to_owned())
            }
            Exported::AllFrom(from) => Found::Elsewhere(file, module.name(from).to_owned(), String::new()),
        })
    }

    /// The import that a binding is.
    fn import_of(&self, file: FileId, id: BindingId) -> Option<&Import> {
        self.file(file).facts.import_of(self.module(file), id).filter(|_| self.is_import(file, id))
    }

    /// Whether a binding is an import and nothing more: `const { a } = require("x")` has steps of its own.
    fn is_import(&self, file: FileId, id: BindingId) -> bool {
        self.module(file).binding(id).kind == BindingKind::Import
    }

    /// All of a file: `module.exports = x` is `x`, else the names that it exports.
    fn whole(&self, file: FileId) -> Found {
        let module = self.module(file);
        let equals =
            module.exports.iter().find(|export| export.name.is_some_and(|name| module.name(name) == "export="));
        match equals.map(|export| export.what) {
            Some(Exported::Value(value)) => Found::Value(file, value),
            Some(Exported::Binding(id)) if !self.is_import(file, id) => Found::Binding(file, id),
            _ => Found::Module(file),
        }
    }

    /// The names that a file exports as values, those of its `export *` included, with what they stand
    /// for; sorted by name.
    pub(super) fn exported_names(&self, file: FileId) -> Vec<(String, Found)> {
        let mut names: BTreeSet<&str> = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut stack = vec![file];
        while let Some(at) = stack.pop() {
            if seen.len() > REEXPORTS || !seen.insert(at) {
                continue;
            }
            let module = self.module(at);
            let own = module.exports.iter().filter(|export| !export.type_only).filter_map(|export| export.name);
            names.extend(own.map(|name| module.name(name)).filter(|name| at == file || *name != "default"));
            let stars = self.exports[at.0 as usize].stars.iter();
            stack.extend(stars.filter_map(|from| self.links.target(at, module.name(*from))));
        }
        let found: BTreeMap<&str, Found> =
            names.into_iter().filter_map(|name| Some((name, self.export(file, name, false)?))).collect();
        found.into_iter().map(|(name, found)| (name.to_owned(), found)).collect()
    }

    /// Where the value of a variable is written, through imports.
    pub(super) fn defined(&self, file: FileId, binding: BindingId) -> Option<(FileId, ExprId)> {
        let (file, binding) = match self.import_target(file, binding, false) {
            None => (file, binding),
            Some(Found::Binding(file, binding)) => (file, binding),
            Some(Found::Value(file, value)) => return Some((file, value)),
            Some(Found::Member(..) | Found::Module(_) | Found::Elsewhere(..)) => return None,
        };
        Some((file, self.value_of(file, binding)?))
    }

    /// What an import binds; `None` if the binding is no import.
    fn import_target(&self, file: FileId, binding: BindingId, types: bool) -> Option<Found> {
        let known = &self.exports[file.0 as usize].targets.get(&binding)?[usize::from(types)];
        known.get_or_init(|| self.find_import(file, binding, types)).clone()
    }

    /// Whether calling an import of a package, or a member of one, gives back what it is called with.
    pub(super) fn hands_back(&self, file: FileId, callee: ExprId) -> bool {
        let module = self.module(file);
        let (of, member) = match module.expr(callee) {
            Expr::Member { of, name } => (of, Some(module.name(name))),
            _ => (callee, None),
        };
        let Expr::Read(binding) = module.expr(of) else { return false };
        let Some(Found::Elsewhere(at, from, name)) = self.import_target(file, binding, false) else { return false };
        let Origin::Outside(mut text) = import(self, at, &from, &name) else { return false };
        if let Some(member) = member {
            text = extend(&text, &Hop::Key(member.to_owned()));
        }
        self.models.roles_of_call(&text).0 & self.models.role("hands-back") != 0
    }

    fn find_import(&self, file: FileId, binding: BindingId, types: bool) -> Option<Found> {
        let module = self.module(file);
        let import = self.import_of(file, binding)?;
        let from = module.name(import.from);
        let name = match import.what {
            Imported::Name(name) => module.name(name),
            Imported::All => "",
            Imported::Nothing => return None,
        };
        let elsewhere = || Found::Elsewhere(file, from.to_owned(), name.to_owned());
        Some(match self.links.target(file, from) {
            Some(target) if name.is_empty() => self.whole(target),
            Some(target) => self.export(target, name, types).unwrap_or_else(elsewhere),
            None => elsewhere(),
        })
    }
}

impl Search<'_> {
    /// Goes on where an import leads.
    pub(super) fn imported(&mut self, file: FileId, binding: BindingId) -> Cursor {
        match self.program.import_target(file, binding, false) {
            Some(found) => self.go_on(found),
            None => Cursor::At(Origin::Unknown),
        }
    }

    /// Goes on in what `import("x")` or `require("x")` gives.
    pub(super) fn import_call(&mut self, file: FileId, expr: ExprId) -> Option<Cursor> {
        let module = self.program.module(file);
        let from = imported_at(module, module.expr(expr))?;
        Some(match self.program.links.target(file, from) {
            Some(target) => {
                let whole = self.program.whole(target);
                self.go_on(whole)
            }
            None => Cursor::At(import(self.program, file, from, "")),
        })
    }

    /// One step from all of a file: a name that it exports; called or constructed, its default.
    pub(super) fn of_module(&mut self, file: FileId, hop: Hop) -> Option<Cursor> {
        let found = match hop {
            Hop::Key(name) => self.program.export(file, &name, false)?,
            Hop::Call | Hop::New | Hop::Element => {
                self.rest.push(hop);
                self.program.export(file, "default", false)?
            }
        };
        Some(self.go_on(found))
    }

    fn go_on(&mut self, found: Found) -> Cursor {
        match found {
            Found::Binding(file, binding) => self.binding(file, binding),
            Found::Value(file, value) => Cursor::Expr(file, value),
            Found::Member(file, value, name) => {
                self.rest.push(Hop::Key(name));
                Cursor::Expr(file, value)
            }
            Found::Module(file) => Cursor::At(Origin::Module(file)),
            Found::Elsewhere(file, from, name) => Cursor::At(import(self.program, file, &from, &name)),
        }
    }

    /// What an imported type names, with the further names of `ns.Type`.
    pub(super) fn imported_type(&mut self, file: FileId, binding: BindingId, path: List<Name>) -> Option<Cursor> {
        let module = self.program.module(file);
        let found = self.program.import_target(file, binding, true)?;
        self.named_type(found, module.list(path).iter().map(|name| module.name(*name)))
    }

    /// What a type names that is imported where it stands: `import("x").Type`.
    pub(super) fn type_of_import(&mut self, file: FileId, from: Name, path: List<Name>) -> Option<Cursor> {
        let module = self.program.module(file);
        let mut names = module.list(path).iter().map(|name| module.name(*name));
        let from = module.name(from);
        let found = match self.program.links.target(file, from) {
            Some(target) => self.program.whole(target),
            None => Found::Elsewhere(file, from.to_owned(), names.next()?.to_owned()),
        };
        self.named_type(found, names)
    }

    fn named_type<'n>(&mut self, mut found: Found, mut names: impl Iterator<Item = &'n str>) -> Option<Cursor> {
        while let Found::Module(at) = found {
            found = self.program.export(at, names.next()?, true)?;
        }
        match found {
            Found::Binding(at, id) => match self.program.module(at).binding(id).kind {
                BindingKind::Class(class) => Some(Cursor::At(Origin::Instance(at, class))),
                BindingKind::Type => Some(Cursor::Type(at, self.program.module(at).binding(id).ty?)),
                _ => None,
            },
            Found::Value(at, value) => match self.program.module(at).expr(value) {
                Expr::Class(class) => Some(Cursor::At(Origin::Instance(at, class))),
                _ => None,
            },
            Found::Elsewhere(at, from, name) => {
                let mut origin = import(self.program, at, &from, &name);
                for name in names {
                    if let Origin::Outside(text) = origin {
                        let joint = if text.ends_with('#') { "" } else { "." };
                        let longer = format!("{text}{joint}{name}");
                        origin = Origin::Outside(self.program.models.alias(&longer).unwrap_or(longer));
                    }
                }
                Some(Cursor::At(origin))
            }
            Found::Member(..) | Found::Module(_) => None,
        }
    }
}
