//! Literals: the constant that an expression is, and the fields of object literals.
//!
//! In: expressions. Out: numbers, texts and fields; names of constants, casts and spreads are followed,
//! also into other files.

use super::{FileId, Origin, Program};
use crate::syntax::{BindingKind, Expr, ExprId, Field, Key, List, LogicOp};
use std::collections::BTreeSet;

/// Names from a place to its constant.
const HOPS: u32 = 8;
/// Object literals that are spread into one another.
const SPREADS: usize = 16;

/// The fields of an object.
#[derive(Debug, Default)]
pub struct Fields {
    /// Names and values, in the order of the text; a name may be there more than once.
    pub list: Vec<(String, FileId, ExprId)>,
    /// Whether there may be others: a spread that is not at hand, a computed name.
    pub others: bool,
}

impl Program {
    /// The expression that a value is, behind casts and constants.
    pub fn constant(&self, file: FileId, value: ExprId) -> (FileId, ExprId) {
        let (mut file, mut value) = (file, value);
        for _ in 0..HOPS {
            let module = self.module(file);
            match module.expr(value) {
                Expr::Cast { value: inner, .. } => value = inner,
                Expr::Read(binding) => {
                    let known = module.binding(binding);
                    let fixed = match known.kind {
                        BindingKind::Const | BindingKind::Import => true,
                        BindingKind::Let | BindingKind::Var => !known.reassigned,
                        _ => false,
                    };
                    match self.defined(file, binding).filter(|_| fixed) {
                        Some(next) => (file, value) = next,
                        None => break,
                    }
                }
                // `Object.freeze(..)` gives back what it was given.
                Expr::Call { callee, args }
                    if self.origin(file, callee) == Origin::Outside("Object.freeze".to_owned()) =>
                {
                    match module.list(args).first() {
                        Some(arg) => value = arg.value,
                        None => break,
                    }
                }
                _ => break,
            }
        }
        (file, value)
    }

    /// The number that a value is.
    pub fn number(&self, file: FileId, value: ExprId) -> Option<f64> {
        let (file, value) = self.constant(file, value);
        let module = self.module(file);
        match module.expr(value) {
            Expr::Number(id) => Some(module.numbers[id.index()]),
            _ => None,
        }
    }

    /// The text that a value is, or that a template begins with.
    pub fn literal_text(&self, file: FileId, value: ExprId) -> Option<&str> {
        let (file, value) = self.constant(file, value);
        let module = self.module(file);
        match module.expr(value) {
            Expr::Text(name) => Some(module.name(name)),
            Expr::Template(id) => {
                module.list(module.templates[id.index()].texts).first().map(|name| module.name(*name))
            }
            Expr::Member { .. } | Expr::Index { .. } => match self.origin(file, value) {
                Origin::Literal(key) => match self.module(key.file).expr(key.expr) {
                    Expr::Text(name) => Some(self.module(key.file).name(name)),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// The fields of the object that a value is; `None` if no object literal is at hand.
    pub fn fields(&self, file: FileId, value: ExprId) -> Option<Fields> {
        let (file, value) = self.object(file, value)?;
        let mut fields = Fields::default();
        let mut seen = BTreeSet::new();
        let mut stack = vec![(file, value)];
        while let Some((file, value)) = stack.pop() {
            if !seen.insert((file, value)) {
                continue;
            }
            let of = match self.module(file).expr(value) {
                Expr::Object(of) if seen.len() <= SPREADS => of,
                Expr::Tag(tag) => self.module(file).tags[tag.index()].fields,
                _ => {
                    fields.others = true;
                    continue;
                }
            };
            self.add_fields(file, of, &mut fields, &mut stack);
        }
        Some(fields)
    }

    fn add_fields(&self, file: FileId, of: List<Field>, fields: &mut Fields, stack: &mut Vec<(FileId, ExprId)>) {
        let module = self.module(file);
        for field in module.list(of) {
            match field.key {
                Key::Name(name) => fields.list.push((module.name(name).to_owned(), file, field.value)),
                Key::Computed(key) => match self.literal_text(file, key) {
                    Some(name) => fields.list.push((name.to_owned(), file, field.value)),
                    None => fields.others = true,
                },
                Key::None => {
                    for value in self.alternatives(file, field.value) {
                        match self.object(file, value) {
                            Some(object) => stack.push(object),
                            None => fields.others = true,
                        }
                    }
                }
            }
        }
    }

    /// What `...(condition && { .. })` and `...(condition ? a : b)` may spread.
    fn alternatives(&self, file: FileId, value: ExprId) -> Vec<ExprId> {
        let module = self.module(file);
        match module.expr(value) {
            Expr::Logic { op: LogicOp::And, right, .. } => vec![right],
            Expr::Logic { left, right, .. } => vec![left, right],
            Expr::Choose { yes, no, .. } => vec![yes, no],
            _ => vec![value],
        }
    }

    /// The object literal or tag that a value is: itself, a constant's, or what a function returns.
    fn object(&self, file: FileId, value: ExprId) -> Option<(FileId, ExprId)> {
        let (file, value) = self.constant(file, value);
        match self.module(file).expr(value) {
            Expr::Object(_) | Expr::Tag(_) => Some((file, value)),
            Expr::Call { .. } | Expr::Member { .. } | Expr::Await(_) => match self.origin(file, value) {
                Origin::Literal(key) => Some((key.file, key.expr)),
                _ => None,
            },
            _ => None,
        }
    }
}
