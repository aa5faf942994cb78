//! Origins through declared types: what a type names, and what is reached from it.
//!
//! In: a type of a module. Out: where a value of that type comes from.

use super::hop::Hop;
use super::origin::{Cursor, Search};
use super::{FileId, Origin, Program};
use crate::syntax::{Type, TypeId};

/// Types that stand for their first argument, as far as origins go.
const TRANSPARENT: [&str; 10] = [
    "Promise",
    "PromiseLike",
    "Awaited",
    "Readonly",
    "Partial",
    "Required",
    "NonNullable",
    "Omit",
    "Pick",
    "InstanceType",
];

impl Program {
    /// What a declared type names, if it is anything that can be followed.
    pub fn origin_of_type(&self, file: FileId, ty: TypeId) -> Option<Origin> {
        Search::new(self).type_only(file, ty)
    }
}

impl Search<'_> {
    /// One step from a type towards what it names.
    pub(super) fn type_step(&mut self, file: FileId, ty: TypeId) -> Option<Cursor> {
        use crate::syntax::BindingKind as Kind;
        let module = self.program.module(file);
        match module.ty(ty) {
            Type::Named { binding, path, .. } => match module.binding(binding).kind {
                Kind::Import => self.imported_type(file, binding, path),
                Kind::Class(class) => Some(Cursor::At(Origin::Instance(file, class))),
                Kind::Type => Some(Cursor::Type(file, module.binding(binding).ty?)),
                _ => None,
            },
            Type::Global { path, args } => {
                let names: Vec<&str> = module.list(path).iter().map(|name| module.name(*name)).collect();
                match (names.as_slice(), module.list(args)) {
                    ([name, ..], [of, ..]) if TRANSPARENT.contains(name) => Some(Cursor::Type(file, *of)),
                    (["ReturnType"], [of]) => {
                        self.rest.push(Hop::Call);
                        Some(Cursor::Type(file, *of))
                    }
                    (["InstanceType"], [of]) => Some(Cursor::Type(file, *of)),
                    (["Array" | "ReadonlyArray" | "Set"], [of]) if self.rest.last() == Some(&Hop::Element) => {
                        self.rest.pop();
                        Some(Cursor::Type(file, *of))
                    }
                    (["Request" | "Response" | "WebSocket" | "ReadableStream" | "WritableStream" | "Headers"], _) => {
                        // What belongs to an instance may have another name than what belongs to its class.
                        let text = names.join(".");
                        let known = self.program.models.alias(&format!("{text}.prototype"));
                        Some(Cursor::At(Origin::Outside(known.unwrap_or(text))))
                    }
                    _ => None,
                }
            }
            Type::Index { of, key } => {
                self.rest.push(Hop::Key(module.name(key).to_owned()));
                Some(Cursor::Type(file, of))
            }
            Type::Imported { from, path } => self.type_of_import(file, from, path),
            Type::TypeOf(expr) => Some(Cursor::Expr(file, expr)),
            Type::Union(types) => module
                .list(types)
                .iter()
                .find(|ty| !matches!(module.ty(**ty), Type::Undefined | Type::Null))
                .map(|ty| Cursor::Type(file, *ty)),
            Type::Both(types) => {
                let key = match self.rest.last() {
                    Some(Hop::Key(key)) => Some(key.clone()),
                    _ => None,
                };
                let list = module.list(types);
                let holds = |ty: &&TypeId| match module.ty(**ty) {
                    Type::Object(fields) => {
                        key.as_ref().is_some_and(|key| module.list(fields).iter().any(|f| module.name(f.key) == key))
                    }
                    _ => false,
                };
                let named = |ty: &&TypeId| !matches!(module.ty(**ty), Type::Object(_));
                list.iter().find(holds).or_else(|| list.iter().find(named)).map(|ty| Cursor::Type(file, *ty))
            }
            Type::Object(fields) => {
                let Some(Hop::Key(key)) = self.rest.last() else { return None };
                let field = module.list(fields).iter().find(|field| module.name(field.key) == key)?;
                self.rest.pop();
                Some(Cursor::Type(file, field.ty))
            }
            Type::Function(Some(returns)) if self.rest.last() == Some(&Hop::Call) => {
                self.rest.pop();
                Some(Cursor::Type(file, returns))
            }
            Type::Array(of) if self.rest.last() == Some(&Hop::Element) => {
                self.rest.pop();
                Some(Cursor::Type(file, of))
            }
            _ => None,
        }
    }
}
