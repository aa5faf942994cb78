//! Calls: checks of the caller, answers, functions of this file, and everything else.
//!
//! In: a call whose parts are known. Out: its value, another frame, or a failure.

use super::callee::Callee;
use super::eval::status;
use super::machine::{Flow, Machine, Mark, State};
use super::value::{Made, PARAM, REQUEST, SECRET, Shape, Value, is_check};
use super::world::Credential;
use crate::limits::OUTCOME_CALLS;
use crate::program::secret::{self, names};
use crate::syntax::visit::Node;
use crate::syntax::{BindingKind, Body, Expr, ExprId, FnId, MemberKind, Stmt, visit};

impl Machine<'_> {
    /// A call or `new`.
    pub(super) fn call(&mut self, state: &mut State, id: ExprId) -> Flow {
        let (callee, args, is_new) = match self.module.expr(id) {
            Expr::Call { callee, args } => (callee, args, false),
            Expr::New { callee, args } => (callee, args, true),
            _ => return Flow::On,
        };
        let args: Vec<Value> = self.module.list(args).iter().map(|arg| self.value(state, arg.value)).collect();
        let made = args.iter().fold(0, |made, arg| made | arg.made);
        let receiver = match self.module.expr(callee) {
            Expr::Member { of, .. } => Some(self.value(state, of)),
            _ => None,
        };
        let said = self.codes.callee(self.module, id, callee);
        let name = said.name.as_str();
        let takes_caller = args.iter().any(|arg| arg.made & REQUEST != 0 && arg.made & PARAM != 0);
        if !takes_caller && let Some(value) = self.world.of(&said.class) {
            self.set(state, id, value);
            return Flow::On;
        }
        if let Some(function) = self.target(state, callee)
            && state.depth() < OUTCOME_CALLS
            && !is_new
            && !self.is_lazy(function)
        {
            self.enter(state, function, id, &args);
            return Flow::On;
        }
        if let Some(value) = self.text(name, receiver.as_ref(), &args, id) {
            self.set(state, id, value);
            return Flow::On;
        }
        if self.is_next(callee) {
            if let Expr::Read(binding) = self.module.expr(callee) {
                self.mark(state, Mark::Next(binding), Node::Expr(id));
            }
            self.set(state, id, Value::unknown(made));
            return Flow::On;
        }
        let mut all = made | receiver.as_ref().map_or(0, |value| value.made) | self.value(state, callee).made;
        if name.starts_with("createHmac") && args.get(1).is_some_and(|key| key.nullish() == Some(true)) {
            return self.throw(state);
        }
        let (inner, checks) = self.closures(state, &args);
        all |= inner;
        if (said.checks || checks) && all & SECRET != 0 && all & (REQUEST | PARAM) != 0 {
            return self.check(state, id, name, &args, all);
        }
        self.other(state, id, (callee, &said), receiver.as_ref(), &args, is_new, all)
    }

    /// The function of this file that a call runs.
    fn target(&self, state: &State, callee: ExprId) -> Option<FnId> {
        match self.module.expr(callee) {
            Expr::Member { of, name } => match self.module.expr(of) {
                Expr::This => {
                    let class =
                        self.module.function(self.parents.function(Node::Expr(callee))).class.or_else(|| {
                            let mut function = self.parents.function(Node::Expr(callee));
                            while let Some(parent) = self.module.function(function).parent {
                                if let Some(class) = self.module.function(parent).class {
                                    return Some(class);
                                }
                                function = parent;
                            }
                            None
                        })?;
                    let wanted = self.module.name(name);
                    visit::named_members(self.module, class).find_map(|(name, member)| match member.kind {
                        MemberKind::Method(function) if name == wanted => Some(function),
                        _ => None,
                    })
                }
                _ => None,
            },
            Expr::Closure(function) => Some(function),
            _ => match self.value(state, callee).shape {
                Shape::Closure(function) => Some(function),
                _ => None,
            },
        }
        .filter(|function| !matches!(self.module.function(*function).body, Body::None))
    }

    /// What functions that are handed on read, and whether one of them calls a check.
    fn closures(&self, state: &State, args: &[Value]) -> (Made, bool) {
        let (mut made, mut checks) = (0, false);
        for arg in args {
            let Shape::Closure(function) = arg.shape else { continue };
            visit::walk_function(self.module, function, &mut |node| {
                if let Node::Expr(expr) = node {
                    match self.module.expr(expr) {
                        Expr::Read(binding) => made |= self.name(state, binding).map_or(0, |value| value.made),
                        Expr::Call { callee, .. } => {
                            checks |= secret::path(self.module, callee).last().is_some_and(|name| names::checks(name));
                        }
                        _ => {}
                    }
                }
                true
            });
        }
        (made, checks)
    }

    fn is_lazy(&self, function: FnId) -> bool {
        self.module.function(function).is_generator
    }

    /// Whether the callee is a parameter: the next handler, a callback.
    fn is_next(&self, callee: ExprId) -> bool {
        match self.module.expr(callee) {
            Expr::Read(binding) => {
                let bound = self.module.binding(binding);
                let name = self.module.name(bound.name);
                bound.kind == BindingKind::Param && !names::checks(name) && !names::is_logger(&[name])
            }
            _ => false,
        }
    }

    /// Calls that give the same text in another form, or read a part of what the caller sent.
    fn text(&self, name: &str, receiver: Option<&Value>, args: &[Value], id: ExprId) -> Option<Value> {
        let Expr::Call { callee, .. } = self.module.expr(id) else { return None };
        let path = secret::path(self.module, callee);
        let Some(of) = receiver else {
            let first = args.first()?;
            return match name {
                "Boolean" => Some(Value { shape: first.truth().map_or(Shape::Unknown, Shape::Bool), made: first.made }),
                "String" if first.shape == Shape::Undefined => {
                    Some(Value { shape: Shape::Text("undefined".into()), made: first.made })
                }
                "String" => Some(first.clone()),
                "headers" | "cookies" => Some(Value { shape: Shape::Truthy, made: REQUEST }),
                _ => None,
            };
        };
        let before = path.len().checked_sub(2).and_then(|at| path.get(at)).copied().unwrap_or_default();
        let from_request = of.made & (REQUEST | PARAM) != 0 && of.made & SECRET == 0;
        match name {
            "get" | "header" | "getHeader" if from_request || names::is_request(before) => {
                let null = name == "get" && !matches!(before, "req" | "request" | "cookies");
                return Some(self.world.sent(if null { Shape::Null } else { Shape::Undefined }));
            }
            "startsWith" | "endsWith" if of.shape == Shape::Truthy && from_request => {
                return Some(Value { shape: Shape::Bool(true), made: of.made });
            }
            _ => {}
        }
        let keeps = names::keeps_text(name) || matches!(name, "substring" | "substr" | "split" | "at" | "normalize");
        if !keeps {
            return None;
        }
        Some(match &of.shape {
            Shape::Text(text) if name == "trim" => Value { shape: Shape::Text(text.trim().into()), made: of.made },
            Shape::Undefined | Shape::Null | Shape::Nullish => Value { shape: Shape::Undefined, made: of.made },
            _ => of.clone(),
        })
    }

    /// A check of the caller that is not followed.
    fn check(&mut self, state: &mut State, id: ExprId, name: &str, args: &[Value], made: Made) -> Flow {
        self.run.checked = true;
        let passed = if self.world.set {
            self.world.credential == Credential::Right
        } else {
            match args {
                [left, right, ..] if is_check(left.made, right.made) && !throws_on_nothing(name) => {
                    self.same(id, left, right, true).unwrap_or(false)
                }
                _ => false,
            }
        };
        let looked_at = self.is_looked_at(id);
        if !passed && names::may_throw_on_failure(name) && !looked_at {
            return self.throw(state);
        }
        self.set(state, id, Value { shape: Shape::Check(passed), made });
        Flow::On
    }

    /// Whether the result of a check decides something, instead of being dropped or used as it is.
    fn is_looked_at(&self, id: ExprId) -> bool {
        let mut at = Node::Expr(id);
        let mut above = self.parents.of(at);
        while let Some(Node::Expr(parent)) = above {
            match self.module.expr(parent) {
                Expr::Await(_) | Expr::Cast { .. } | Expr::Chain(_) | Expr::OptionalLink(_) => {}
                _ => return true,
            }
            at = Node::Expr(parent);
            above = self.parents.of(at);
        }
        match above {
            Some(Node::Stmt(stmt)) => match self.module.stmt(stmt) {
                Stmt::Do(_) => false,
                Stmt::Let { bindings, .. } => {
                    let bindings = self.module.list(bindings);
                    self.module.exprs.iter().enumerate().any(|(reader, expr)| {
                        matches!(expr, Expr::Read(read) if bindings.contains(read))
                            && self.decides(ExprId(reader as u32))
                    })
                }
                _ => true,
            },
            _ => true,
        }
    }

    /// Whether an expression stands where it is asked for its truth or returned.
    fn decides(&self, id: ExprId) -> bool {
        match self.parents.of(Node::Expr(id)) {
            Some(Node::Expr(parent)) => match self.module.expr(parent) {
                Expr::Not(_) | Expr::Logic { .. } | Expr::Binary { .. } | Expr::Object(_) => true,
                Expr::Choose { test, .. } => test == id,
                Expr::Member { name, .. } => {
                    matches!(self.module.name(name), "valid" | "ok" | "success" | "error" | "isValid" | "verified")
                }
                _ => false,
            },
            Some(Node::Stmt(stmt)) => matches!(self.module.stmt(stmt), Stmt::If { .. } | Stmt::Return(_)),
            None => true,
        }
    }

    /// Any other call.
    #[expect(clippy::too_many_arguments, reason = "the parts of one call")]
    fn other(
        &mut self,
        state: &mut State,
        id: ExprId,
        (callee, said): (ExprId, &Callee),
        receiver: Option<&Value>,
        args: &[Value],
        is_new: bool,
        made: Made,
    ) -> Flow {
        let name = said.name.as_str();
        if said.is_logger {
            self.set(state, id, Value::unknown(0));
            return Flow::On;
        }
        if let Some(answer) = answer(state, name, receiver, args) {
            self.set(state, id, Value { shape: Shape::Answer(answer), made: 0 });
            return Flow::On;
        }
        if said.is_other_auth && made & (REQUEST | PARAM) != 0 && made & SECRET == 0 {
            state.other_auth = true;
        }
        if !said.checks && !is_pure(&secret::path(self.module, callee), name, is_new) {
            self.mark(state, Mark::Call(id), Node::Expr(id));
        }
        let truthy = is_new
            || matches!(name, "from" | "update" | "digest" | "createHmac" | "createHash" | "stringify" | "encode");
        self.set(state, id, Value { shape: if truthy { Shape::Truthy } else { Shape::Unknown }, made });
        Flow::On
    }
}

/// The status that a call answers with, if it builds an answer.
fn answer(state: &mut State, name: &str, receiver: Option<&Value>, args: &[Value]) -> Option<u16> {
    let number = |value: &Value| match value.shape {
        Shape::Number(number) if (100..600).contains(&number) => u16::try_from(number).ok(),
        _ => None,
    };
    if matches!(name, "status" | "sendStatus" | "code" | "writeHead" | "setStatus")
        && let Some(status) = args.first().and_then(number)
    {
        state.answered = Some(status);
        return Some(status);
    }
    if let Some(Value { shape: Shape::Answer(status), .. }) = receiver {
        return Some(*status);
    }
    let given = args.iter().find_map(|arg| status(arg).or_else(|| number(arg).filter(|status| *status >= 400)));
    if let Some(status) = given {
        return Some(status);
    }
    let words = names::words(name);
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word));
    if says(&["unauthorized", "forbidden", "denied"]) || (says(&["not"]) && says(&["authenticated", "authorized"])) {
        return Some(401);
    }
    let builds = matches!(name, "Response" | "NextResponse")
        || (matches!(name, "json" | "send" | "text" | "html" | "redirect" | "end")
            && receiver.is_some()
            && !args.is_empty());
    builds.then_some(state.answered.unwrap_or(200))
}

fn throws_on_nothing(name: &str) -> bool {
    name == "timingSafeEqual"
}

/// Calls that are nobody's work: conversions, look-ups in what is already there.
fn is_pure(path: &[&str], name: &str, is_new: bool) -> bool {
    let global = path.first().is_some_and(|first| {
        matches!(
            *first,
            "Object"
                | "Array"
                | "String"
                | "Number"
                | "Boolean"
                | "JSON"
                | "Math"
                | "Date"
                | "Buffer"
                | "Promise"
                | "Symbol"
                | "TextEncoder"
                | "TextDecoder"
                | "URL"
                | "URLSearchParams"
                | "Map"
                | "Set"
                | "RegExp"
                | "crypto"
                | "Error"
        )
    });
    let method = matches!(
        name,
        "get"
            | "has"
            | "json"
            | "text"
            | "toString"
            | "startsWith"
            | "endsWith"
            | "includes"
            | "match"
            | "test"
            | "header"
            | "clone"
            | "map"
            | "filter"
            | "join"
            | "update"
            | "digest"
            | "from"
            | "encode"
            | "decode"
            | "setHeader"
            | "set"
    );
    global || method && !is_new || (is_new && name.ends_with("Error"))
}
