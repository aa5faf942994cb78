//! Types, as far as the form keeps them.
//!
//! In: parts of type nodes. Out: types, interfaces, type parameters.

use super::expr::in_slot;
use super::kind::{Kind, Slot};
use super::literal;
use super::value::{Frame, Part, Value};
use super::walk::Lowering;
use crate::syntax::{Expr, ExprId, Key, List, Name, Stmt, Type, TypeField, TypeId};

impl Lowering<'_> {
    /// A type keyword or a literal type.
    pub(super) fn simple_type(&mut self, kind: Kind, text: &str) -> TypeId {
        let ty = match (kind, text) {
            (Kind::PredefinedType, "string") => Type::Text,
            (Kind::PredefinedType, "boolean") | (Kind::LiteralType, "true" | "false") => Type::Bool,
            (Kind::PredefinedType, "void") | (_, "undefined") => Type::Undefined,
            (Kind::LiteralType, "null") => Type::Null,
            (Kind::LiteralType, text) if text.starts_with(['"', '\'']) => {
                let cooked = literal::cook(text.get(1..text.len().saturating_sub(1)).unwrap_or(""));
                Type::Literal(self.b.name(&cooked))
            }
            _ => Type::Other,
        };
        self.b.ty(ty)
    }

    /// The type that a dotted name names.
    pub(super) fn named_type(&mut self, text: &str) -> TypeId {
        let names: Vec<Name> = text.split('.').map(|name| self.b.name(name.trim())).collect();
        let path = self.b.list(names);
        self.type_path(path, List::EMPTY)
    }

    /// A type by its names, resolved at the end.
    pub(super) fn type_path(&mut self, path: List<Name>, args: List<TypeId>) -> TypeId {
        let id = self.b.ty(Type::Global { path, args });
        self.scopes.named(id);
        id
    }

    /// The type that `import("x").A` names, which the grammar reads as a value.
    pub(super) fn import_type(&mut self, value: ExprId) -> TypeId {
        let mut names: Vec<Name> = Vec::new();
        let mut at = value;
        let from = loop {
            match self.b.module.expr(at) {
                Expr::Member { of, name } => {
                    names.push(name);
                    at = of;
                }
                Expr::ImportCall(module) => break Some(self.b.module.expr(module)),
                _ => break None,
            }
        };
        let Some(Expr::Text(from)) = from else { return self.b.ty(Type::Other) };
        let path = self.b.list(names.into_iter().rev());
        self.b.ty(Type::Imported { from, path })
    }

    /// The types among the parts.
    pub(super) fn types_of(&mut self, parts: &[Part]) -> List<TypeId> {
        let mut types = Vec::new();
        for part in parts.iter().filter(|part| is_type_value(part)) {
            types.push(self.ty(*part));
        }
        self.b.list(types)
    }

    fn first_type(&mut self, parts: &[Part]) -> TypeId {
        match parts.iter().find(|part| is_type_value(part)) {
            Some(part) => self.ty(*part),
            None => self.b.ty(Type::Other),
        }
    }

    /// A type is complete.
    pub(super) fn leave_type(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let ty = match frame.kind {
            Kind::TypeAnnotation | Kind::Constraint | Kind::ParenthesizedType | Kind::ReadonlyType => {
                return Value::Type(self.first_type(parts));
            }
            Kind::TypeArguments | Kind::ExtendsType => return Value::Types(self.types_of(parts)),
            Kind::TypeParameter => {
                let ty = in_slot(parts, Slot::Constraint).map(|part| self.ty(part));
                if let Some(Part { value: Value::TypeName(name), at, .. }) = in_slot(parts, Slot::Name) {
                    self.declare_type(name, at, ty);
                }
                return Value::None;
            }
            Kind::TypeParameters | Kind::DefaultType => return Value::None,
            Kind::GenericType => return self.leave_generic(parts),
            Kind::UnionType => return self.leave_union(parts),
            Kind::IntersectionType => Type::Both(self.types_of(parts)),
            Kind::ObjectType | Kind::InterfaceBody => {
                let fields = parts.iter().filter_map(|part| match part.value {
                    Value::TypeField(field) => Some(field),
                    _ => None,
                });
                Type::Object(self.b.list(fields))
            }
            Kind::PropertySignature | Kind::MethodSignature => return self.leave_type_field(frame, parts),
            Kind::FunctionType => {
                let returns = in_slot(parts, Slot::ReturnType).map(|part| self.ty(part));
                Type::Function(returns)
            }
            Kind::ArrayType => Type::Array(self.first_type(parts)),
            Kind::LookupType => {
                let of = self.first_type(parts);
                let key = parts.iter().rev().find(|part| is_type_value(part)).map(|part| self.ty(*part));
                match key.map(|key| self.b.module.ty(key)) {
                    Some(Type::Literal(key)) => Type::Index { of, key },
                    _ => Type::Other,
                }
            }
            Kind::TypeQuery => match parts.iter().find(|part| Self::is_expr(part)) {
                Some(part) => Type::TypeOf(self.expr(*part)),
                None => Type::Other,
            },
            Kind::PredicateAnnotation | Kind::TypePredicate => Type::Bool,
            Kind::InterfaceDeclaration | Kind::TypeAlias => return self.leave_type_declaration(frame, parts),
            _ => Type::Other,
        };
        Value::Type(self.b.ty(ty))
    }

    fn leave_generic(&mut self, parts: &[Part]) -> Value {
        let args = match in_slot(parts, Slot::TypeArguments) {
            Some(Part { value: Value::Types(types), .. }) => types,
            _ => List::EMPTY,
        };
        let path = match in_slot(parts, Slot::Name) {
            Some(Part { value: Value::TypeName(name), .. }) => self.b.list([name]),
            Some(Part { value: Value::Type(ty), .. }) => match self.b.module.ty(ty) {
                Type::Global { path, .. } => path,
                _ => return Value::Type(ty),
            },
            _ => return Value::Type(self.b.ty(Type::Other)),
        };
        Value::Type(self.type_path(path, args))
    }

    /// A union leans to the left: the first member's list is taken over.
    fn leave_union(&mut self, parts: &[Part]) -> Value {
        let mut types = Vec::new();
        for part in parts.iter().filter(|part| is_type_value(part)) {
            match part.value {
                Value::Union(index) if types.is_empty() => {
                    types = std::mem::take(&mut self.heap.types[index as usize]);
                }
                _ => types.push(self.ty(*part)),
            }
        }
        self.heap.types.push(types);
        Value::Union(self.heap.types.len() as u32 - 1)
    }

    fn leave_type_field(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let Some(Key::Name(key)) = in_slot(parts, Slot::Name).map(|part| self.key(part)) else { return Value::None };
        let optional = parts.iter().any(|part| part.kind == Kind::TQuestion);
        let getter = parts.iter().any(|part| part.kind == Kind::TGet);
        let ty = if frame.kind == Kind::PropertySignature {
            in_slot(parts, Slot::Type).map(|part| self.ty(part))
        } else {
            let returns = in_slot(parts, Slot::ReturnType).map(|part| self.ty(part));
            if getter { returns } else { Some(self.b.ty(Type::Function(returns))) }
        };
        let ty = ty.unwrap_or_else(|| self.b.ty(Type::Other));
        Value::TypeField(TypeField { key, ty, optional })
    }

    fn leave_type_declaration(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let mut extends: Vec<TypeId> = Vec::new();
        for part in parts {
            if let Value::Types(types) = part.value {
                extends.extend(self.b.module.list(types).iter().copied());
            }
        }
        let own = if frame.kind == Kind::TypeAlias { Slot::Value } else { Slot::Body };
        let own = in_slot(parts, own).map(|part| self.ty(part));
        let ty = if extends.is_empty() {
            own
        } else {
            extends.extend(own);
            let list = self.b.list(extends);
            Some(self.b.ty(Type::Both(list)))
        };
        let stmt = self.b.stmt(Stmt::Nothing, frame.at);
        let Some(Part { value: Value::TypeName(name), at, .. }) = in_slot(parts, Slot::Name) else {
            return Value::Stmt(stmt);
        };
        self.scopes.current = frame.scope;
        let binding = self.declare_type(name, at, ty);
        Value::Declared(stmt, binding)
    }
}

fn is_type_value(part: &Part) -> bool {
    matches!(part.value, Value::Type(_) | Value::TypeName(_) | Value::Union(_))
        || matches!((part.kind, part.value), (Kind::Member | Kind::Call, Value::Expr(_)))
}
