//! Statements.
//!
//! In: statements of the fast parser. Out: steps.

use super::super::kind::{Kind, Slot};
use super::super::repair::Note;
use super::task::Task;
use super::{Reader, span};
use crate::text::Span;
use oxc_allocator::Vec;
use oxc_ast::ast::{
    BlockStatement, Directive, Expression, ForStatement, ForStatementInit, ForStatementLeft, Statement, SwitchCase,
    TryStatement, VariableDeclaration, VariableDeclarationKind,
};
use oxc_span::GetSpan;

impl<'a> Reader<'a, '_> {
    /// The statements of a body; literal ones at its beginning come apart.
    pub(super) fn statements(
        &mut self,
        directives: &'a Vec<'a, Directive<'a>>,
        body: &'a Vec<'a, Statement<'a>>,
        slot: Slot,
    ) {
        for directive in directives {
            self.open(Kind::ExpressionStatement, slot, span(directive.span));
            self.leaf(Kind::Str, Slot::Other, directive.expression.span);
            self.leave();
        }
        for stmt in body {
            self.then(Task::Stmt(stmt, slot));
        }
    }

    pub(super) fn stmt(&mut self, stmt: &'a Statement<'a>, slot: Slot) {
        if let Some(declaration) = stmt.as_declaration() {
            return self.declaration(declaration, slot);
        }
        if let Some(outside) = stmt.as_module_declaration() {
            return self.outside(outside, slot);
        }
        let at = span(stmt.span());
        match stmt {
            Statement::BlockStatement(block) => return self.block(block, slot),
            Statement::ExpressionStatement(it) => {
                self.open(Kind::ExpressionStatement, slot, at);
                self.then(Task::Expr(&it.expression, Slot::Other));
            }
            Statement::IfStatement(it) => {
                self.open(Kind::IfStatement, slot, at);
                self.paren(&it.test, Slot::Condition);
                self.then(Task::Stmt(&it.consequent, Slot::Consequence));
                if let Some(alternate) = &it.alternate {
                    self.open(Kind::ElseClause, Slot::Alternative, span(alternate.span()));
                    self.then(Task::Stmt(alternate, Slot::Other));
                    self.leave();
                }
            }
            Statement::ReturnStatement(it) => {
                self.open(Kind::ReturnStatement, slot, at);
                if let Some(value) = &it.argument {
                    self.then(Task::Expr(value, Slot::Other));
                }
            }
            Statement::ThrowStatement(it) => {
                self.open(Kind::ThrowStatement, slot, at);
                self.then(Task::Expr(&it.argument, Slot::Other));
            }
            Statement::WhileStatement(it) => {
                self.open(Kind::WhileStatement, slot, at);
                self.paren(&it.test, Slot::Condition);
                self.then(Task::Stmt(&it.body, Slot::Body));
            }
            Statement::DoWhileStatement(it) => {
                self.open(Kind::DoStatement, slot, at);
                self.then(Task::Stmt(&it.body, Slot::Body));
                self.paren(&it.test, Slot::Condition);
            }
            Statement::ForStatement(it) => return self.for_stmt(it, slot),
            Statement::ForInStatement(it) => {
                self.open(Kind::ForInStatement, slot, at);
                self.walked(&it.left, "in", &it.right, &it.body);
            }
            Statement::ForOfStatement(it) => {
                self.open(Kind::ForInStatement, slot, at);
                self.token_if(it.r#await, Kind::TAwait);
                self.walked(&it.left, "of", &it.right, &it.body);
            }
            Statement::SwitchStatement(it) => {
                self.open(Kind::SwitchStatement, slot, at);
                self.paren(&it.discriminant, Slot::Value);
                self.open(Kind::SwitchBody, Slot::Body, at);
                for case in &it.cases {
                    self.then(Task::Case(case));
                }
                self.leave();
            }
            Statement::TryStatement(it) => return self.try_stmt(it, slot),
            Statement::BreakStatement(it) => {
                self.open(Kind::BreakStatement, slot, at);
                if let Some(label) = &it.label {
                    self.leaf(Kind::StatementIdentifier, Slot::Label, label.span);
                }
            }
            Statement::ContinueStatement(it) => {
                self.open(Kind::ContinueStatement, slot, at);
                if let Some(label) = &it.label {
                    self.leaf(Kind::StatementIdentifier, Slot::Label, label.span);
                }
            }
            Statement::LabeledStatement(it) => {
                self.open(Kind::LabeledStatement, slot, at);
                self.leaf(Kind::StatementIdentifier, Slot::Label, it.label.span);
                self.then(Task::Stmt(&it.body, Slot::Body));
            }
            Statement::WithStatement(it) => {
                self.open(Kind::WithStatement, slot, at);
                self.paren(&it.object, Slot::Object);
                self.then(Task::Stmt(&it.body, Slot::Body));
            }
            Statement::DebuggerStatement(_) => self.open(Kind::DebuggerStatement, slot, at),
            _ => self.open(Kind::EmptyStatement, slot, at),
        }
        self.leave();
    }

    /// An expression in the brackets that belong to a statement.
    fn paren(&mut self, expr: &'a Expression<'a>, slot: Slot) {
        self.open(Kind::Paren, slot, span(expr.span()));
        self.then(Task::Expr(expr, Slot::Other));
        self.leave();
    }

    pub(super) fn block(&mut self, block: &'a BlockStatement<'a>, slot: Slot) {
        self.open(Kind::StatementBlock, slot, span(block.span));
        for stmt in &block.body {
            self.then(Task::Stmt(stmt, Slot::Other));
        }
        self.leave();
    }

    pub(super) fn case(&mut self, case: &'a SwitchCase<'a>) {
        let kind = if case.test.is_some() { Kind::SwitchCase } else { Kind::SwitchDefault };
        self.open(kind, Slot::Other, span(case.span));
        if let Some(test) = &case.test {
            self.then(Task::Expr(test, Slot::Value));
        }
        for stmt in &case.consequent {
            self.then(Task::Stmt(stmt, Slot::Body));
        }
        self.leave();
    }

    fn try_stmt(&mut self, it: &'a TryStatement<'a>, slot: Slot) {
        self.open(Kind::TryStatement, slot, span(it.span));
        self.then(Task::Block(&it.block, Slot::Body));
        if let Some(handler) = &it.handler {
            self.open(Kind::CatchClause, Slot::Handler, span(handler.span));
            if let Some(param) = &handler.param {
                self.then(Task::Pattern(&param.pattern, Slot::Parameter));
                self.annotation(param.type_annotation.as_deref());
            }
            self.then(Task::Block(&handler.body, Slot::Body));
            self.leave();
        }
        if let Some(finalizer) = &it.finalizer {
            self.open(Kind::FinallyClause, Slot::Finalizer, span(finalizer.span));
            self.then(Task::Block(finalizer, Slot::Body));
            self.leave();
        }
        self.leave();
    }

    fn for_stmt(&mut self, it: &'a ForStatement<'a>, slot: Slot) {
        self.open(Kind::ForStatement, slot, span(it.span));
        let opened = self.skip(it.span.start + "for".len() as u32) + 1;
        let after = match &it.init {
            Some(ForStatementInit::VariableDeclaration(declared)) => {
                // The semicolon is a part of the declaration.
                let at = Span::new(declared.span.start, self.skip(declared.span.end) + 1);
                self.then(Task::Variables(declared, Slot::Initializer, at));
                at.end
            }
            Some(init) => {
                if let Some(init) = init.as_expression() {
                    self.then(Task::Expr(init, Slot::Initializer));
                }
                self.skip(init.span().end) + 1
            }
            None => self.nothing(opened, Slot::Initializer),
        };
        match &it.test {
            Some(test) => self.then(Task::Expr(test, Slot::Condition)),
            None => _ = self.nothing(after, Slot::Condition),
        }
        if let Some(update) = &it.update {
            self.then(Task::Expr(update, Slot::Increment));
        }
        self.then(Task::Stmt(&it.body, Slot::Body));
        self.leave();
    }

    /// The semicolon of an empty part of a loop's head, and where it ends.
    fn nothing(&mut self, from: u32, slot: Slot) -> u32 {
        let start = self.skip(from);
        self.open(Kind::EmptyStatement, slot, Span::new(start, start + 1));
        self.leave();
        start + 1
    }

    /// `left of right) body`.
    fn walked(
        &mut self,
        left: &'a ForStatementLeft<'a>,
        operator: &str,
        right: &'a Expression<'a>,
        body: &'a Statement<'a>,
    ) {
        if let ForStatementLeft::VariableDeclaration(declared) = left {
            self.disposed(declared);
            self.then(Task::Token(keyword(declared.kind), Slot::Kind, span(declared.span)));
            if let Some(declarator) = declared.declarations.first() {
                self.then(Task::Pattern(&declarator.id, Slot::Left));
            }
        } else if let Some(target) = left.as_assignment_target() {
            self.then(Task::Target(target, Slot::Left));
        }
        self.operator(left.span().end, operator);
        self.then(Task::Expr(right, Slot::Right));
        self.then(Task::Stmt(body, Slot::Body));
    }

    /// `using` in the head of a loop.
    fn disposed(&mut self, declared: &VariableDeclaration<'_>) {
        let is_await = declared.kind == VariableDeclarationKind::AwaitUsing;
        if is_await || declared.kind == VariableDeclarationKind::Using {
            self.lowering.note(span(declared.span), Note::Using { is_await });
        }
    }
}

/// The token that declares; elements that are disposed of cannot be assigned to.
pub(super) fn keyword(kind: VariableDeclarationKind) -> Kind {
    match kind {
        VariableDeclarationKind::Var => Kind::TVar,
        VariableDeclarationKind::Let => Kind::TLet,
        _ => Kind::TConst,
    }
}
