//! Values of partial evaluation: what is known of a value, and what it was made of.
//!
//! In: shapes. Out: truth, equality, parts. Whatever is not known is `Unknown`, never guessed.

use crate::syntax::FnId;
use std::rc::Rc;

/// What a value was made of.
pub type Made = u8;
/// Of the secret at hand.
pub const SECRET: Made = 1;
/// Of something that the caller sent.
pub const REQUEST: Made = 2;
/// Of a parameter of the function that is run: what it holds decides later.
pub const PARAM: Made = 4;

/// What is known of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// `undefined` or `null`.
    Nullish,
    /// `true`, `false`.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(Rc<str>),
    /// Something that counts as true.
    Truthy,
    /// An object with these fields, sorted by name; it may have others.
    Object(Rc<[(Rc<str>, Value)]>),
    /// A function of this file.
    Closure(FnId),
    /// What a check of the caller has come to, whatever it looks like.
    Check(bool),
    /// An answer with this status.
    Answer(u16),
    /// Nothing is known.
    Unknown,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value {
    /// What is known of it.
    pub shape: Shape,
    /// What it was made of.
    pub made: Made,
}

impl Value {
    /// A value that is made of nothing of interest.
    pub fn plain(shape: Shape) -> Self {
        Self { shape, made: 0 }
    }

    /// A value of which only its ingredients are known.
    pub fn unknown(made: Made) -> Self {
        Self { shape: Shape::Unknown, made }
    }

    /// The same value with further ingredients.
    #[must_use]
    pub fn with(mut self, made: Made) -> Self {
        self.made |= made;
        self
    }

    /// Whether it counts as true, if that is known.
    pub fn truth(&self) -> Option<bool> {
        match &self.shape {
            Shape::Undefined | Shape::Null | Shape::Nullish => Some(false),
            Shape::Bool(value) | Shape::Check(value) => Some(*value),
            Shape::Number(value) => Some(*value != 0),
            Shape::Text(text) => Some(!text.is_empty()),
            Shape::Truthy | Shape::Object(_) | Shape::Closure(_) | Shape::Answer(_) => Some(true),
            Shape::Unknown => None,
        }
    }

    /// Whether it is `undefined` or `null`, if that is known.
    pub fn nullish(&self) -> Option<bool> {
        match self.shape {
            Shape::Undefined | Shape::Null | Shape::Nullish => Some(true),
            Shape::Unknown | Shape::Check(false) => None,
            _ => Some(false),
        }
    }

    /// The value of a field.
    pub fn field(&self, name: &str) -> Self {
        let shape = match &self.shape {
            Shape::Object(fields) => {
                return match fields.iter().find(|(known, _)| &**known == name) {
                    Some((_, value)) => value.clone(),
                    None => Self::unknown(self.made),
                };
            }
            Shape::Check(passed) => match name {
                "valid" | "ok" | "success" | "isValid" | "authorized" | "verified" | "authenticated" | "result" => {
                    Shape::Check(*passed)
                }
                "error" | "reason" | "message" | "errors" | "code" if *passed => Shape::Undefined,
                "error" | "reason" | "message" | "errors" | "code" => Shape::Truthy,
                _ => Shape::Unknown,
            },
            Shape::Undefined | Shape::Null | Shape::Nullish => Shape::Undefined,
            Shape::Text(text) if name == "length" => Shape::Number(i64::try_from(text.len()).unwrap_or(i64::MAX)),
            _ => Shape::Unknown,
        };
        Self { shape, made: self.made }
    }
}

/// Whether two values touch both the secret and the caller, one on each side: a check of the caller.
pub fn is_check(left: Made, right: Made) -> bool {
    let caller = REQUEST | PARAM;
    (left & SECRET != 0 && right & caller != 0) || (right & SECRET != 0 && left & caller != 0)
}

/// Whether two values are equal, if that is known; `strict` keeps `undefined` and `null` apart.
pub fn equal(left: &Value, right: &Value, strict: bool) -> Option<bool> {
    use Shape::{Bool, Null, Nullish, Number, Text, Undefined, Unknown};
    let nullish = |shape: &Shape| matches!(shape, Undefined | Null | Nullish);
    match (&left.shape, &right.shape) {
        (Unknown, _) | (_, Unknown) => None,
        (Undefined, Undefined) | (Null, Null) => Some(true),
        (a, b) if nullish(a) && nullish(b) => {
            if !strict {
                Some(true)
            } else if matches!(a, Nullish) || matches!(b, Nullish) {
                None
            } else {
                Some(false)
            }
        }
        (a, b) if nullish(a) || nullish(b) => {
            if matches!(a, Shape::Check(false)) || matches!(b, Shape::Check(false)) {
                None
            } else {
                Some(false)
            }
        }
        (Bool(a) | Shape::Check(a), Bool(b) | Shape::Check(b)) => Some(a == b),
        (Number(a), Number(b)) => Some(a == b),
        (Text(a), Text(b)) => Some(a == b),
        (Shape::Truthy, other) | (other, Shape::Truthy) if falsy(other) => Some(false),
        (Text(_), Bool(_)) | (Bool(_), Text(_)) if strict => Some(false),
        _ => None,
    }
}

fn falsy(shape: &Shape) -> bool {
    match shape {
        Shape::Text(text) => text.is_empty(),
        Shape::Bool(value) => !value,
        Shape::Number(value) => *value == 0,
        _ => false,
    }
}
