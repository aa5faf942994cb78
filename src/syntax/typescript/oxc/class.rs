//! Classes.
//!
//! In: classes of the fast parser. Out: steps.

use super::super::kind::{Kind, Slot};
use super::task::Task;
use super::{Reader, span};
use crate::text::Span;
use oxc_ast::ast::{
    Class, ClassElement, Decorator, Expression, MethodDefinition, MethodDefinitionKind, MethodDefinitionType,
    PropertyKey, StaticBlock, TSTypeAnnotation,
};
use oxc_span::GetSpan;

/// A field, with or without `accessor`.
struct Field<'a> {
    at: Span,
    decorators: &'a [Decorator<'a>],
    key: &'a PropertyKey<'a>,
    computed: bool,
    is_static: bool,
    ty: Option<&'a TSTypeAnnotation<'a>>,
    value: Option<&'a Expression<'a>>,
    /// Whether `?` or `!` stands behind the name.
    marked: bool,
}

impl<'a> Reader<'a, '_> {
    /// A class. `is_value`: it stands where a value does.
    pub(super) fn class(&mut self, it: &'a Class<'a>, slot: Slot, is_value: bool) {
        let kind = match (is_value, it.r#abstract) {
            (true, _) => Kind::Class,
            (false, true) => Kind::AbstractClass,
            (false, false) => Kind::ClassDeclaration,
        };
        let own: &[Decorator<'_>] = if outer_decorators(it).is_empty() { &it.decorators } else { &[] };
        let mut at = span(it.span);
        if it.declare {
            at.start = self.skip(at.start + "declare".len() as u32);
        }
        self.open(kind, slot, at);
        self.decorators(own);
        let start = own.last().map_or(at.start, |last| self.skip(last.span.end));
        self.token(Kind::TClass, Span::new(start, start));
        if let Some(name) = &it.id {
            self.leaf(Kind::TypeIdentifier, Slot::Name, name.span);
        }
        if let Some(parameters) = &it.type_parameters {
            self.then(Task::TypeParameters(parameters));
        }
        if it.heritage.is_some() || !it.implements.is_empty() {
            self.heritage(it);
        }
        self.open(Kind::ClassBody, Slot::Body, span(it.body.span));
        for element in &it.body.body {
            self.then(Task::ClassElement(element));
        }
        self.leave();
        self.leave();
    }

    fn heritage(&mut self, it: &'a Class<'a>) {
        self.open(Kind::ClassHeritage, Slot::Other, Span::default());
        if let Some(heritage) = &it.heritage {
            self.open(Kind::ExtendsClause, Slot::Other, span(heritage.expression.span()));
            self.then(Task::Expr(&heritage.expression, Slot::Value));
            self.leave();
        }
        if !it.implements.is_empty() {
            self.open(Kind::ImplementsClause, Slot::Other, Span::default());
            for implemented in &it.implements {
                let args = implemented.type_arguments.as_deref();
                self.type_reference(&implemented.expression, args, Slot::Other, implemented.span);
            }
            self.leave();
        }
        self.leave();
    }

    pub(super) fn class_element(&mut self, element: &'a ClassElement<'a>) {
        match element {
            ClassElement::StaticBlock(it) => self.static_block(it),
            ClassElement::MethodDefinition(it) => self.class_method(it),
            ClassElement::PropertyDefinition(it) => self.field(&Field {
                at: span(it.span),
                decorators: &it.decorators,
                key: &it.key,
                computed: it.computed,
                is_static: it.r#static,
                ty: it.type_annotation.as_deref(),
                value: it.value.as_ref(),
                marked: it.optional || it.definite,
            }),
            ClassElement::AccessorProperty(it) => self.field(&Field {
                at: span(it.span),
                decorators: &it.decorators,
                key: &it.key,
                computed: it.computed,
                is_static: it.r#static,
                ty: it.type_annotation.as_deref(),
                value: it.value.as_ref(),
                marked: it.definite,
            }),
            ClassElement::TSIndexSignature(_) => {}
        }
    }

    fn static_block(&mut self, it: &'a StaticBlock<'a>) {
        self.open(Kind::StaticBlock, Slot::Other, span(it.span));
        self.token(Kind::TStatic, span(it.span));
        let start = self.skip(it.span.start + "static".len() as u32);
        self.open(Kind::StatementBlock, Slot::Body, Span::new(start, it.span.end));
        for stmt in &it.body {
            self.then(Task::Stmt(stmt, Slot::Other));
        }
        self.leave();
        self.leave();
    }

    /// A method; decorators stand before it in the body of the class.
    fn class_method(&mut self, it: &'a MethodDefinition<'a>) {
        self.decorators(&it.decorators);
        let start = it.decorators.last().map_or(it.span.start, |last| self.skip(last.span.end));
        // Without a body it ends before its semicolon.
        let end = it.value.return_type.as_ref().map_or(it.value.params.span.end, |returns| returns.span.end);
        let (kind, end) = match (&it.value.body, it.r#type) {
            (Some(_), _) => (Kind::MethodDefinition, it.span.end),
            (None, MethodDefinitionType::TSAbstractMethodDefinition) => (Kind::AbstractMethod, end),
            (None, _) => (Kind::MethodSignature, end),
        };
        self.open(kind, Slot::Other, Span::new(start, end));
        self.token_if(it.r#static, Kind::TStatic);
        self.token_if(it.kind == MethodDefinitionKind::Get, Kind::TGet);
        self.token_if(it.kind == MethodDefinitionKind::Set, Kind::TSet);
        self.method(&it.key, it.computed, &it.value);
        self.leave();
    }

    fn field(&mut self, it: &Field<'a>) {
        self.open(Kind::FieldDefinition, Slot::Other, Span::new(it.at.start, self.field_end(it)));
        self.decorators(it.decorators);
        self.token_if(it.is_static, Kind::TStatic);
        self.then(Task::Key(it.key, it.computed, Slot::Name));
        self.annotation(it.ty);
        if let Some(value) = it.value {
            self.then(Task::Expr(value, Slot::Value));
        }
        self.leave();
    }

    /// Where a field ends without its semicolon.
    fn field_end(&self, it: &Field<'_>) -> u32 {
        if let Some(value) = it.value {
            return value.span().end;
        }
        if let Some(ty) = it.ty {
            return ty.span.end;
        }
        let mut end = it.key.span().end;
        if it.computed {
            end = self.skip(end) + 1;
        }
        if it.marked { self.skip(end) + 1 } else { end }
    }
}

/// The decorators that stand before the `export` of a class: those that begin before itself.
pub(super) fn outer_decorators<'a>(it: &'a Class<'a>) -> &'a [Decorator<'a>] {
    match it.decorators.first() {
        Some(first) if first.span.start < it.span.start => &it.decorators,
        _ => &[],
    }
}
