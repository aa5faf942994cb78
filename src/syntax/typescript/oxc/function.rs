//! Functions of every kind.
//!
//! In: functions of the fast parser. Out: steps.

use super::super::kind::{Kind, Slot};
use super::task::Task;
use super::{Reader, span};
use crate::text::Span;
use oxc_ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, Decorator, FormalParameter, FormalParameters, Function, FunctionBody,
    PropertyKey, TSThisParameter, TSType, TSTypeAnnotation, TSTypePredicateName,
};

impl<'a> Reader<'a, '_> {
    /// A function with the keyword. `is_value`: it stands where a value does.
    pub(super) fn function(&mut self, it: &'a Function<'a>, slot: Slot, is_value: bool) {
        let kind = match (is_value, it.generator) {
            (true, true) => Kind::GeneratorFunction,
            (true, false) => Kind::FunctionExpression,
            (false, _) if it.body.is_none() => Kind::FunctionSignature,
            (false, true) => Kind::GeneratorDeclaration,
            (false, false) => Kind::FunctionDeclaration,
        };
        let at = if it.declare { self.after_word(it.span, "declare") } else { span(it.span) };
        self.open(kind, slot, at);
        self.token_if(it.r#async, Kind::TAsync);
        self.token_if(it.generator, Kind::TStar);
        if let Some(name) = &it.id {
            self.leaf(Kind::Identifier, Slot::Name, name.span);
        }
        self.signed(it);
        self.leave();
    }

    /// A method from its name on.
    pub(super) fn method(&mut self, key: &'a PropertyKey<'a>, computed: bool, it: &'a Function<'a>) {
        self.token_if(it.r#async, Kind::TAsync);
        self.token_if(it.generator, Kind::TStar);
        self.then(Task::Key(key, computed, Slot::Name));
        self.signed(it);
    }

    fn signed(&mut self, it: &'a Function<'a>) {
        if let Some(parameters) = &it.type_parameters {
            self.then(Task::TypeParameters(parameters));
        }
        self.then(Task::Parameters(&it.params, it.this_param.as_deref()));
        if let Some(returns) = &it.return_type {
            self.then(Task::Returns(returns));
        }
        if let Some(body) = &it.body {
            self.then(Task::Body(body));
        }
    }

    pub(super) fn body(&mut self, body: &'a FunctionBody<'a>) {
        self.open(Kind::StatementBlock, Slot::Body, span(body.span));
        self.statements(&body.directives, &body.statements, Slot::Other);
        self.leave();
    }

    pub(super) fn arrow(&mut self, it: &'a ArrowFunctionExpression<'a>, slot: Slot) {
        self.open(Kind::Arrow, slot, span(it.span));
        self.token_if(it.r#async, Kind::TAsync);
        if let Some(parameters) = &it.type_parameters {
            self.then(Task::TypeParameters(parameters));
        }
        let bracketed = self.lowering.text.as_bytes().get(it.params.span.start as usize) == Some(&b'(');
        match it.params.items.first() {
            Some(parameter) if !bracketed => self.then(Task::Pattern(&parameter.pattern, Slot::Parameter)),
            _ => self.then(Task::Parameters(&it.params, None)),
        }
        if let Some(returns) = &it.return_type {
            self.then(Task::Returns(returns));
        }
        match &it.body {
            ArrowFunctionBody::FunctionBody(body) => self.then(Task::Body(body)),
            body => {
                if let Some(value) = body.as_expression() {
                    self.then(Task::Expr(value, Slot::Body));
                }
            }
        }
        self.leave();
    }

    pub(super) fn parameters(&mut self, it: &'a FormalParameters<'a>, this: Option<&'a TSThisParameter<'a>>) {
        self.open(Kind::FormalParameters, Slot::Parameters, span(it.span));
        if let Some(this) = this {
            self.open(Kind::RequiredParameter, Slot::Other, span(this.span));
            self.leaf(Kind::This, Slot::Pattern, this.this_span);
            self.annotation(this.type_annotation.as_deref());
            self.leave();
        }
        for parameter in &it.items {
            self.then(Task::Parameter(parameter));
        }
        if let Some(rest) = &it.rest {
            self.open(Kind::RequiredParameter, Slot::Other, span(rest.span));
            self.decorators(&rest.decorators);
            self.rest(&rest.rest.argument, Slot::Pattern, span(rest.rest.span));
            self.annotation(rest.type_annotation.as_deref());
            self.leave();
        }
        self.leave();
    }

    pub(super) fn parameter(&mut self, it: &'a FormalParameter<'a>) {
        let kind = if it.optional { Kind::OptionalParameter } else { Kind::RequiredParameter };
        self.open(kind, Slot::Other, span(it.span));
        self.decorators(&it.decorators);
        self.token_if(it.accessibility.is_some(), Kind::AccessibilityModifier);
        self.token_if(it.r#override, Kind::OverrideModifier);
        self.token_if(it.readonly, Kind::TReadonly);
        self.then(Task::Pattern(&it.pattern, Slot::Pattern));
        self.annotation(it.type_annotation.as_deref());
        if let Some(value) = &it.initializer {
            self.then(Task::Expr(value, Slot::Value));
        }
        self.leave();
    }

    pub(super) fn decorators(&mut self, decorators: &'a [Decorator<'a>]) {
        for decorator in decorators {
            self.around(Kind::Decorator, &decorator.expression, Slot::Decorator, decorator.span);
        }
    }

    /// `: T` behind a name.
    pub(super) fn annotation(&mut self, annotation: Option<&'a TSTypeAnnotation<'a>>) {
        let Some(annotation) = annotation else { return };
        self.open(Kind::TypeAnnotation, Slot::Type, span(annotation.span));
        self.then(Task::Type(&annotation.type_annotation, Slot::Other));
        self.leave();
    }

    /// `: T` behind parameters.
    pub(super) fn returns(&mut self, annotation: &'a TSTypeAnnotation<'a>) {
        let at = span(annotation.span);
        match &annotation.type_annotation {
            TSType::TSTypePredicate(it) if it.asserts => {
                self.then(Task::Leaf(Kind::AssertsAnnotation, Slot::ReturnType, at));
            }
            ty @ TSType::TSTypePredicate(_) => {
                self.open(Kind::PredicateAnnotation, Slot::ReturnType, at);
                self.then(Task::Type(ty, Slot::Other));
                self.leave();
            }
            ty => {
                self.open(Kind::TypeAnnotation, Slot::ReturnType, at);
                self.then(Task::Type(ty, Slot::Other));
                self.leave();
            }
        }
    }

    /// `name is T`.
    pub(super) fn predicate(
        &mut self,
        name: &TSTypePredicateName<'_>,
        ty: Option<&'a TSType<'a>>,
        slot: Slot,
        at: Span,
    ) {
        self.open(Kind::TypePredicate, slot, at);
        match name {
            TSTypePredicateName::Identifier(name) => self.leaf(Kind::Identifier, Slot::Name, name.span),
            TSTypePredicateName::This(this) => self.leaf(Kind::This, Slot::Name, this.span),
        }
        if let Some(ty) = ty {
            self.then(Task::Type(ty, Slot::Type));
        }
        self.leave();
    }
}
