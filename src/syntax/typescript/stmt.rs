//! Statements.
//!
//! In: parts of statement nodes. Out: statements, directives.

use super::declare::declared_kind;
use super::expr::in_slot;
use super::kind::{Kind, Slot};
use super::repair::Note;
use super::value::{Frame, Part, Value};
use super::walk::Lowering;
use crate::syntax::{
    Arm, BindingId, BindingKind, Body, Directive, DirectiveKind, Expr, ExprId, FnId, LoopKind, SourceOf, Stmt, StmtId,
};
use crate::text::Span;

const IGNORE: &str = "failpath-ignore-next-line";

impl Lowering<'_> {
    pub(super) fn leave_program(&mut self, parts: &[Part]) -> Value {
        let stmts = self.stmts(parts);
        self.prologue(&stmts, FnId(0));
        let list = self.b.list(stmts);
        if let Body::Block(body) = self.b.module.functions[0].body {
            self.b.module.stmts[body.index()] = Stmt::Block(list);
        }
        Value::None
    }

    /// What an error region holds is not known to run, but what it declares as a whole is there.
    pub(super) fn leave_error(&mut self, parts: &[Part]) -> Value {
        let whole = |lowering: &Self, part: &&Part| match part.value {
            Value::Declared(..) => true,
            Value::Stmt(stmt) => {
                matches!(lowering.b.module.stmt(stmt), Stmt::Function(_) | Stmt::Class(_) | Stmt::Nothing)
            }
            _ => part.kind == Kind::ExportStatement,
        };
        let kept: Vec<Part> = parts.iter().filter(|part| whole(self, part)).copied().collect();
        let stmts = self.stmts(&kept);
        if self.frames.len() == 1 {
            let at = Span::new(0, self.text.len() as u32);
            let region = self.b.stmt(Stmt::Lost, at);
            let list = self.b.list(std::iter::once(region).chain(stmts));
            if let Body::Block(body) = self.b.module.functions[0].body {
                self.b.module.stmts[body.index()] = Stmt::Block(list);
            }
            return Value::None;
        }
        self.heap.stmts.push(stmts);
        Value::Error(self.heap.stmts.len() as u32 - 1)
    }

    /// Literal statements at the beginning of a body.
    fn prologue(&mut self, stmts: &[StmtId], owner: FnId) {
        for stmt in stmts {
            let Stmt::Do(expr) = self.b.module.stmt(*stmt) else { return };
            let Expr::Text(name) = self.b.module.expr(expr) else { return };
            let at = self.b.module.stmt_span(*stmt);
            if !at.of(self.text).starts_with(['"', '\'']) {
                return;
            }
            let at = self.b.module.expr_span(expr);
            self.b.module.directives.push(Directive { kind: DirectiveKind::Prologue(name), owner, at });
        }
    }

    /// Keeps a comment that is a suppression.
    pub(super) fn comment(&mut self, at: Span) {
        let text = at.of(self.text);
        let body = text.strip_prefix("//").or_else(|| text.strip_prefix("/*")).unwrap_or(text);
        let body = body.trim_end_matches("*/").trim_start_matches(['*', '/']).trim();
        let Some(rest) = body.strip_prefix(IGNORE) else { return };
        if !rest.starts_with(|c: char| !c.is_whitespace() && c != ':') {
            self.comments.push((at, rest.trim()));
        }
    }

    /// The directives that comments are.
    pub(super) fn suppressions(&mut self) {
        for (at, rest) in std::mem::take(&mut self.comments) {
            let name = self.b.name(rest);
            self.b.module.directives.push(Directive { kind: DirectiveKind::Ignore(name), owner: FnId(0), at });
        }
    }

    pub(super) fn leave_stmt(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let at = frame.at;
        let stmt = match frame.kind {
            Kind::ExpressionStatement => return self.leave_expression_statement(parts, at),
            Kind::ElseClause | Kind::FinallyClause => {
                let body = parts.iter().rev().find(|part| is_stmt_value(part)).copied();
                return match body {
                    Some(part) => Value::Stmt(self.stmt(part)),
                    None => Value::Lost,
                };
            }
            Kind::StatementBlock => {
                let stmts = self.stmts(parts);
                let is_body =
                    frame.slot == Slot::Body && self.frames.len() >= 2 && self.frames[self.frames.len() - 2].function;
                if is_body {
                    let owner = self.owner();
                    self.prologue(&stmts, owner);
                }
                Stmt::Block(self.b.list(stmts))
            }
            Kind::ReturnStatement => {
                let value = parts.iter().find(|part| Self::is_expr(part)).copied();
                Stmt::Return(value.map(|part| self.expr(part)))
            }
            Kind::ThrowStatement => Stmt::Throw(self.operand(parts, at)),
            Kind::IfStatement => {
                let test = self.expr_in(parts, Slot::Condition, at);
                let yes = self.stmt_in(parts, Slot::Consequence, at);
                let no = in_slot(parts, Slot::Alternative).map(|part| self.stmt(part));
                Stmt::If { test, yes, no }
            }
            Kind::WhileStatement | Kind::DoStatement => {
                let kind = if frame.kind == Kind::DoStatement { LoopKind::DoWhile } else { LoopKind::While };
                let test = Some(self.expr_in(parts, Slot::Condition, at));
                let body = self.stmt_in(parts, Slot::Body, at);
                Stmt::Loop { kind, init: None, test, update: None, body }
            }
            Kind::ForStatement => self.leave_for(parts, at),
            Kind::ForInStatement => self.leave_for_in(parts, at),
            Kind::SwitchStatement => {
                let on = self.expr_in(parts, Slot::Value, at);
                let arms = match in_slot(parts, Slot::Body) {
                    Some(Part { value: Value::Arms(arms), .. }) => arms,
                    _ => crate::syntax::List::EMPTY,
                };
                Stmt::Switch { on, arms }
            }
            Kind::SwitchBody => {
                let mut arms: Vec<Arm> = Vec::new();
                for part in parts {
                    match part.value {
                        Value::Arm(arm) => arms.push(arm),
                        Value::Error(_) | Value::Lost if part.at.start < part.at.end => {
                            let lost = self.b.stmt(Stmt::Lost, part.at);
                            let body = self.b.list([lost]);
                            arms.push(Arm { test: None, body });
                        }
                        _ => {}
                    }
                }
                return Value::Arms(self.b.list(arms));
            }
            Kind::SwitchCase | Kind::SwitchDefault => {
                let test = in_slot(parts, Slot::Value).map(|part| self.expr(part));
                let stmts = self.stmts(parts);
                let body = self.b.list(stmts);
                return Value::Arm(Arm { test, body });
            }
            Kind::TryStatement => {
                let body = self.stmt_in(parts, Slot::Body, at);
                let (param, catch) = match in_slot(parts, Slot::Handler) {
                    Some(Part { value: Value::Catch(param, body), .. }) => (param, Some(body)),
                    _ => (None, None),
                };
                let finally = in_slot(parts, Slot::Finalizer).map(|part| self.stmt(part));
                Stmt::Try { body, param, catch, finally }
            }
            Kind::CatchClause => return self.leave_catch(parts, at),
            Kind::BreakStatement => Stmt::Break(self.label(parts)),
            Kind::ContinueStatement => Stmt::Continue(self.label(parts)),
            Kind::LabeledStatement => {
                let Some(name) = self.label(parts) else { return Value::Lost };
                let body = self.stmt_in(parts, Slot::Body, at);
                Stmt::Labeled { name, body }
            }
            Kind::WithStatement => {
                let object = self.expr_in(parts, Slot::Object, at);
                let first = self.b.stmt(Stmt::Do(object), at);
                let body = self.stmt_in(parts, Slot::Body, at);
                Stmt::Block(self.b.list([first, body]))
            }
            _ => Stmt::Nothing,
        };
        Value::Stmt(self.b.stmt(stmt, at))
    }

    fn leave_expression_statement(&mut self, parts: &[Part], at: Span) -> Value {
        let Some(part) = parts.iter().find(|part| !matches!(part.value, Value::None | Value::Error(_))).copied() else {
            return Value::Stmt(self.b.stmt(Stmt::Lost, at));
        };
        match part.value {
            Value::Declared(..) | Value::Stmt(_) | Value::Many(_) => part.value,
            Value::Using { declarators, is_await } => self.declare_using(declarators, is_await, at),
            _ => {
                let expr = self.expr(part);
                Value::Stmt(self.b.stmt(Stmt::Do(expr), at))
            }
        }
    }

    fn label(&mut self, parts: &[Part]) -> Option<crate::syntax::Name> {
        in_slot(parts, Slot::Label).map(|part| self.name_at(part.at))
    }

    fn stmt_in(&mut self, parts: &[Part], slot: Slot, at: Span) -> StmtId {
        match in_slot(parts, slot) {
            Some(part) => self.stmt(part),
            None => self.b.stmt(Stmt::Lost, at),
        }
    }

    fn leave_for(&mut self, parts: &[Part], at: Span) -> Stmt {
        let expr_in = |slot| parts.iter().find(|part| part.slot == slot && Self::is_expr(part)).copied();
        let init = match in_slot(parts, Slot::Initializer) {
            Some(Part { value: Value::Using { declarators, is_await }, at, .. }) => {
                let value = self.declare_using(declarators, is_await, at);
                Some(self.stmt(Part { kind: Kind::Other, slot: Slot::Initializer, at, value }))
            }
            Some(part) if Self::is_expr(&part) => {
                let value = self.expr(part);
                Some(self.b.stmt(Stmt::Do(value), part.at))
            }
            Some(part) if is_stmt_value(&part) && part.kind != Kind::EmptyStatement => Some(self.stmt(part)),
            _ => None,
        };
        let test = expr_in(Slot::Condition).map(|part| self.expr(part));
        let update = expr_in(Slot::Increment).map(|part| self.expr(part));
        let body = self.stmt_in(parts, Slot::Body, at);
        Stmt::Loop { kind: LoopKind::For, init, test, update, body }
    }

    fn leave_for_in(&mut self, parts: &[Part], at: Span) -> Stmt {
        let is_of = in_slot(parts, Slot::Operator).is_some_and(|part| part.at.of(self.text) == "of");
        let is_await = parts.iter().any(|part| part.kind == Kind::TAwait);
        let kind = match (is_of, is_await) {
            (false, _) => LoopKind::ForIn,
            (true, false) => LoopKind::ForOf,
            (true, true) => LoopKind::ForAwait,
        };
        let walked: ExprId = self.expr_in(parts, Slot::Right, at);
        let of = match kind {
            LoopKind::ForIn => SourceOf::KeyOf(walked),
            LoopKind::ForAwait => SourceOf::AwaitedElement(walked),
            _ => SourceOf::Element(walked),
        };
        let mut update = None;
        let mut declared = Vec::new();
        if let Some(left) = in_slot(parts, Slot::Left) {
            if let Some(kind) = parts.iter().find_map(|part| declared_kind(part.kind)) {
                let leaves = self.leaves(left);
                declared = self.declare_leaves(leaves, kind, of, None);
            } else {
                let to = self.expr(left);
                self.scopes.write(to);
                update = Some(to);
            }
        }
        let mut body = self.stmt_in(parts, Slot::Body, at);
        let head = Span::new(at.start, self.b.module.expr_span(walked).start);
        if let (Some(Note::Using { is_await }), [binding]) = (self.repaired(head), &declared[..]) {
            body = self.disposing(*binding, is_await, body);
        }
        Stmt::Loop { kind, init: None, test: Some(walked), update, body }
    }

    /// The body of `for (using x of y)`: every element is disposed of at its end.
    fn disposing(&mut self, binding: BindingId, is_await: bool, body: StmtId) -> StmtId {
        let at = self.b.module.stmt_span(body);
        let name_at = self.b.module.binding(binding).at;
        let value = self.b.expr(Expr::Read(binding), name_at);
        let using = self.b.stmt(Stmt::Using { binding, value, is_await }, name_at);
        let list = self.b.list([using, body]);
        self.b.stmt(Stmt::Block(list), at)
    }

    fn leave_catch(&mut self, parts: &[Part], at: Span) -> Value {
        let ty = in_slot(parts, Slot::Type).map(|part| self.ty(part));
        let mut param = None;
        if let Some(part) = in_slot(parts, Slot::Parameter) {
            let plain = matches!(part.value, Value::Ident(_));
            let leaves = self.leaves(part);
            let ty = ty.filter(|_| plain);
            let bindings = self.declare_leaves(leaves, BindingKind::Catch, SourceOf::Caught, ty);
            param = bindings.first().copied().filter(|_| plain);
        }
        let body = self.stmt_in(parts, Slot::Body, at);
        Value::Catch(param, body)
    }
}

fn is_stmt_value(part: &Part) -> bool {
    matches!(part.value, Value::Stmt(_) | Value::Declared(..) | Value::Many(_) | Value::Lost | Value::Error(_))
}
