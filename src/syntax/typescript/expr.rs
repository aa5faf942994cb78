//! Expressions other than calls and chains.
//!
//! In: parts of expression nodes. Out: expressions.

use super::kind::{Kind, Slot};
use super::literal;
use super::value::{Frame, Part, Value};
use super::walk::Lowering;
use crate::syntax::{
    Arg, AssignOp, BinaryOp, Expr, ExprId, Field, FieldKind, FnKind, Item, Key, LogicOp, Template, Type, UnaryOp,
};
use crate::text::Span;

/// The part in a field.
pub(super) fn in_slot(parts: &[Part], slot: Slot) -> Option<Part> {
    parts.iter().find(|part| part.slot == slot).copied()
}

impl Lowering<'_> {
    /// The expression in a field; lost if it is missing.
    pub(super) fn expr_in(&mut self, parts: &[Part], slot: Slot, at: Span) -> ExprId {
        match in_slot(parts, slot) {
            Some(part) => self.expr(part),
            None => self.b.expr(Expr::Lost, at),
        }
    }

    /// Whether a part can be read as an expression.
    pub(super) fn is_expr(part: &Part) -> bool {
        matches!(
            part.value,
            Value::Expr(_) | Value::Open(_) | Value::Ident(_) | Value::Text(_) | Value::Lost | Value::Pattern(_)
        ) && !matches!(part.kind, Kind::StatementIdentifier)
    }

    /// The only (first) expression among the parts.
    pub(super) fn operand(&mut self, parts: &[Part], at: Span) -> ExprId {
        match parts.iter().find(|part| Self::is_expr(part)) {
            Some(part) => self.expr(*part),
            None => self.b.expr(Expr::Lost, at),
        }
    }

    /// An expression is complete.
    pub(super) fn leave_expr(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let at = frame.at;
        let expr = match frame.kind {
            Kind::Unary => return self.leave_unary(parts, at),
            Kind::Binary => return self.leave_binary(parts, at),
            Kind::Ternary => {
                let test = self.expr_in(parts, Slot::Condition, at);
                let yes = self.expr_in(parts, Slot::Consequence, at);
                let no = self.expr_in(parts, Slot::Alternative, at);
                Expr::Choose { test, yes, no }
            }
            Kind::Await => {
                let using = parts.iter().find_map(|part| match part.value {
                    Value::Using { declarators, .. } => Some(declarators),
                    _ => None,
                });
                if let Some(declarators) = using {
                    return Value::Using { declarators, is_await: true };
                }
                Expr::Await(self.operand(parts, at))
            }
            Kind::Yield => {
                let all = parts.iter().any(|part| part.kind == Kind::TStar);
                let value = parts.iter().find(|part| Self::is_expr(part)).copied();
                Expr::Yield { value: value.map(|part| self.expr(part)), all }
            }
            Kind::Assignment | Kind::Augmented | Kind::Update => return self.leave_assignment(frame, parts),
            Kind::Sequence => return self.leave_sequence(parts, at),
            Kind::As | Kind::Satisfies | Kind::TypeAssertion => return self.leave_cast(frame, parts),
            Kind::Object => return self.leave_object(parts, at),
            Kind::Array => {
                let items = self.items(parts);
                Expr::Array(self.b.list(items))
            }
            Kind::TemplateString => return self.leave_template(parts, at),
            _ => {
                let mut values = Vec::new();
                for part in parts.iter().filter(|part| Self::is_expr(part)) {
                    values.push(self.expr(*part));
                }
                Expr::Parts(self.b.list(values))
            }
        };
        self.out(expr, at)
    }

    fn leave_unary(&mut self, parts: &[Part], at: Span) -> Value {
        let operator = in_slot(parts, Slot::Operator).map_or("", |part| part.at.of(self.text));
        let value = self.expr_in(parts, Slot::Argument, at);
        let expr = match operator {
            "!" => Expr::Not(value),
            "void" if matches!(self.b.module.expr(value), Expr::Number(_)) => Expr::Undefined,
            "void" => Expr::Unary(UnaryOp::Void, value),
            "typeof" => Expr::Unary(UnaryOp::Typeof, value),
            "delete" => Expr::Unary(UnaryOp::Delete, value),
            "-" => Expr::Unary(UnaryOp::Minus, value),
            "+" => Expr::Unary(UnaryOp::Plus, value),
            _ => Expr::Unary(UnaryOp::BitNot, value),
        };
        self.out(expr, at)
    }

    fn leave_binary(&mut self, parts: &[Part], at: Span) -> Value {
        let operator = in_slot(parts, Slot::Operator).map_or("", |part| part.at.of(self.text));
        let left = self.expr_in(parts, Slot::Left, at);
        let right = self.expr_in(parts, Slot::Right, at);
        let logic = match operator {
            "&&" => Some(LogicOp::And),
            "||" => Some(LogicOp::Or),
            "??" => Some(LogicOp::Coalesce),
            _ => None,
        };
        if let Some(op) = logic {
            return self.out(Expr::Logic { op, left, right }, at);
        }
        let op = match operator {
            "==" => BinaryOp::Eq,
            "!=" => BinaryOp::NotEq,
            "===" => BinaryOp::StrictEq,
            "!==" => BinaryOp::StrictNotEq,
            "<" => BinaryOp::Less,
            "<=" => BinaryOp::LessEq,
            ">" => BinaryOp::Greater,
            ">=" => BinaryOp::GreaterEq,
            "instanceof" => BinaryOp::Instanceof,
            "in" => BinaryOp::In,
            "+" => BinaryOp::Add,
            "-" => BinaryOp::Sub,
            _ => BinaryOp::Other,
        };
        self.out(Expr::Binary { op, left, right }, at)
    }

    fn leave_assignment(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let at = frame.at;
        if frame.kind == Kind::Update {
            let to = self.expr_in(parts, Slot::Argument, at);
            self.scopes.write(to);
            return self.out(Expr::Assign { op: AssignOp::Update, to, value: to }, at);
        }
        let left = in_slot(parts, Slot::Left);
        if parts.iter().any(|part| part.kind == Kind::TUsing) {
            let value = self.expr_in(parts, Slot::Right, at);
            let Some(left) = left else { return Value::None };
            return self.using(left, value, at);
        }
        let op = match in_slot(parts, Slot::Operator).map_or("=", |part| part.at.of(self.text)) {
            "=" => AssignOp::Set,
            "&&=" => AssignOp::And,
            "||=" => AssignOp::Or,
            "??=" => AssignOp::Coalesce,
            _ => AssignOp::Update,
        };
        let to = self.expr_in(parts, Slot::Left, at);
        self.scopes.write(to);
        let value = self.expr_in(parts, Slot::Right, at);
        match (self.b.module.expr(to), left.map(|part| part.value)) {
            (_, Some(Value::Ident(name))) | (Expr::Member { name, .. }, _) => self.infer_name(value, name),
            _ => {}
        }
        if op == AssignOp::Set {
            self.outside.assigned(&self.b.module, to, value, at);
        }
        self.out(Expr::Assign { op, to, value }, at)
    }

    fn leave_sequence(&mut self, parts: &[Part], at: Span) -> Value {
        if let Some(Value::Using { declarators, is_await }) = parts.first().map(|part| part.value) {
            // `using a = f(), b = g()`: the further assignments declare as well.
            for part in &parts[1..] {
                let Value::Expr(id) = part.value else { continue };
                let Expr::Assign { op: AssignOp::Set, to, value } = self.b.module.expr(id) else { continue };
                let Expr::Global(name) = self.b.module.expr(to) else { continue };
                let name_at = self.b.module.expr_span(to);
                self.b.module.exprs[to.index()] = Expr::Lost;
                let left = Part { kind: Kind::Identifier, slot: Slot::Left, at: name_at, value: Value::Ident(name) };
                let leaves = self.leaves(left);
                let declarator = super::value::Declarator { leaves, ty: None, value: Some(value), at: part.at };
                self.heap.declarators[declarators as usize].push(declarator);
            }
            return Value::Using { declarators, is_await };
        }
        let mut values = Vec::new();
        for part in parts.iter().filter(|part| Self::is_expr(part)) {
            values.push(self.expr(*part));
        }
        let list = self.b.list(values);
        self.out(Expr::Comma(list), at)
    }

    fn leave_cast(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let is_operand = |part: &&Part| Self::is_expr(part);
        let operand = if frame.kind == Kind::TypeAssertion {
            parts.iter().rfind(is_operand)
        } else {
            parts.iter().find(is_operand)
        };
        let value = match operand {
            Some(part) => self.expr(*part),
            None => self.b.expr(Expr::Lost, frame.at),
        };
        if frame.kind == Kind::Satisfies {
            return Value::Expr(value);
        }
        let ty = parts.iter().rev().find_map(|part| match part.value {
            Value::Types(types) => {
                self.b.module.list(types).first().copied().map(|ty| Part { value: Value::Type(ty), ..*part })
            }
            Value::Type(_) | Value::TypeName(_) | Value::Union(_) => Some(*part),
            _ => None,
        });
        let Some(ty) = ty else { return Value::Expr(value) };
        let ty = self.ty(ty);
        match self.b.module.ty(ty) {
            Type::Other | Type::Undefined | Type::Null | Type::Text | Type::Bool | Type::Literal(_) => {
                Value::Expr(value)
            }
            _ => self.out(Expr::Cast { value, ty }, frame.at),
        }
    }

    fn leave_object(&mut self, parts: &[Part], at: Span) -> Value {
        let mut fields = Vec::new();
        for part in parts {
            let field = match part.value {
                Value::Field(field) => field,
                Value::Spread(value) => Field { key: Key::None, value, kind: FieldKind::Spread, at: part.at },
                Value::Ident(name) => {
                    Field { key: Key::Name(name), value: self.expr(*part), kind: FieldKind::Shorthand, at: part.at }
                }
                Value::Method { function, key, .. } => {
                    let kind = match self.b.module.function(function).kind {
                        FnKind::Getter => FieldKind::Get,
                        FnKind::Setter => FieldKind::Set,
                        _ => FieldKind::Method,
                    };
                    Field { key, value: self.b.expr(Expr::Closure(function), part.at), kind, at: part.at }
                }
                Value::Lost | Value::Error(_) if part.at.start < part.at.end => {
                    let value = self.b.expr(Expr::Lost, part.at);
                    Field { key: Key::None, value, kind: FieldKind::Spread, at: part.at }
                }
                _ => continue,
            };
            fields.push(field);
        }
        let list = self.b.list(fields);
        self.out(Expr::Object(list), at)
    }

    /// `key: value` is complete.
    pub(super) fn leave_pair(&mut self, parts: &[Part], at: Span) -> Value {
        let key = in_slot(parts, Slot::Key).map_or(Key::None, |part| self.key(part));
        let value = self.expr_in(parts, Slot::Value, at);
        if let Key::Name(name) = key {
            self.infer_name(value, name);
        }
        Value::Field(Field { key, value, kind: FieldKind::Value, at })
    }

    fn items(&mut self, parts: &[Part]) -> Vec<Item> {
        let mut items = Vec::new();
        let mut expected = true;
        for part in parts {
            if part.kind == Kind::TComma {
                if expected {
                    items.push(Item::Hole);
                }
                expected = true;
                continue;
            }
            let item = match part.value {
                Value::Spread(value) => Item::Spread(value),
                Value::Error(_) => Item::Value(self.b.expr(Expr::Lost, part.at)),
                _ if Self::is_expr(part) => Item::Value(self.expr(*part)),
                _ => continue,
            };
            items.push(item);
            expected = false;
        }
        items
    }

    /// Arguments are complete.
    pub(super) fn leave_arguments(&mut self, parts: &[Part]) -> Value {
        let args: Vec<Arg> = self
            .items(parts)
            .into_iter()
            .filter_map(|item| match item {
                Item::Value(value) => Some(Arg { value, spread: false }),
                Item::Spread(value) => Some(Arg { value, spread: true }),
                Item::Hole => None,
            })
            .collect();
        Value::Args(self.b.list(args))
    }

    fn leave_template(&mut self, parts: &[Part], at: Span) -> Value {
        let mut from = at.start + 1;
        let (mut texts, mut holes) = (Vec::new(), Vec::new());
        for part in parts.iter().filter(|part| part.kind == Kind::Substitution) {
            texts.push(self.fixed_text(from, part.at.start));
            holes.push(self.expr(*part));
            from = part.at.end;
        }
        texts.push(self.fixed_text(from, at.end.saturating_sub(1).max(from)));
        if holes.is_empty() {
            return self.out(Expr::Text(texts[0]), at);
        }
        let texts = self.b.list(texts);
        let holes = self.b.list(holes);
        let template = self.b.template(Template { texts, holes });
        self.out(Expr::Template(template), at)
    }

    fn fixed_text(&mut self, from: u32, to: u32) -> crate::syntax::Name {
        let cooked = literal::cook(Span::new(from, to).of(self.text));
        self.b.name(&cooked)
    }
}
