//! Patterns: what is declared and what is assigned to.
//!
//! In: patterns of the fast parser. Out: steps.

use super::super::kind::{Kind, Slot};
use super::task::Task;
use super::{Reader, span};
use crate::text::Span;
use oxc_ast::ast::{
    AssignmentTarget, AssignmentTargetMaybeDefault, AssignmentTargetProperty, BindingPattern, BindingProperty,
    Expression, IdentifierReference, SimpleAssignmentTarget,
};
use oxc_span::GetSpan;

impl<'a> Reader<'a, '_> {
    pub(super) fn pattern(&mut self, pattern: &'a BindingPattern<'a>, slot: Slot) {
        match pattern {
            BindingPattern::BindingIdentifier(name) => self.leaf(Kind::Identifier, slot, name.span),
            BindingPattern::ObjectPattern(it) => {
                self.open(Kind::ObjectPattern, slot, span(it.span));
                for property in &it.properties {
                    self.then(Task::PatternProperty(property));
                }
                if let Some(rest) = &it.rest {
                    self.rest(&rest.argument, Slot::Other, span(rest.span));
                }
                self.leave();
            }
            BindingPattern::ArrayPattern(it) => {
                self.open(Kind::ArrayPattern, slot, span(it.span));
                for element in &it.elements {
                    if let Some(element) = element {
                        self.then(Task::Pattern(element, Slot::Other));
                    }
                    self.token(Kind::TComma, Span::default());
                }
                if let Some(rest) = &it.rest {
                    self.rest(&rest.argument, Slot::Other, span(rest.span));
                }
                self.leave();
            }
            BindingPattern::AssignmentPattern(it) => {
                self.open(Kind::AssignmentPattern, slot, span(it.span));
                self.then(Task::Pattern(&it.left, Slot::Left));
                self.then(Task::Expr(&it.right, Slot::Right));
                self.leave();
            }
        }
    }

    /// `...argument`.
    pub(super) fn rest(&mut self, argument: &'a BindingPattern<'a>, slot: Slot, at: Span) {
        self.open(Kind::RestPattern, slot, at);
        self.then(Task::Pattern(argument, Slot::Other));
        self.leave();
    }

    pub(super) fn pattern_property(&mut self, it: &'a BindingProperty<'a>) {
        if !it.shorthand {
            self.open(Kind::PairPattern, Slot::Other, span(it.span));
            self.then(Task::Key(&it.key, it.computed, Slot::Key));
            self.then(Task::Pattern(&it.value, Slot::Value));
            return self.leave();
        }
        match &it.value {
            BindingPattern::AssignmentPattern(value) => {
                self.shorthand(value.left.span(), Some(&value.right), it.span);
            }
            value => self.shorthand(value.span(), None, it.span),
        }
    }

    /// `name` or `name = default` in braces.
    fn shorthand(&mut self, name: oxc_span::Span, default: Option<&'a Expression<'a>>, at: oxc_span::Span) {
        let Some(default) = default else { return self.leaf(Kind::ShorthandPattern, Slot::Other, name) };
        self.open(Kind::ObjectAssignmentPattern, Slot::Other, span(at));
        self.leaf(Kind::ShorthandPattern, Slot::Left, name);
        self.then(Task::Expr(default, Slot::Right));
        self.leave();
    }

    pub(super) fn target(&mut self, target: &'a AssignmentTarget<'a>, slot: Slot) {
        match target {
            AssignmentTarget::ArrayAssignmentTarget(it) => {
                self.open(Kind::ArrayPattern, slot, span(it.span));
                for element in &it.elements {
                    if let Some(element) = element {
                        self.then(Task::TargetOrDefault(element, Slot::Other));
                    }
                    self.token(Kind::TComma, Span::default());
                }
                if let Some(rest) = &it.rest {
                    self.target_rest(&rest.target, rest.span);
                }
                self.leave();
            }
            AssignmentTarget::ObjectAssignmentTarget(it) => {
                self.open(Kind::ObjectPattern, slot, span(it.span));
                for property in &it.properties {
                    self.then(Task::TargetProperty(property));
                }
                if let Some(rest) = &it.rest {
                    self.target_rest(&rest.target, rest.span);
                }
                self.leave();
            }
            target => {
                if let Some(simple) = target.as_simple_assignment_target() {
                    self.simple_target(simple, slot);
                }
            }
        }
    }

    fn target_rest(&mut self, target: &'a AssignmentTarget<'a>, at: oxc_span::Span) {
        self.open(Kind::RestPattern, Slot::Other, span(at));
        self.then(Task::Target(target, Slot::Other));
        self.leave();
    }

    pub(super) fn simple_target(&mut self, target: &'a SimpleAssignmentTarget<'a>, slot: Slot) {
        match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(name) => self.identifier(name, slot),
            SimpleAssignmentTarget::TSAsExpression(it) => self.as_expr(it, slot),
            SimpleAssignmentTarget::TSSatisfiesExpression(it) => self.satisfies(it, slot),
            SimpleAssignmentTarget::TSNonNullExpression(it) => self.non_null(it, slot),
            SimpleAssignmentTarget::TSTypeAssertion(it) => self.assertion(it, slot),
            target => {
                if let Some(member) = target.as_member_expression() {
                    self.member(member, slot);
                }
            }
        }
    }

    pub(super) fn identifier(&mut self, name: &IdentifierReference<'_>, slot: Slot) {
        let kind = if name.name == "undefined" { Kind::Undefined } else { Kind::Identifier };
        self.leaf(kind, slot, name.span);
    }

    pub(super) fn target_or_default(&mut self, target: &'a AssignmentTargetMaybeDefault<'a>, slot: Slot) {
        if let AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(it) = target {
            self.open(Kind::AssignmentPattern, slot, span(it.span));
            self.then(Task::Target(&it.binding, Slot::Left));
            self.then(Task::Expr(&it.init, Slot::Right));
            self.leave();
        } else if let Some(target) = target.as_assignment_target() {
            self.target(target, slot);
        }
    }

    pub(super) fn target_property(&mut self, property: &'a AssignmentTargetProperty<'a>) {
        match property {
            AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(it) => {
                self.shorthand(it.binding.span, it.init.as_ref(), it.span);
            }
            AssignmentTargetProperty::AssignmentTargetPropertyProperty(it) => {
                self.open(Kind::PairPattern, Slot::Other, span(it.span));
                self.then(Task::Key(&it.name, it.computed, Slot::Key));
                self.then(Task::TargetOrDefault(&it.binding, Slot::Value));
                self.leave();
            }
        }
    }
}
