//! Markup (JSX).
//!
//! In: parts of JSX nodes. Out: tags.

use super::expr::in_slot;
use super::kind::{Kind, Slot};
use super::value::{Frame, Part, Value};
use super::walk::Lowering;
use crate::syntax::{Expr, ExprId, Field, FieldKind, Key, List, Tag};

impl Lowering<'_> {
    /// A markup node is complete.
    pub(super) fn leave_markup(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        match frame.kind {
            Kind::JsxOpening => self.leave_opening(parts),
            Kind::JsxSelfClosing => {
                let opening = self.leave_opening(parts);
                self.tag(opening, Vec::new(), frame)
            }
            Kind::JsxElement => {
                let opening = in_slot(parts, Slot::OpenTag).map_or(Value::None, |part| part.value);
                let mut children = Vec::new();
                for part in parts.iter().filter(|part| part.slot != Slot::OpenTag) {
                    match part.value {
                        Value::Error(_) => children.push(self.b.expr(Expr::Lost, part.at)),
                        _ if Self::is_child(part) => children.push(self.expr(*part)),
                        _ => {}
                    }
                }
                self.tag(opening, children, frame)
            }
            Kind::JsxExpression => match parts.iter().find(|part| Self::is_child(part)) {
                Some(Part { value: Value::Spread(value), .. }) => Value::Spread(*value),
                Some(part) => Value::Expr(self.expr(*part)),
                None => Value::None,
            },
            Kind::JsxAttribute => {
                let Some(first) = parts.first() else { return Value::None };
                let key = Key::Name(self.name_at(first.at));
                let value = parts[1..].iter().find(|part| Self::is_child(part));
                let value = match value {
                    Some(part) => self.expr(*part),
                    None if parts.len() > 1 => self.b.expr(Expr::Undefined, frame.at),
                    None => self.b.expr(Expr::Bool(true), frame.at),
                };
                if let Key::Name(name) = key {
                    self.infer_name(value, name);
                }
                Value::Field(Field { key, value, kind: FieldKind::Value, at: frame.at })
            }
            _ => Value::None,
        }
    }

    fn is_child(part: &Part) -> bool {
        Self::is_expr(part) || matches!(part.value, Value::Spread(_))
    }

    fn leave_opening(&mut self, parts: &[Part]) -> Value {
        let mut fields = Vec::new();
        for part in parts.iter().filter(|part| part.slot == Slot::Attribute) {
            match part.value {
                Value::Field(field) => fields.push(field),
                Value::Spread(value) => {
                    fields.push(Field { key: Key::None, value, kind: FieldKind::Spread, at: part.at });
                }
                _ => {}
            }
        }
        let fields = self.b.list(fields);
        let named = in_slot(parts, Slot::Name);
        let name = match named {
            Some(part) => self.name_at(part.at),
            None => self.b.name(""),
        };
        let component = named.filter(|part| self.is_component(part)).map(|part| self.expr(part));
        Value::Tag { name, component, fields }
    }

    fn is_component(&self, part: &Part) -> bool {
        match part.value {
            Value::Ident(name) => !self.b.module.name(name).starts_with(|c: char| c.is_ascii_lowercase()),
            Value::Expr(_) | Value::Open(_) => true,
            _ => false,
        }
    }

    fn tag(&mut self, opening: Value, children: Vec<ExprId>, frame: &Frame) -> Value {
        let (name, component, fields) = match opening {
            Value::Tag { name, component, fields } => (name, component, fields),
            _ => (self.b.name(""), None, List::EMPTY),
        };
        let children = self.b.list(children);
        let tag = self.b.tag(Tag { name, component, fields, children });
        self.out(Expr::Tag(tag), frame.at)
    }
}
