//! Classes: opened before their members, so that members know them.
//!
//! In: parts of class nodes. Out: [`Class`]es and members.

use super::expr::in_slot;
use super::kind::{Kind, Slot};
use super::scope::plain;
use super::value::{Frame, Part, Value};
use super::walk::Lowering;
use crate::syntax::{BindingKind, Class, ClassId, Expr, ExprId, FnKind, Key, List, Member, MemberKind, Stmt};
use crate::text::Span;

impl Lowering<'_> {
    /// Opens a class.
    pub(super) fn open_class(&mut self, frame: &Frame) {
        let id: ClassId = self.b.class(Class {
            name: None,
            binding: None,
            extends: None,
            implements: Vec::new(),
            members: List::EMPTY,
            decorators: Vec::new(),
            parent: self.owner(),
            at: frame.at,
        });
        self.classes.push((id, Vec::new()));
    }

    /// A class, or a part of one, is complete.
    pub(super) fn leave_class_part(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        match frame.kind {
            Kind::ClassBody => self.leave_class_body(parts),
            Kind::FieldDefinition => self.leave_field(frame, parts),
            Kind::ExtendsClause => match in_slot(parts, Slot::Value) {
                Some(part) => Value::Heritage(Some(self.expr(part)), List::EMPTY),
                None => Value::None,
            },
            Kind::ImplementsClause => {
                let types = self.types_of(parts);
                Value::Heritage(None, types)
            }
            Kind::ClassHeritage => {
                let (mut extends, mut implements) = (None, List::EMPTY);
                for part in parts {
                    if let Value::Heritage(class, types) = part.value {
                        extends = extends.or(class);
                        implements = if types.is_empty() { implements } else { types };
                    }
                }
                Value::Heritage(extends, implements)
            }
            _ => self.leave_class(frame, parts),
        }
    }

    fn leave_class(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let Some((id, _)) = self.classes.pop() else { return Value::None };
        let decorators: Vec<ExprId> = parts.iter().filter_map(decorator).collect();
        let start = parts.iter().find(|part| part.kind != Kind::Decorator).map_or(frame.at.start, |part| part.at.start);
        let name = in_slot(parts, Slot::Name);
        let mut binding = None;
        if let Some(Part { value: Value::TypeName(name) | Value::Ident(name), at, .. }) = name {
            let owner = self.owner();
            let id = self.b.binding(plain(name, BindingKind::Class(id), owner, at));
            // Inside the class its name means the class; a declaration's is bound around it as well.
            self.scopes.bind_value(name, id);
            self.scopes.bind_type(name, id);
            binding = Some((name, id));
        }
        let class = &mut self.b.module.classes[id.index()];
        class.name = binding.map(|(name, _)| name);
        class.binding = binding.map(|(_, id)| id);
        class.decorators = decorators;
        class.at = Span::new(start, frame.at.end);
        for part in parts {
            match part.value {
                Value::Heritage(extends, implements) => {
                    let implements = self.b.module.list(implements).to_vec();
                    let class = &mut self.b.module.classes[id.index()];
                    class.extends = extends;
                    class.implements = implements;
                }
                Value::Members(members) => self.b.module.classes[id.index()].members = members,
                _ => {}
            }
        }
        if frame.kind == Kind::Class {
            return self.out(Expr::Class(id), frame.at);
        }
        Value::Stmt(self.b.stmt(Stmt::Class(id), frame.at))
    }

    fn leave_class_body(&mut self, parts: &[Part]) -> Value {
        let mut members: Vec<Member> = Vec::new();
        let mut decorators: Vec<ExprId> = Vec::new();
        for part in parts {
            match part.value {
                Value::Decorator(expr) => decorators.push(expr),
                Value::Member(member) => members.push(member),
                Value::Method { function, key, is_static } => {
                    self.b.module.functions[function.index()].decorators = std::mem::take(&mut decorators);
                    let is_block = part.kind == Kind::StaticBlock;
                    let kind = if is_block { MemberKind::StaticBlock(function) } else { MemberKind::Method(function) };
                    members.push(Member { key, kind, is_static: is_static || is_block, ty: None, at: part.at });
                }
                _ => {}
            }
        }
        // Parameter properties come last: the constructor that declares them is closed by now.
        if let Some((_, properties)) = self.classes.last_mut() {
            members.append(properties);
        }
        Value::Members(self.b.list(members))
    }

    fn leave_field(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let key = in_slot(parts, Slot::Name).map_or(Key::None, |part| self.key(part));
        let ty = in_slot(parts, Slot::Type).map(|part| self.ty(part));
        let is_static = parts.iter().any(|part| part.kind == Kind::TStatic);
        let decorators: Vec<ExprId> = parts.iter().filter_map(decorator).collect();
        let kind = match in_slot(parts, Slot::Value).map(|part| part.value) {
            Some(Value::Method { function, .. }) => {
                if let Key::Name(name) = key {
                    let body = self.b.module.function(function).body;
                    self.b.module.functions[function.index()].name = Some(name);
                    if let crate::syntax::Body::Expr(value) = body {
                        self.infer_name(value, name);
                    }
                }
                self.b.module.functions[function.index()].decorators = decorators;
                debug_assert_eq!(self.b.module.function(function).kind, FnKind::Initializer);
                MemberKind::Field(function)
            }
            _ => MemberKind::Declared,
        };
        Value::Member(Member { key, kind, is_static, ty, at: frame.at })
    }
}

/// The expression of a decorator.
pub(super) fn decorator(part: &Part) -> Option<ExprId> {
    match part.value {
        Value::Decorator(expr) => Some(expr),
        _ => None,
    }
}
