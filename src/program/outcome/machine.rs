//! Runs a function in a world along every path that is not known to be impossible.
//!
//! In: a function and a [`World`]. Out: [`Run`], what was reached. Paths that meet in the same state
//! go on as one; statements are counted, and a run that reaches the bound says so.

use super::callee::Callee;
use super::code::{Code, Label, Op};
use super::slots::{Slots, Table};
use super::value::{Shape, Value};
use super::world::World;
use crate::limits::OUTCOME_STEPS;
use crate::program::secret;
use crate::syntax::visit::{Node, Parents};
use crate::syntax::{BindingId, Expr, ExprId, FnId, LogicOp, Module, SourceOf, Step};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Something that a run reached.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A parameter was called: the next handler.
    Next(BindingId),
    /// A call that may be work.
    Call(ExprId),
    /// The function was left here without an error.
    Exit(Node),
    /// The function came to this.
    Value(String),
}

/// What a run reached.
#[derive(Debug, Default)]
pub struct Run {
    /// What was reached, and where.
    pub marks: BTreeMap<Mark, Node>,
    /// Which conditions held, and which did not.
    pub truths: BTreeMap<ExprId, (bool, bool)>,
    /// Comparisons of the secret with the caller's that held although the secret is unset.
    pub equal: BTreeSet<ExprId>,
    /// Whether anything was compared with the secret.
    pub checked: bool,
    /// Whether a bound was reached.
    pub cut: bool,
}

/// What a function goes back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Back {
    /// Nothing: it is the one that is run.
    Out,
    /// The call that called it.
    Call(ExprId),
    /// The constant whose value it is.
    Constant(BindingId),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Frame {
    code: usize,
    at: usize,
    values: Slots,
    back: Back,
}

/// One path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct State {
    frames: Vec<Frame>,
    names: Slots,
    /// The status that was given to the response object.
    pub(super) answered: Option<u16>,
    /// Whether the caller was asked for something else than the secret.
    pub(super) other_auth: bool,
}

impl State {
    fn go(&mut self, to: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.at = to;
        }
    }

    /// How many calls were followed inwards.
    pub(super) fn depth(&self) -> u32 {
        self.frames.iter().filter(|frame| matches!(frame.back, Back::Call(_))).count() as u32
    }

    /// Whether the value of a constant is being found out, which is nobody's work.
    pub(super) fn is_constant(&self) -> bool {
        self.frames.iter().any(|frame| matches!(frame.back, Back::Constant(_)))
    }

    fn constants(&self) -> usize {
        self.frames.iter().filter(|frame| matches!(frame.back, Back::Constant(_))).count()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum CodeOf {
    Function(FnId),
    Expr(ExprId),
}

/// The code of what was run of one file so far, for one run after another.
#[derive(Debug, Default)]
pub(super) struct Codes {
    list: Vec<Code>,
    of: FxHashMap<CodeOf, usize>,
    callees: FxHashMap<ExprId, Rc<Callee>>,
}

impl Codes {
    fn number(&mut self, module: &Module, of: CodeOf) -> usize {
        *self.of.entry(of).or_insert_with(|| {
            self.list.push(match of {
                CodeOf::Function(function) => Code::of_function(module, function),
                CodeOf::Expr(expr) => Code::of_expr(module, expr),
            });
            self.list.len() - 1
        })
    }

    /// What the names in a call say.
    pub fn callee(&mut self, module: &Module, call: ExprId, callee: ExprId) -> Rc<Callee> {
        let new = || Rc::new(Callee::new(module, call, callee));
        Rc::clone(self.callees.entry(call).or_insert_with(new))
    }
}

/// Constants of constants that are found out at once.
const CONSTANTS: usize = 8;
/// Steps that one statement has on average, at most.
const STEPS_PER_STATEMENT: u32 = 64;

/// A run under way.
pub(super) struct Machine<'a> {
    pub(super) module: &'a Module,
    pub(super) parents: &'a Parents,
    pub(super) world: World<'a>,
    /// A condition that is taken to be this, whatever it is.
    pub(super) forced: Option<(ExprId, bool)>,
    pub(super) run: Run,
    pub(super) codes: &'a mut Codes,
    seen: FxHashSet<State>,
    others: Vec<State>,
    table: RefCell<Table>,
}

pub(super) enum Flow {
    On,
    End,
}

impl<'a> Machine<'a> {
    pub(super) fn new(module: &'a Module, parents: &'a Parents, world: World<'a>, codes: &'a mut Codes) -> Self {
        Self {
            module,
            parents,
            world,
            forced: None,
            run: Run::default(),
            codes,
            seen: FxHashSet::default(),
            others: Vec::new(),
            table: RefCell::default(),
        }
    }

    /// The value of an expression of the function that is being run.
    pub(super) fn value(&self, state: &State, id: ExprId) -> Value {
        let number = state.frames.last().and_then(|frame| frame.values.get(id.0));
        self.numbered(number).unwrap_or_else(|| Value::unknown(0))
    }

    pub(super) fn set(&self, state: &mut State, id: ExprId, value: Value) {
        if let Some(frame) = state.frames.last_mut() {
            frame.values.put(id.0, self.number(value));
        }
    }

    /// The value of a name, where it has one yet.
    pub(super) fn name(&self, state: &State, binding: BindingId) -> Option<Value> {
        self.numbered(state.names.get(binding.0))
    }

    pub(super) fn put(&self, state: &mut State, binding: BindingId, value: Value) {
        state.names.put(binding.0, self.number(value));
    }

    fn numbered(&self, number: Option<u32>) -> Option<Value> {
        self.table.borrow().get(number?).cloned()
    }

    fn number(&self, value: Value) -> u32 {
        self.table.borrow_mut().number(value)
    }

    /// Runs a function from its start.
    pub(super) fn run(mut self, function: FnId) -> Run {
        let mut state = State { frames: Vec::new(), names: Slots::default(), answered: None, other_auth: false };
        self.bind_params(&mut state, function, None);
        let code = self.code(CodeOf::Function(function));
        state.frames.push(Frame { code, at: 0, values: Slots::default(), back: Back::Out });
        self.others.push(state);
        let (mut statements, mut steps) = (0, 0);
        while let Some(mut state) = self.others.pop() {
            loop {
                steps += 1;
                let Some(frame) = state.frames.last_mut() else { break };
                let Some(op) = self.codes.list[frame.code].ops.get(frame.at).copied() else { break };
                frame.at += 1;
                if matches!(op, Op::Next) {
                    statements += 1;
                    frame.values.clear();
                    if !self.seen.insert(state.clone()) {
                        break;
                    }
                }
                if statements > OUTCOME_STEPS || steps > OUTCOME_STEPS * STEPS_PER_STATEMENT {
                    self.run.cut = true;
                    return self.run;
                }
                if matches!(self.step(&mut state, op), Flow::End) {
                    break;
                }
            }
        }
        self.run
    }

    fn code(&mut self, of: CodeOf) -> usize {
        self.codes.number(self.module, of)
    }

    fn label(&self, state: &State, label: Label) -> usize {
        state.frames.last().map_or(0, |frame| self.codes.list[frame.code].at(label))
    }

    /// Goes on here, and later also at `to`.
    fn fork(&mut self, state: &State, to: usize) {
        let mut other = state.clone();
        other.go(to);
        self.others.push(other);
    }

    fn step(&mut self, state: &mut State, op: Op) -> Flow {
        match op {
            Op::Next => {}
            Op::Eval(id) => return self.eval(state, id),
            Op::Copy { from, to } => {
                let value = self.forced_value(to, self.value(state, from));
                self.set(state, to, value);
            }
            Op::Jump(label) => state.go(self.label(state, label)),
            Op::Decide { op, left, to, end } => self.decide(state, op, left, to, end),
            Op::Unless { test, to } => self.unless(state, test, to),
            Op::Case { on, test, to } => {
                let target = self.label(state, to);
                match super::value::equal(&self.value(state, on), &self.value(state, test), true) {
                    Some(true) => state.go(target),
                    Some(false) => {}
                    None => self.fork(state, target),
                }
            }
            Op::Optional { value, link, chain, end } => {
                let known = self.value(state, value);
                let target = self.label(state, end);
                let undefined = Value { shape: Shape::Undefined, made: known.made };
                match known.nullish() {
                    Some(true) => {
                        self.set(state, chain, undefined);
                        state.go(target);
                    }
                    Some(false) => self.set(state, link, known),
                    None => {
                        // What the chain gives is not known either; one path is enough.
                        self.set(state, link, known);
                    }
                }
            }
            Op::Call(id) => return self.call(state, id),
            Op::Assign(id) => self.assign(state, id),
            Op::Bind { bindings, value } => self.bind(state, bindings, value),
            Op::Forget(binding) => {
                self.put(state, binding, Value::unknown(0));
            }
            Op::Walk { binding, of } => {
                let made = self.value(state, of).made;
                let value = match self.module.binding(binding).source {
                    Some(source) => {
                        self.through(state, &Value::unknown(made), &secret::path(self.module, of), source.steps)
                    }
                    None => Value::unknown(made),
                };
                self.put(state, binding, value);
            }
            Op::Try(handler) => {
                let target = self.label(state, handler);
                self.fork(state, target);
            }
            Op::Return { value, at } => return self.leave(state, value, at),
            Op::Throw => return self.throw(state),
        }
        Flow::On
    }

    fn forced_value(&self, id: ExprId, value: Value) -> Value {
        match self.forced {
            Some((forced, truth)) if forced == id => Value { shape: Shape::Bool(truth), made: value.made },
            _ => value,
        }
    }

    fn note(&mut self, id: ExprId, truth: Option<bool>) {
        let seen = self.run.truths.entry(id).or_default();
        seen.0 |= truth != Some(false);
        seen.1 |= truth != Some(true);
    }

    fn decide(&mut self, state: &mut State, op: LogicOp, left: ExprId, to: ExprId, end: Label) {
        let value = self.value(state, left);
        let target = self.label(state, end);
        let decides = match op {
            LogicOp::And => value.truth().map(|truth| !truth),
            LogicOp::Or => value.truth(),
            LogicOp::Coalesce => value.nullish().map(|nullish| !nullish),
        };
        if op != LogicOp::Coalesce {
            self.note(left, value.truth());
        }
        let taken = match (op, value.truth()) {
            (LogicOp::And, None) => Value { shape: Shape::Bool(false), made: value.made },
            (LogicOp::Or, None) => Value { shape: Shape::Truthy, made: value.made },
            _ => value,
        };
        let taken = self.forced_value(to, taken);
        match decides {
            Some(true) => {
                self.set(state, to, taken);
                state.go(target);
            }
            Some(false) => {}
            None => {
                let mut other = state.clone();
                other.go(target);
                self.set(&mut other, to, taken);
                self.others.push(other);
            }
        }
    }

    fn unless(&mut self, state: &mut State, test: ExprId, to: Label) {
        let target = self.label(state, to);
        let natural = self.value(state, test).truth();
        self.note(test, natural);
        let truth = match self.forced {
            Some((forced, truth)) if forced == test => Some(truth),
            _ => natural,
        };
        match truth {
            Some(true) => {}
            Some(false) => state.go(target),
            None => {
                self.fork(state, target);
                self.learn(state, test);
            }
        }
    }

    /// On this path the condition holds: a name that was asked keeps its answer on both sides.
    fn learn(&mut self, state: &mut State, test: ExprId) {
        let (name, here) = match self.module.expr(test) {
            Expr::Read(name) => (name, true),
            Expr::Not(of) => match self.module.expr(of) {
                Expr::Read(name) => (name, false),
                _ => return,
            },
            _ => return,
        };
        let Some(value) = self.name(state, name) else { return };
        let shape = |truth| if truth { Shape::Truthy } else { Shape::Bool(false) };
        self.put(state, name, Value { shape: shape(here), made: value.made });
        let number = self.number(Value { shape: shape(!here), made: value.made });
        if let Some(other) = self.others.last_mut() {
            other.names.put(name.0, number);
        }
    }

    /// Starts a function of this file; its arguments are bound by the caller.
    pub(super) fn enter(&mut self, state: &mut State, function: FnId, call: ExprId, args: &[Value]) {
        self.bind_params(state, function, Some(args));
        let code = self.code(CodeOf::Function(function));
        state.frames.push(Frame { code, at: 0, values: Slots::default(), back: Back::Call(call) });
    }

    /// Starts finding out a constant; false if that would go too far.
    pub(super) fn enter_constant(&mut self, state: &mut State, binding: BindingId, expr: ExprId) -> bool {
        if state.constants() >= CONSTANTS {
            return false;
        }
        self.put(state, binding, Value::unknown(0));
        // The step that asked for the constant is taken again when it is known.
        if let Some(frame) = state.frames.last_mut() {
            frame.at -= 1;
        }
        let code = self.code(CodeOf::Expr(expr));
        state.frames.push(Frame { code, at: 0, values: Slots::default(), back: Back::Constant(binding) });
        true
    }

    fn leave(&mut self, state: &mut State, value: Option<ExprId>, at: Node) -> Flow {
        let value = value.map_or_else(|| Value::plain(Shape::Undefined), |value| self.value(state, value));
        let Some(frame) = state.frames.pop() else { return Flow::End };
        match frame.back {
            Back::Out => {
                self.exit(state, &value, at);
                Flow::End
            }
            Back::Call(call) => {
                self.set(state, call, value);
                Flow::On
            }
            Back::Constant(binding) => {
                let value = match self.module.binding(binding).source {
                    Some(source) => {
                        let of = match source.of {
                            SourceOf::Expr(of) => secret::path(self.module, of),
                            _ => Vec::new(),
                        };
                        self.through(state, &value, &of, source.steps)
                    }
                    None => value,
                };
                let value = self.by_name(binding, value);
                self.put(state, binding, value);
                Flow::On
            }
        }
    }

    /// A failure: on to the innermost handler, or out.
    pub(super) fn throw(&mut self, state: &mut State) -> Flow {
        while let Some(frame) = state.frames.last_mut() {
            if let Some(handler) = self.codes.list[frame.code].handler(frame.at) {
                frame.at = handler;
                return Flow::On;
            }
            state.frames.pop();
        }
        Flow::End
    }

    pub(super) fn mark(&mut self, state: &State, mark: Mark, at: Node) {
        let guarded = !self.world.set && state.other_auth;
        if !guarded && !state.is_constant() {
            self.run.marks.entry(mark).or_insert(at);
        }
    }

    /// A value reached by steps of a pattern.
    pub(super) fn through(&self, state: &State, value: &Value, of: &[&str], steps: crate::syntax::List<Step>) -> Value {
        let mut of: Vec<&str> = of.to_vec();
        let mut value = value.clone();
        for step in self.module.list(steps) {
            value = match *step {
                Step::Key(name) => {
                    let name = self.module.name(name);
                    let part = self.member(&value, &of, name);
                    of.push(name);
                    part
                }
                Step::Default(default) => match value.shape {
                    Shape::Undefined => self.value(state, default),
                    _ => value,
                },
                Step::Index(_) | Step::Computed(_) | Step::Rest => Value::unknown(value.made),
            };
        }
        value
    }
}
