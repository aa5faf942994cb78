//! Calls, members, optional chains.
//!
//! In: links of the fast parser; it puts a node around a whole chain, the grammar does not. Out: steps.

use super::super::kind::{Kind, Slot};
use super::task::Task;
use super::{Reader, span};
use crate::text::Span;
use oxc_ast::ast::{CallExpression, ChainElement, Expression, ImportExpression, MemberExpression};

impl<'a> Reader<'a, '_> {
    pub(super) fn link(&mut self, expr: &'a Expression<'a>, slot: Slot) {
        match expr {
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::CallExpression(it) => self.call(it, slot),
                ChainElement::TSNonNullExpression(it) => self.non_null(it, slot),
                element => {
                    if let Some(member) = element.as_member_expression() {
                        self.member(member, slot);
                    }
                }
            },
            Expression::CallExpression(it) => self.call(it, slot),
            Expression::NewExpression(it) => {
                self.open(Kind::New, slot, span(it.span));
                self.then(Task::Expr(&it.callee, Slot::Constructor));
                self.arguments(&it.arguments);
                self.leave();
            }
            Expression::ImportExpression(it) => self.import_call(it, slot),
            Expression::TaggedTemplateExpression(it) => {
                self.open(Kind::Call, slot, span(it.span));
                self.then(Task::Expr(&it.tag, Slot::Function));
                self.then(Task::Template(&it.quasi, Slot::Arguments));
                self.leave();
            }
            expr => {
                if let Some(member) = expr.as_member_expression() {
                    self.member(member, slot);
                }
            }
        }
    }

    fn call(&mut self, it: &'a CallExpression<'a>, slot: Slot) {
        self.open(Kind::Call, slot, span(it.span));
        self.then(Task::Expr(&it.callee, Slot::Function));
        self.token_if(it.optional, Kind::TOptional);
        self.arguments(&it.arguments);
        self.leave();
    }

    fn import_call(&mut self, it: &'a ImportExpression<'a>, slot: Slot) {
        let at = span(it.span);
        self.open(Kind::Call, slot, at);
        self.then(Task::Token(Kind::Import, Slot::Function, at));
        self.open(Kind::Arguments, Slot::Arguments, at);
        self.then(Task::Expr(&it.source, Slot::Other));
        if let Some(options) = &it.options {
            self.then(Task::Expr(options, Slot::Other));
        }
        self.leave();
        self.leave();
    }

    pub(super) fn member(&mut self, member: &'a MemberExpression<'a>, slot: Slot) {
        match member {
            MemberExpression::ComputedMemberExpression(it) => {
                self.open(Kind::Subscript, slot, span(it.span));
                self.then(Task::Expr(&it.object, Slot::Object));
                self.token_if(it.optional, Kind::TOptional);
                self.then(Task::Expr(&it.expression, Slot::Index));
            }
            MemberExpression::StaticMemberExpression(it) => {
                self.open(Kind::Member, slot, span(it.span));
                self.then(Task::Expr(&it.object, Slot::Object));
                self.token_if(it.optional, Kind::TOptional);
                self.leaf(Kind::PropertyIdentifier, Slot::Property, it.property.span);
            }
            MemberExpression::PrivateFieldExpression(it) => {
                self.open(Kind::Member, slot, span(it.span));
                self.then(Task::Expr(&it.object, Slot::Object));
                self.token_if(it.optional, Kind::TOptional);
                self.leaf(Kind::PrivateIdentifier, Slot::Property, it.field.span);
            }
        }
        self.leave();
    }

    /// `object.property` where only names can stand.
    pub(super) fn qualified(&mut self, object: Task<'a>, property: oxc_span::Span, slot: Slot, at: Span) {
        self.open(Kind::Member, slot, at);
        self.then(object);
        self.leaf(Kind::PropertyIdentifier, Slot::Property, property);
        self.leave();
    }
}
