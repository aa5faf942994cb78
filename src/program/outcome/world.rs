//! A world: what is assumed of the secret and of what the caller sends, and which values follow.
//!
//! In: what an expression stands for. Out: its value in this world. Every world is production, so a
//! branch that only development takes is not taken.

use super::value::{PARAM, REQUEST, SECRET, Shape, Value};
use crate::program::secret::names::{self, Meaning};
use crate::program::secret::{Class, Kind, Production, Secret};

/// What the caller sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Credential {
    /// Nothing.
    Missing,
    /// Something that does not fit the secret.
    Wrong,
    /// What fits the secret.
    Right,
}

/// What is assumed.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The secret that is spoken of.
    pub secret: &'a Secret,
    /// The names under which it and what stands in for it go.
    pub names: &'a [String],
    /// Whether it is set.
    pub set: bool,
    /// What the caller sends.
    pub credential: Credential,
    /// Whether the caller sends the text that an unset secret makes, such as `Bearer undefined`.
    pub guesses: bool,
}

impl World<'_> {
    /// The value of the secret itself.
    pub fn secret(&self) -> Value {
        let shape = match (self.set, self.secret.kind) {
            (true, _) => Shape::Truthy,
            (false, Kind::Env) => Shape::Undefined,
            (false, Kind::Stored) => Shape::Nullish,
        };
        Value { shape, made: SECRET }
    }

    /// The value of something by what it stands for; `None` where that says nothing.
    pub fn of(&self, class: &Class) -> Option<Value> {
        match class {
            Class::Secret(secret) if self.names.iter().any(|asked| names::is_same_secret(asked, &secret.name)) => {
                Some(self.secret())
            }
            Class::Secret(_) => Some(Value::unknown(0)),
            Class::Platform(Production::Name) => Some(Value::plain(Shape::Text("production".into()))),
            Class::Platform(Production::On) => Some(Value::plain(Shape::Text("1".into()))),
            Class::Platform(Production::Off) | Class::OptOut => Some(Value::plain(Shape::Undefined)),
            Class::Request | Class::Other => None,
        }
    }

    /// What the caller sent under a name, where a missing one has the shape `missing`.
    pub fn sent(&self, missing: Shape) -> Value {
        let shape = if self.credential == Credential::Missing { missing } else { Shape::Truthy };
        Value { shape, made: REQUEST }
    }

    /// The part `name` of something that the caller sent, reached through `of`.
    pub fn part(&self, of: &[&str], name: &str) -> Value {
        let container = of.last().is_some_and(|last| {
            matches!(*last, "headers" | "header" | "query" | "cookies" | "headersList" | "searchParams")
        });
        if container || is_credential(name) {
            return self.sent(Shape::Undefined);
        }
        if names::is_request(name) {
            return Value { shape: Shape::Truthy, made: REQUEST };
        }
        Value::unknown(REQUEST)
    }

    /// The value of a parameter of the function that is run, or of a function around it.
    pub fn param(&self, class: &Class, name: &str) -> Value {
        if let Some(value) = self.of(class) {
            return value;
        }
        if is_credential(name) {
            return self.sent(Shape::Nullish);
        }
        let made = if names::is_request(name) { REQUEST | PARAM } else { PARAM };
        Value { shape: if made & REQUEST == 0 { Shape::Unknown } else { Shape::Truthy }, made }
    }
}

/// Whether something that a caller sends under this name is meant to prove who it is.
pub fn is_credential(name: &str) -> bool {
    matches!(names::meaning(name), Meaning::Secret | Meaning::Key)
        || names::words(name)
            .iter()
            .any(|word| matches!(word, "signature" | "sig" | "authorization" | "bearer" | "hmac" | "digest" | "token"))
}
