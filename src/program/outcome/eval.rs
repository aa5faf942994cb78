//! Values of expressions, declarations and exits.
//!
//! In: a state and an expression whose parts are known. Out: its value, or the state after it.

use super::machine::{Flow, Machine, Mark, State};
use super::value::{PARAM, REQUEST, SECRET, Shape, Value, equal, is_check};
use super::world::Credential;
use crate::program::secret::{self, Class};
use crate::syntax::visit::Node;
use crate::syntax::{
    AssignOp, BinaryOp, BindingId, BindingKind, Expr, ExprId, FnId, Item, Key, List, SourceOf, UnaryOp,
};
use std::fmt::Write;
use std::rc::Rc;

impl Machine<'_> {
    /// The value of an expression whose parts are known.
    pub(super) fn eval(&mut self, state: &mut State, id: ExprId) -> Flow {
        let value = match self.module.expr(id) {
            Expr::Read(binding) => match self.read(state, binding) {
                Some(value) => value,
                None => return Flow::On,
            },
            Expr::Global(_) | Expr::This | Expr::Super | Expr::Meta(_) => Value::unknown(0),
            Expr::Undefined => Value::plain(Shape::Undefined),
            Expr::Null => Value::plain(Shape::Null),
            Expr::Bool(value) => Value::plain(Shape::Bool(value)),
            Expr::Number(number) => {
                let number = self.module.numbers[number.index()];
                let whole = number.fract() == 0.0 && number.abs() < 1e15;
                Value::plain(if whole { Shape::Number(number as i64) } else { Shape::Truthy })
            }
            Expr::Text(name) => Value::plain(Shape::Text(self.module.name(name).into())),
            Expr::Closure(function) => Value::plain(Shape::Closure(function)),
            Expr::Template(template) => self.template(state, template),
            Expr::Member { of, name } => {
                let value = self.value(state, of);
                self.member(&value, &secret::path(self.module, of), self.module.name(name))
            }
            Expr::Index { of, key } => self.index(state, id, of, key),
            Expr::Await(of) | Expr::Cast { value: of, .. } | Expr::OptionalLink(of) => self.value(state, of),
            Expr::Not(of) => {
                let value = self.value(state, of);
                let shape = value.truth().map_or(Shape::Unknown, |truth| Shape::Bool(!truth));
                Value { shape, made: value.made }
            }
            Expr::Unary(op, of) => unary(op, &self.value(state, of)),
            Expr::Binary { op, left, right } => self.binary(state, id, op, left, right),
            Expr::Object(fields) => self.object(state, fields),
            Expr::Array(items) => {
                let made = secret::elements(self.module, self.module.list(items))
                    .into_iter()
                    .fold(0, |made, item| made | self.value(state, item).made);
                let _: Option<&Item> = self.module.list(items).first();
                Value { shape: Shape::Truthy, made }
            }
            Expr::Comma(parts) => {
                self.module.list(parts).last().map_or_else(|| Value::unknown(0), |last| self.value(state, *last))
            }
            Expr::Regex | Expr::Class(_) | Expr::Tag(_) => Value::plain(Shape::Truthy),
            _ => {
                let mut made = 0;
                crate::syntax::visit::children(self.module, Node::Expr(id), &mut |child| {
                    if let Node::Expr(child) = child {
                        made |= self.value(state, child).made;
                    }
                });
                Value::unknown(made)
            }
        };
        self.set(state, id, value);
        Flow::On
    }

    /// The value of a name; `None` if it has to be found out first, in a frame that is now on top.
    fn read(&mut self, state: &mut State, binding: BindingId) -> Option<Value> {
        if let Some(value) = self.name(state, binding) {
            return Some(value);
        }
        let bound = *self.module.binding(binding);
        let name = self.module.name(bound.name);
        match bound.kind {
            BindingKind::Function(function) => return Some(Value::plain(Shape::Closure(function))),
            BindingKind::Param => return Some(self.world.param(&secret::bound(self.module, binding), name)),
            BindingKind::Const | BindingKind::Let | BindingKind::Var if !bound.reassigned => {
                if let Some(source) = bound.source
                    && let SourceOf::Expr(expr) = source.of
                    && self.enter_constant(state, binding, expr)
                {
                    return None;
                }
            }
            _ => {}
        }
        Some(self.world.of(&secret::bound(self.module, binding)).unwrap_or_else(|| Value::unknown(0)))
    }

    /// What a constant is worth whose own value says nothing but whose name does.
    pub(super) fn by_name(&self, binding: BindingId, value: Value) -> Value {
        if value.shape == Shape::Unknown && value.made & (SECRET | REQUEST) == 0 {
            return self.world.of(&secret::bound(self.module, binding)).unwrap_or(value);
        }
        value
    }

    /// `of.name`, where `path` leads to `of`.
    pub(super) fn member(&self, of: &Value, path: &[&str], name: &str) -> Value {
        match of.shape {
            Shape::Object(_) | Shape::Check(_) | Shape::Undefined | Shape::Null | Shape::Nullish | Shape::Text(_) => {
                return of.field(name);
            }
            _ => {}
        }
        if of.made & REQUEST != 0 && of.made & SECRET == 0 {
            return if name == "value" { self.world.sent(Shape::Undefined) } else { self.world.part(path, name) };
        }
        let class = secret::field(path, name);
        if let Some(value) = self.world.of(&class) {
            return value;
        }
        if class == Class::Request || (of.made & PARAM != 0 && crate::program::secret::names::is_request(name)) {
            return self.world.part(path, name);
        }
        Value::unknown(of.made)
    }

    fn index(&self, state: &State, id: ExprId, of: ExprId, key: ExprId) -> Value {
        if let Some(value) = self.world.of(&secret::direct(self.module, id)) {
            return value;
        }
        let value = self.value(state, of);
        let path = secret::path(self.module, of);
        match self.value(state, key).shape {
            Shape::Text(name) => self.member(&value, &path, &name),
            _ if value.made & REQUEST != 0 && value.shape == Shape::Truthy => {
                let container = path.last().is_some_and(|last| crate::program::secret::names::is_request(last));
                if container { self.world.sent(Shape::Undefined) } else { value }
            }
            _ => {
                Value { shape: if value.nullish() == Some(true) { Shape::Undefined } else { Shape::Unknown }, ..value }
            }
        }
    }

    fn template(&self, state: &State, template: crate::syntax::TemplateId) -> Value {
        let template = self.module.templates[template.index()];
        let texts = self.module.list(template.texts);
        let mut text = Some(String::new());
        let mut made = 0;
        let mut fixed = false;
        for (at, part) in texts.iter().enumerate() {
            let part = self.module.name(*part);
            fixed |= !part.is_empty();
            if let Some(text) = &mut text {
                text.push_str(part);
            }
            if let Some(hole) = self.module.list(template.holes).get(at) {
                let value = self.value(state, *hole);
                made |= value.made;
                text = text.and_then(|text| append(text, &value));
            }
        }
        let shape = match text {
            Some(text) => Shape::Text(text.into()),
            None if fixed => Shape::Truthy,
            None => Shape::Unknown,
        };
        Value { shape, made }
    }

    fn binary(&mut self, state: &State, id: ExprId, op: BinaryOp, left: ExprId, right: ExprId) -> Value {
        let (left, right) = (self.value(state, left), self.value(state, right));
        let made = left.made | right.made;
        let (strict, negated) = match op {
            BinaryOp::StrictEq => (true, false),
            BinaryOp::StrictNotEq => (true, true),
            BinaryOp::Eq => (false, false),
            BinaryOp::NotEq => (false, true),
            BinaryOp::Add => {
                let text = append(String::new(), &left).and_then(|text| append(text, &right));
                let is_text = matches!(left.shape, Shape::Text(_)) || matches!(right.shape, Shape::Text(_));
                let truthy = left.truth() == Some(true) || right.truth() == Some(true);
                let shape = match text {
                    Some(text) if is_text => Shape::Text(text.into()),
                    _ if truthy => Shape::Truthy,
                    _ => Shape::Unknown,
                };
                return Value { shape, made };
            }
            BinaryOp::Greater | BinaryOp::Less | BinaryOp::GreaterEq | BinaryOp::LessEq => {
                return Value { shape: ordered(op, &left, &right), made };
            }
            _ => return Value::unknown(made),
        };
        match self.same(id, &left, &right, strict) {
            Some(same) => Value { shape: Shape::Bool(same != negated), made },
            None => Value::unknown(made),
        }
    }

    /// Whether two values are equal in this world; a comparison of the secret with what the caller
    /// sent is decided by the world.
    pub(super) fn same(&mut self, at: ExprId, left: &Value, right: &Value, strict: bool) -> Option<bool> {
        let known = equal(left, right, strict);
        if !is_check(left.made, right.made) {
            return known;
        }
        self.run.checked = true;
        if self.world.set {
            return Some(self.world.credential == Credential::Right);
        }
        let same = known.unwrap_or_else(|| {
            // A text that everyone can guess, and the caller chooses what to send.
            let (ours, theirs) = if left.made & SECRET != 0 { (left, right) } else { (right, left) };
            let fixed = matches!(&ours.shape, Shape::Text(text) if !text.is_empty());
            self.world.guesses && fixed && theirs.shape == Shape::Truthy
        });
        if same {
            self.run.equal.insert(at);
        }
        Some(same)
    }

    fn object(&self, state: &State, fields: List<crate::syntax::Field>) -> Value {
        let mut made = 0;
        let mut known: Vec<(Rc<str>, Value)> = Vec::new();
        for field in self.module.list(fields) {
            let value = self.value(state, field.value);
            made |= value.made;
            if let Key::Name(name) = field.key {
                let name: Rc<str> = self.module.name(name).into();
                known.retain(|(other, _)| *other != name);
                known.push((name, value));
            }
        }
        known.sort();
        Value { shape: Shape::Object(known.into()), made }
    }

    pub(super) fn bind_params(&self, state: &mut State, function: FnId, args: Option<&[Value]>) {
        let params = &self.module.function(function).params;
        for (at, binding) in self.module.bindings.iter().enumerate() {
            if binding.owner != function || binding.kind != BindingKind::Param {
                continue;
            }
            let id = BindingId(at as u32);
            let Some(source) = binding.source else { continue };
            let SourceOf::Param(number) = source.of else { continue };
            let name = self.module.name(binding.name);
            let value = match args {
                Some(args) => {
                    let rest = params.get(number as usize).is_some_and(|param| param.rest);
                    let given = if rest { None } else { args.get(number as usize).cloned() };
                    let given =
                        given.unwrap_or_else(|| if rest { Value::unknown(0) } else { Value::plain(Shape::Undefined) });
                    let value = self.through(state, &given, &[], source.steps);
                    // An argument of which nothing is known is what its parameter says it is.
                    if value.shape == Shape::Unknown && value.made == 0 { self.by_name(id, value) } else { value }
                }
                None => self.world.param(&secret::bound(self.module, id), name),
            };
            self.put(state, id, value);
        }
    }

    pub(super) fn bind(&mut self, state: &mut State, bindings: List<BindingId>, value: Option<ExprId>) {
        for binding in self.module.list(bindings) {
            let bound = match (value, self.module.binding(*binding).source) {
                (Some(value), Some(source)) => {
                    let path = secret::path(self.module, value);
                    let bound = self.through(state, &self.value(state, value), &path, source.steps);
                    self.by_name(*binding, bound)
                }
                (Some(value), None) => self.value(state, value),
                (None, _) => Value::plain(Shape::Undefined),
            };
            self.put(state, *binding, bound);
        }
    }

    pub(super) fn assign(&mut self, state: &mut State, id: ExprId) {
        let Expr::Assign { op, to, value } = self.module.expr(id) else { return };
        let new = match op {
            AssignOp::Update => Value::unknown(self.value(state, to).made | self.value(state, value).made),
            _ => self.value(state, value),
        };
        match self.module.expr(to) {
            Expr::Read(binding) => {
                self.put(state, binding, new.clone());
            }
            Expr::Pattern(targets) => {
                for target in self.module.list(targets) {
                    if let Expr::Read(binding) = self.module.expr(target.to) {
                        let part = self.through(state, &new, &secret::path(self.module, value), target.steps);
                        self.put(state, binding, part);
                    }
                }
            }
            _ => {}
        }
        self.set(state, id, new);
    }

    /// The function that is run was left.
    pub(super) fn exit(&mut self, state: &State, value: &Value, at: Node) {
        if status(value).or(state.answered).is_some_and(|status| status >= 400) {
            return;
        }
        self.mark(state, Mark::Exit(at), at);
        if let Some(kind) = kind(value) {
            self.mark(state, Mark::Value(kind), at);
        }
    }
}

/// The status that a value answers with.
pub(super) fn status(value: &Value) -> Option<u16> {
    match &value.shape {
        Shape::Answer(status) => Some(*status),
        Shape::Object(fields) => fields.iter().find_map(|(name, value)| match value.shape {
            Shape::Number(status) if matches!(&**name, "status" | "statusCode") => u16::try_from(status).ok(),
            _ => None,
        }),
        _ => None,
    }
}

/// What a returned value says, as far as it says yes or no.
fn kind(value: &Value) -> Option<String> {
    match &value.shape {
        Shape::Bool(value) | Shape::Check(value) => Some(format!("{value}")),
        Shape::Undefined => Some("undefined".to_string()),
        Shape::Null | Shape::Nullish => Some("null".to_string()),
        Shape::Object(fields) => {
            let mut text = String::new();
            for (name, value) in fields.iter() {
                if let Shape::Bool(value) | Shape::Check(value) = value.shape {
                    let _ = write!(text, "{name}: {value}, ");
                }
            }
            (!text.is_empty()).then_some(text)
        }
        _ => None,
    }
}

fn append(mut text: String, value: &Value) -> Option<String> {
    match &value.shape {
        Shape::Text(part) => text.push_str(part),
        Shape::Undefined | Shape::Nullish => text.push_str("undefined"),
        Shape::Null => text.push_str("null"),
        Shape::Number(number) => {
            let _ = write!(text, "{number}");
        }
        Shape::Bool(value) => {
            let _ = write!(text, "{value}");
        }
        _ => return None,
    }
    Some(text)
}

fn unary(op: UnaryOp, value: &Value) -> Value {
    let shape = match op {
        UnaryOp::Typeof => match &value.shape {
            Shape::Undefined | Shape::Nullish => Shape::Text("undefined".into()),
            Shape::Null | Shape::Object(_) => Shape::Text("object".into()),
            Shape::Text(_) => Shape::Text("string".into()),
            Shape::Bool(_) => Shape::Text("boolean".into()),
            Shape::Number(_) => Shape::Text("number".into()),
            Shape::Closure(_) => Shape::Text("function".into()),
            Shape::Truthy if value.made & (SECRET | REQUEST) != 0 => Shape::Text("string".into()),
            _ => Shape::Unknown,
        },
        UnaryOp::Void => Shape::Undefined,
        _ => Shape::Unknown,
    };
    Value { shape, made: value.made }
}

/// `secret.length > 0` and the like: a length that is not known is that of a text.
fn ordered(op: BinaryOp, left: &Value, right: &Value) -> Shape {
    match (&left.shape, &right.shape) {
        (Shape::Number(a), Shape::Number(b)) => Shape::Bool(match op {
            BinaryOp::Greater => a > b,
            BinaryOp::GreaterEq => a >= b,
            BinaryOp::Less => a < b,
            _ => a <= b,
        }),
        (Shape::Undefined, Shape::Number(_)) => Shape::Bool(false),
        _ => Shape::Unknown,
    }
}
