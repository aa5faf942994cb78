//! Declarations: what binds names in scopes.
//!
//! In: declarators, patterns, names. Out: [`Binding`]s and the statements that declare them.

use super::kind::{Kind, Slot};
use super::scope::plain;
use super::value::{Declarator, Frame, Leaf, Part, Value};
use super::walk::Lowering;
use crate::syntax::{
    Binding, BindingId, BindingKind, Body, ExprId, Name, Source, SourceOf, Stmt, StmtId, Type, TypeId,
};
use crate::text::Span;

impl Lowering<'_> {
    /// `name: T = value` is complete.
    pub(super) fn leave_declarator(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let find = |slot| parts.iter().find(|part| part.slot == slot).copied();
        let Some(name) = find(Slot::Name) else { return Value::None };
        let ty = find(Slot::Type).map(|part| self.ty(part));
        let value = find(Slot::Value).map(|part| self.expr(part));
        if let (Value::Ident(name), Some(value)) = (name.value, value) {
            self.infer_name(value, name);
        }
        let leaves = self.leaves(name);
        let plain = matches!(name.value, Value::Ident(_));
        self.declarator(Declarator { leaves, ty: ty.filter(|_| plain), value, at: frame.at })
    }

    /// Stores a declarator.
    pub(super) fn declarator(&mut self, declarator: Declarator) -> Value {
        self.heap.declarators.push(vec![declarator]);
        Value::Declarator(self.heap.declarators.len() as u32 - 1)
    }

    /// `const a = 1, b = 2` is complete.
    pub(super) fn leave_declaration(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let kind = parts.iter().find_map(|part| declared_kind(part.kind)).unwrap_or(BindingKind::Var);
        let mut stmts = Vec::new();
        for part in parts {
            match part.value {
                Value::Declarator(index) => {
                    for declarator in std::mem::take(&mut self.heap.declarators[index as usize]) {
                        stmts.push(self.declare_let(declarator, kind));
                    }
                }
                Value::Error(_) | Value::Lost if part.at.start < part.at.end => {
                    stmts.push(self.b.stmt(Stmt::Lost, part.at));
                }
                _ => {}
            }
        }
        if let [stmt] = stmts[..] {
            self.b.module.stmt_at[stmt.index()] = frame.at;
            return Value::Stmt(stmt);
        }
        self.many(stmts)
    }

    /// Several statements in the place of one.
    pub(super) fn many(&mut self, stmts: Vec<StmtId>) -> Value {
        self.heap.stmts.push(stmts);
        Value::Many(self.heap.stmts.len() as u32 - 1)
    }

    fn declare_let(&mut self, declarator: Declarator, kind: BindingKind) -> StmtId {
        let Declarator { leaves, ty, value, at } = declarator;
        let of = value.map(SourceOf::Expr);
        let bindings = self.declare(leaves, kind, of, ty);
        let list = self.b.list(bindings);
        if let Some(value) = value {
            self.outside.required(value, list);
        }
        self.b.stmt(Stmt::Let { bindings: list, value }, at)
    }

    /// Binds the leaves of a pattern (or a plain name) to parts of a value.
    pub(super) fn declare_leaves(
        &mut self,
        leaves: Vec<Leaf>,
        kind: BindingKind,
        of: SourceOf,
        ty: Option<TypeId>,
    ) -> Vec<BindingId> {
        self.declare(leaves, kind, Some(of), ty)
    }

    fn declare(
        &mut self,
        leaves: Vec<Leaf>,
        kind: BindingKind,
        of: Option<SourceOf>,
        ty: Option<TypeId>,
    ) -> Vec<BindingId> {
        let owner = self.owner();
        let mut bindings = Vec::new();
        for leaf in leaves {
            let Value::Ident(name) = leaf.to.value else { continue };
            let steps = self.steps(&leaf);
            let source = of.map(|of| Source { of, steps });
            let binding = Binding { name, kind, ty, source, owner, reassigned: false, at: leaf.to.at };
            bindings.push(self.bind(binding));
        }
        bindings
    }

    /// Puts a binding into the scope it belongs to. A `var` that is already there is the same one.
    pub(super) fn bind(&mut self, binding: Binding) -> BindingId {
        let name = binding.name;
        if binding.kind == BindingKind::Var {
            if let Some(id) = self.scopes.var_here(name) {
                let there = &mut self.b.module.bindings[id.index()];
                there.reassigned |= binding.source.is_some();
                return id;
            }
            let id = self.b.binding(binding);
            self.scopes.bind_var(name, id);
            return id;
        }
        let id = self.b.binding(binding);
        self.scopes.bind_value(name, id);
        id
    }

    /// Declares what needs the scope around its node: functions, classes.
    pub(super) fn after(&mut self, frame: &Frame, value: Value) -> Value {
        let Value::Stmt(stmt) = value else { return value };
        match self.b.module.stmt(stmt) {
            Stmt::Function(function) if frame.function => {
                let Some(name) = self.b.module.function(function).name else { return value };
                let has_body = self.b.module.function(function).body != Body::None;
                if let Some(id) = self.scopes.value_here(name) {
                    let there = &mut self.b.module.bindings[id.index()];
                    if let BindingKind::Function(before) = there.kind {
                        let before_has_body = self.b.module.functions[before.index()].body != Body::None;
                        if has_body || !before_has_body {
                            there.kind = BindingKind::Function(function);
                            there.at = self.name_at;
                        }
                        return Value::Declared(stmt, id);
                    }
                }
                let owner = self.owner();
                let id = self.b.binding(plain(name, BindingKind::Function(function), owner, self.name_at));
                self.scopes.bind_value(name, id);
                Value::Declared(stmt, id)
            }
            Stmt::Class(class) if matches!(frame.kind, Kind::ClassDeclaration | Kind::AbstractClass) => {
                let Some(id) = self.b.module.class(class).binding else { return value };
                let name = self.b.module.binding(id).name;
                self.scopes.bind_value(name, id);
                self.scopes.bind_type(name, id);
                Value::Declared(stmt, id)
            }
            _ => value,
        }
    }

    /// Declares a type; one of the same name in the same scope is merged with it.
    pub(super) fn declare_type(&mut self, name: Name, at: Span, ty: Option<TypeId>) -> BindingId {
        if let Some(id) = self.scopes.type_here(name) {
            let there = self.b.module.bindings[id.index()];
            if let (BindingKind::Type, Some(before), Some(ty)) = (there.kind, there.ty, ty) {
                let list = self.b.list([before, ty]);
                let both = self.b.ty(Type::Both(list));
                self.b.module.bindings[id.index()].ty = Some(both);
            }
            return id;
        }
        let owner = self.owner();
        let mut binding = plain(name, BindingKind::Type, owner, at);
        binding.ty = ty;
        let id = self.b.binding(binding);
        self.scopes.bind_type(name, id);
        id
    }

    /// `using x = value` as a statement.
    pub(super) fn declare_using(&mut self, declarators: u32, is_await: bool, at: Span) -> Value {
        let mut stmts = Vec::new();
        for declarator in std::mem::take(&mut self.heap.declarators[declarators as usize]) {
            let value = declarator.value;
            let of = value.map(SourceOf::Expr);
            let bindings = self.declare(declarator.leaves, BindingKind::Const, of, None);
            if let ([binding], Some(value)) = (&bindings[..], value) {
                stmts.push(self.b.stmt(Stmt::Using { binding: *binding, value, is_await }, at));
            }
        }
        if let [stmt] = stmts[..] { Value::Stmt(stmt) } else { self.many(stmts) }
    }

    /// The declarator that a `using` assignment stands for.
    pub(super) fn using(&mut self, left: Part, value: ExprId, at: Span) -> Value {
        let leaves = self.leaves(left);
        if let Value::Ident(name) = left.value {
            self.infer_name(value, name);
        }
        let declarator = Declarator { leaves, ty: None, value: Some(value), at };
        self.heap.declarators.push(vec![declarator]);
        Value::Using { declarators: self.heap.declarators.len() as u32 - 1, is_await: false }
    }
}

/// The kind that a declaration's keyword gives.
pub(super) fn declared_kind(kind: Kind) -> Option<BindingKind> {
    match kind {
        Kind::TVar => Some(BindingKind::Var),
        Kind::TLet => Some(BindingKind::Let),
        Kind::TConst => Some(BindingKind::Const),
        _ => None,
    }
}
