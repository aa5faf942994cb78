//! A function as a straight list of steps with jumps, so that it can be run on several paths at once
//! without recursion.
//!
//! In: a lowered function. Out: [`Code`]. Loops run their body once; `finally` blocks run where their
//! `try` ends normally.

use crate::syntax::visit::{self, Node};
use crate::syntax::{
    AssignOp, BindingId, Body, Expr, ExprId, FnId, List, LogicOp, LoopKind, Module, Name, SourceOf, Step, Stmt, StmtId,
};

/// A place in [`Code::ops`], by number of its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label(usize);

/// One step.
#[derive(Debug, Clone, Copy)]
pub enum Op {
    /// A statement begins: what its predecessor left half done is forgotten.
    Next,
    /// The value of an expression, from the values of its parts.
    Eval(ExprId),
    /// `&&`, `||`, `??`: if the left side decides, it is the value of `to`, and the right side is skipped.
    Decide { op: LogicOp, left: ExprId, to: ExprId, end: Label },
    /// The value of one expression is that of another.
    Copy { from: ExprId, to: ExprId },
    /// Goes on elsewhere.
    Jump(Label),
    /// Goes on elsewhere if the condition does not hold.
    Unless { test: ExprId, to: Label },
    /// Goes on elsewhere if the two are equal.
    Case { on: ExprId, test: ExprId, to: Label },
    /// Goes on at the end of the chain, which is then undefined, if the value is nullish.
    Optional { value: ExprId, link: ExprId, chain: ExprId, end: Label },
    /// A call or `new`.
    Call(ExprId),
    /// An assignment whose parts have been evaluated.
    Assign(ExprId),
    /// A declaration.
    Bind { bindings: List<BindingId>, value: Option<ExprId> },
    /// A name gets a value of which nothing is known.
    Forget(BindingId),
    /// Failures between here and there go there.
    Try(Label),
    /// A name gets an element of what is walked.
    Walk { binding: BindingId, of: ExprId },
    /// Leaves the function with a value.
    Return { value: Option<ExprId>, at: Node },
    /// Leaves with a failure.
    Throw,
}

/// A function, ready to run.
#[derive(Debug, Default)]
pub struct Code {
    /// The steps.
    pub ops: Vec<Op>,
    labels: Vec<usize>,
}

impl Code {
    /// Where a label is.
    pub fn at(&self, label: Label) -> usize {
        self.labels.get(label.0).copied().unwrap_or(self.ops.len())
    }

    /// Where a failure at a step goes: the innermost `try` around it.
    pub fn handler(&self, step: usize) -> Option<usize> {
        self.ops[..step.min(self.ops.len())].iter().rev().find_map(|op| match *op {
            Op::Try(handler) if step < self.at(handler) => Some(self.at(handler)),
            _ => None,
        })
    }

    /// The code of a function.
    pub fn of_function(module: &Module, function: FnId) -> Self {
        let mut writer = Writer::new(module);
        for param in &module.function(function).params {
            writer.tasks.extend(param.default.map(Task::Expr));
        }
        for binding in &module.bindings {
            if let Some(source) = binding.source
                && binding.owner == function
                && matches!(source.of, SourceOf::Param(_))
            {
                writer.defaults(source.steps);
            }
        }
        writer.run();
        match module.function(function).body {
            Body::Block(body) => {
                writer.tasks.push(Task::Stmt(body));
                writer.run();
                writer.code.ops.push(Op::Return { value: None, at: Node::Stmt(body) });
            }
            Body::Expr(value) => writer.value(value),
            Body::None => {}
        }
        writer.code
    }

    /// The code of one expression, which it returns.
    pub fn of_expr(module: &Module, expr: ExprId) -> Self {
        let mut writer = Writer::new(module);
        writer.value(expr);
        writer.code
    }
}

enum Task {
    Expr(ExprId),
    Stmt(StmtId),
    Op(Op),
    Place(Label),
    EndChain,
    EndTarget,
}

struct Target {
    name: Option<Name>,
    is_loop: bool,
    end: Label,
}

struct Writer<'a> {
    module: &'a Module,
    code: Code,
    tasks: Vec<Task>,
    chains: Vec<(ExprId, Label)>,
    targets: Vec<Target>,
}

impl<'a> Writer<'a> {
    fn new(module: &'a Module) -> Self {
        Self { module, code: Code::default(), tasks: Vec::new(), chains: Vec::new(), targets: Vec::new() }
    }

    fn label(&mut self) -> Label {
        self.code.labels.push(usize::MAX);
        Label(self.code.labels.len() - 1)
    }

    fn value(&mut self, expr: ExprId) {
        self.tasks.push(Task::Expr(expr));
        self.run();
        self.code.ops.push(Op::Return { value: Some(expr), at: Node::Expr(expr) });
    }

    fn defaults(&mut self, steps: List<Step>) {
        for step in self.module.list(steps) {
            if let Step::Default(value) = *step {
                self.tasks.push(Task::Expr(value));
            }
        }
    }

    fn run(&mut self) {
        while let Some(task) = self.tasks.pop() {
            let from = self.tasks.len();
            match task {
                Task::Expr(id) => self.expr(id),
                Task::Stmt(id) => self.stmt(id),
                Task::Op(op) => self.code.ops.push(op),
                Task::Place(label) => self.code.labels[label.0] = self.code.ops.len(),
                Task::EndChain => drop(self.chains.pop()),
                Task::EndTarget => drop(self.targets.pop()),
            }
            self.tasks[from..].reverse();
        }
    }

    fn expr(&mut self, id: ExprId) {
        match self.module.expr(id) {
            Expr::Logic { op, left, right } => {
                let end = self.label();
                self.tasks.extend([
                    Task::Expr(left),
                    Task::Op(Op::Decide { op, left, to: id, end }),
                    Task::Expr(right),
                    Task::Op(Op::Copy { from: right, to: id }),
                    Task::Place(end),
                ]);
            }
            Expr::Choose { test, yes, no } => {
                let (other, end) = (self.label(), self.label());
                self.tasks.extend([
                    Task::Expr(test),
                    Task::Op(Op::Unless { test, to: other }),
                    Task::Expr(yes),
                    Task::Op(Op::Copy { from: yes, to: id }),
                    Task::Op(Op::Jump(end)),
                    Task::Place(other),
                    Task::Expr(no),
                    Task::Op(Op::Copy { from: no, to: id }),
                    Task::Place(end),
                ]);
            }
            Expr::Chain(inner) => {
                let end = self.label();
                self.chains.push((id, end));
                self.tasks.extend([
                    Task::Expr(inner),
                    Task::Op(Op::Copy { from: inner, to: id }),
                    Task::Place(end),
                    Task::EndChain,
                ]);
            }
            Expr::OptionalLink(value) => {
                self.tasks.push(Task::Expr(value));
                self.tasks.push(Task::Op(match self.chains.last() {
                    Some(&(chain, end)) => Op::Optional { value, link: id, chain, end },
                    None => Op::Copy { from: value, to: id },
                }));
            }
            Expr::Call { callee, args } | Expr::New { callee, args } => {
                match self.module.expr(callee) {
                    Expr::Member { of, .. } => self.tasks.push(Task::Expr(of)),
                    _ => self.tasks.push(Task::Expr(callee)),
                }
                self.tasks.extend(self.module.list(args).iter().map(|arg| Task::Expr(arg.value)));
                self.tasks.push(Task::Op(Op::Call(id)));
            }
            Expr::Assign { op, to, value } => self.assign(id, op, to, value),
            _ => {
                visit::children(self.module, Node::Expr(id), &mut |child| {
                    self.tasks.push(match child {
                        Node::Expr(child) => Task::Expr(child),
                        Node::Stmt(child) => Task::Stmt(child),
                    });
                });
                self.tasks.push(Task::Op(Op::Eval(id)));
            }
        }
    }

    fn assign(&mut self, id: ExprId, op: AssignOp, to: ExprId, value: ExprId) {
        let decide = match op {
            AssignOp::And => LogicOp::And,
            AssignOp::Or => LogicOp::Or,
            AssignOp::Coalesce => LogicOp::Coalesce,
            AssignOp::Set | AssignOp::Update => {
                if op == AssignOp::Update {
                    self.tasks.push(Task::Expr(to));
                }
                if to != value {
                    self.tasks.push(Task::Expr(value));
                }
                self.tasks.push(Task::Op(Op::Assign(id)));
                return;
            }
        };
        let end = self.label();
        self.tasks.extend([
            Task::Expr(to),
            Task::Op(Op::Decide { op: decide, left: to, to: id, end }),
            Task::Expr(value),
            Task::Op(Op::Assign(id)),
            Task::Place(end),
        ]);
    }

    fn stmt(&mut self, id: StmtId) {
        match self.module.stmt(id) {
            Stmt::Block(stmts) => self.tasks.extend(self.module.list(stmts).iter().map(|stmt| Task::Stmt(*stmt))),
            Stmt::Do(value) => self.tasks.extend([Task::Op(Op::Next), Task::Expr(value)]),
            Stmt::Let { bindings, value } => {
                self.tasks.push(Task::Op(Op::Next));
                self.tasks.extend(value.map(Task::Expr));
                for binding in self.module.list(bindings) {
                    if let Some(source) = self.module.binding(*binding).source {
                        self.defaults(source.steps);
                    }
                }
                self.tasks.push(Task::Op(Op::Bind { bindings, value }));
            }
            Stmt::Using { binding, value, .. } => {
                self.tasks.extend([Task::Op(Op::Next), Task::Expr(value), Task::Op(Op::Forget(binding))]);
            }
            Stmt::Return(value) => {
                self.tasks.push(Task::Op(Op::Next));
                self.tasks.extend(value.map(Task::Expr));
                self.tasks.push(Task::Op(Op::Return { value, at: Node::Stmt(id) }));
            }
            Stmt::Throw(value) => {
                self.tasks.extend([Task::Op(Op::Next), Task::Expr(value), Task::Op(Op::Throw)]);
            }
            Stmt::If { test, yes, no } => {
                let (other, end) = (self.label(), self.label());
                self.tasks.extend([
                    Task::Op(Op::Next),
                    Task::Expr(test),
                    Task::Op(Op::Unless { test, to: other }),
                    Task::Stmt(yes),
                    Task::Op(Op::Jump(end)),
                    Task::Place(other),
                ]);
                self.tasks.extend(no.map(Task::Stmt));
                self.tasks.push(Task::Place(end));
            }
            Stmt::Loop { kind, init, test, update, body } => self.repeat(kind, init, test, update, body),
            Stmt::Switch { on, arms } => self.switch(on, arms),
            Stmt::Try { body, param, catch, finally } => self.guarded(body, param, catch, finally),
            Stmt::Labeled { name, body } => {
                let end = self.label();
                self.targets.push(Target { name: Some(name), is_loop: false, end });
                self.tasks.extend([Task::Stmt(body), Task::Place(end), Task::EndTarget]);
            }
            Stmt::Break(name) | Stmt::Continue(name) => {
                let found = self.targets.iter().rev().find(|target| match name {
                    Some(name) => target.name == Some(name),
                    None => target.name.is_none() && (target.is_loop || matches!(self.module.stmt(id), Stmt::Break(_))),
                });
                if let Some(target) = found {
                    let end = target.end;
                    self.tasks.push(Task::Op(Op::Jump(end)));
                }
            }
            Stmt::Function(_) | Stmt::Class(_) | Stmt::Nothing | Stmt::Lost => {}
        }
    }

    fn repeat(
        &mut self,
        kind: LoopKind,
        init: Option<StmtId>,
        test: Option<ExprId>,
        update: Option<ExprId>,
        body: StmtId,
    ) {
        let end = self.label();
        self.targets.push(Target { name: None, is_loop: true, end });
        self.tasks.extend(init.map(Task::Stmt));
        self.tasks.push(Task::Op(Op::Next));
        match kind {
            LoopKind::While | LoopKind::For => {
                if let Some(test) = test {
                    self.tasks.extend([Task::Expr(test), Task::Op(Op::Unless { test, to: end })]);
                }
                self.tasks.push(Task::Stmt(body));
                self.tasks.extend(update.map(Task::Expr));
            }
            LoopKind::DoWhile => {
                self.tasks.push(Task::Stmt(body));
                self.tasks.extend(test.map(Task::Expr));
            }
            LoopKind::ForIn | LoopKind::ForOf | LoopKind::ForAwait => {
                self.tasks.extend(test.map(Task::Expr));
                if let Some(of) = test {
                    let walked = self.walked(of);
                    self.tasks.extend(walked.into_iter().map(|binding| Task::Op(Op::Walk { binding, of })));
                }
                self.tasks.push(Task::Stmt(body));
            }
        }
        self.tasks.extend([Task::Place(end), Task::EndTarget]);
    }

    /// The names that a for-in or for-of binds.
    fn walked(&self, of: ExprId) -> Vec<BindingId> {
        let walks = |binding: &BindingId| match self.module.binding(*binding).source.map(|source| source.of) {
            Some(SourceOf::Element(value) | SourceOf::AwaitedElement(value) | SourceOf::KeyOf(value)) => value == of,
            _ => false,
        };
        (0..self.module.bindings.len() as u32).map(BindingId).filter(walks).collect()
    }

    fn switch(&mut self, on: ExprId, arms: List<crate::syntax::Arm>) {
        let end = self.label();
        let arms = self.module.list(arms);
        let labels: Vec<Label> = arms.iter().map(|_| self.label()).collect();
        self.targets.push(Target { name: None, is_loop: false, end });
        self.tasks.extend([Task::Op(Op::Next), Task::Expr(on)]);
        let mut otherwise = end;
        for (arm, label) in arms.iter().zip(&labels) {
            match arm.test {
                Some(test) => self.tasks.extend([Task::Expr(test), Task::Op(Op::Case { on, test, to: *label })]),
                None => otherwise = *label,
            }
        }
        self.tasks.push(Task::Op(Op::Jump(otherwise)));
        for (arm, label) in arms.iter().zip(&labels) {
            self.tasks.push(Task::Place(*label));
            self.tasks.extend(self.module.list(arm.body).iter().map(|stmt| Task::Stmt(*stmt)));
        }
        self.tasks.extend([Task::Place(end), Task::EndTarget]);
    }

    fn guarded(&mut self, body: StmtId, param: Option<BindingId>, catch: Option<StmtId>, finally: Option<StmtId>) {
        match catch {
            Some(catch) => {
                let (handler, end) = (self.label(), self.label());
                self.tasks.extend([
                    Task::Op(Op::Next),
                    Task::Op(Op::Try(handler)),
                    Task::Stmt(body),
                    Task::Op(Op::Jump(end)),
                    Task::Place(handler),
                ]);
                self.tasks.extend(param.map(|param| Task::Op(Op::Forget(param))));
                self.tasks.extend([Task::Stmt(catch), Task::Place(end)]);
            }
            None => self.tasks.push(Task::Stmt(body)),
        }
        self.tasks.extend(finally.map(Task::Stmt));
    }
}
