//! Expressions other than calls and members.
//!
//! In: expressions of the fast parser. Out: steps.

use super::super::kind::{Kind, Slot};
use super::task::Task;
use super::{Reader, span};
use crate::text::Span;
use oxc_allocator::Vec;
use oxc_ast::ast::{
    Argument, ArrayExpressionElement, AssignmentExpression, Expression, ObjectPropertyKind, PropertyKey, PropertyKind,
    SpreadElement, TSAsExpression, TSNonNullExpression, TSSatisfiesExpression, TSType, TSTypeAssertion, TSTypeName,
    TemplateLiteral,
};
use oxc_span::GetSpan;
use oxc_syntax::operator::AssignmentOperator;

impl<'a> Reader<'a, '_> {
    pub(super) fn expr(&mut self, expr: &'a Expression<'a>, slot: Slot) {
        match expr {
            Expression::BooleanLiteral(it) => {
                self.leaf(if it.value { Kind::True } else { Kind::False }, slot, it.span);
            }
            Expression::NullLiteral(it) => self.leaf(Kind::Null, slot, it.span),
            Expression::NumericLiteral(it) => self.leaf(Kind::Number, slot, it.span),
            Expression::BigIntLiteral(it) => self.leaf(Kind::Number, slot, it.span),
            Expression::RegExpLiteral(it) => self.leaf(Kind::Regex, slot, it.span),
            Expression::StringLiteral(it) => self.leaf(Kind::Str, slot, it.span),
            Expression::Identifier(it) => self.identifier(it, slot),
            Expression::Super(it) => self.leaf(Kind::Super, slot, it.span),
            Expression::ThisExpression(it) => self.leaf(Kind::This, slot, it.span),
            Expression::NewTarget(it) => self.leaf(Kind::MetaProperty, slot, it.span),
            Expression::ImportMeta(it) => self.leaf(Kind::MetaProperty, slot, it.span),
            Expression::TemplateLiteral(it) => self.template(it, slot),
            Expression::ArrayExpression(it) => {
                self.open(Kind::Array, slot, span(it.span));
                self.elements(&it.elements);
                self.leave();
            }
            Expression::ObjectExpression(it) => {
                self.open(Kind::Object, slot, span(it.span));
                for property in &it.properties {
                    self.then(Task::Property(property));
                }
                self.leave();
            }
            Expression::ArrowFunctionExpression(it) => self.arrow(it, slot),
            Expression::FunctionExpression(it) => self.function(it, slot, true),
            Expression::ClassExpression(it) => self.class(it, slot, true),
            Expression::ParenthesizedExpression(it) => self.around(Kind::Paren, &it.expression, slot, it.span),
            Expression::AwaitExpression(it) => self.around(Kind::Await, &it.argument, slot, it.span),
            Expression::AssignmentExpression(it) => self.assignment(it, slot),
            Expression::JSXElement(it) => self.element(it, slot),
            Expression::JSXFragment(it) => self.fragment(it, slot),
            Expression::TSAsExpression(it) => self.as_expr(it, slot),
            Expression::TSSatisfiesExpression(it) => self.satisfies(it, slot),
            Expression::TSTypeAssertion(it) => self.assertion(it, slot),
            Expression::TSNonNullExpression(it) => self.non_null(it, slot),
            Expression::TSInstantiationExpression(it) => {
                self.around(Kind::Instantiation, &it.expression, slot, it.span);
            }
            Expression::ChainExpression(_)
            | Expression::CallExpression(_)
            | Expression::NewExpression(_)
            | Expression::ImportExpression(_)
            | Expression::TaggedTemplateExpression(_)
            | Expression::ComputedMemberExpression(_)
            | Expression::StaticMemberExpression(_)
            | Expression::PrivateFieldExpression(_) => self.link(expr, slot),
            _ => self.operation(expr, slot),
        }
    }

    /// What has an operator.
    fn operation(&mut self, expr: &'a Expression<'a>, slot: Slot) {
        let at = span(expr.span());
        match expr {
            Expression::BinaryExpression(it) => {
                self.open(Kind::Binary, slot, at);
                self.then(Task::Expr(&it.left, Slot::Left));
                self.operator(it.left.span().end, it.operator.as_str());
                self.then(Task::Expr(&it.right, Slot::Right));
            }
            Expression::LogicalExpression(it) => {
                self.open(Kind::Binary, slot, at);
                self.then(Task::Expr(&it.left, Slot::Left));
                self.operator(it.left.span().end, it.operator.as_str());
                self.then(Task::Expr(&it.right, Slot::Right));
            }
            Expression::PrivateInExpression(it) => {
                self.open(Kind::Binary, slot, at);
                self.leaf(Kind::PrivateIdentifier, Slot::Left, it.left.span);
                self.operator(it.left.span.end, "in");
                self.then(Task::Expr(&it.right, Slot::Right));
            }
            Expression::UnaryExpression(it) => {
                self.open(Kind::Unary, slot, at);
                self.operator(at.start, it.operator.as_str());
                self.then(Task::Expr(&it.argument, Slot::Argument));
            }
            Expression::UpdateExpression(it) => {
                self.open(Kind::Update, slot, at);
                self.simple_target(&it.argument, Slot::Argument);
            }
            Expression::ConditionalExpression(it) => {
                self.open(Kind::Ternary, slot, at);
                self.then(Task::Expr(&it.test, Slot::Condition));
                self.then(Task::Expr(&it.consequent, Slot::Consequence));
                self.then(Task::Expr(&it.alternate, Slot::Alternative));
            }
            Expression::SequenceExpression(it) => {
                self.open(Kind::Sequence, slot, at);
                for expr in &it.expressions {
                    self.then(Task::Expr(expr, Slot::Other));
                }
            }
            Expression::YieldExpression(it) => {
                self.open(Kind::Yield, slot, at);
                self.token_if(it.delegate, Kind::TStar);
                if let Some(value) = &it.argument {
                    self.then(Task::Expr(value, Slot::Other));
                }
            }
            _ => self.open(Kind::Other, slot, at),
        }
        self.leave();
    }

    /// A node with one expression in it.
    pub(super) fn around(&mut self, kind: Kind, expr: &'a Expression<'a>, slot: Slot, at: oxc_span::Span) {
        self.open(kind, slot, span(at));
        self.then(Task::Expr(expr, Slot::Other));
        self.leave();
    }

    fn assignment(&mut self, it: &'a AssignmentExpression<'a>, slot: Slot) {
        let is_plain = it.operator == AssignmentOperator::Assign;
        self.open(if is_plain { Kind::Assignment } else { Kind::Augmented }, slot, span(it.span));
        self.then(Task::Target(&it.left, Slot::Left));
        if !is_plain {
            self.assigning(it.left.span().end, it.operator.as_str());
        }
        self.then(Task::Expr(&it.right, Slot::Right));
        self.leave();
    }

    /// The operator of an assignment; a bracket around the target may end before it.
    fn assigning(&mut self, from: u32, operator: &str) {
        let mut from = self.skip(from);
        while self.lowering.text.as_bytes().get(from as usize) == Some(&b')') {
            from = self.skip(from + 1);
        }
        self.operator(from, operator);
    }

    pub(super) fn spread(&mut self, it: &'a SpreadElement<'a>, slot: Slot) {
        self.around(Kind::Spread, &it.argument, slot, it.span);
    }

    fn elements(&mut self, elements: &'a Vec<'a, ArrayExpressionElement<'a>>) {
        let has_holes = elements.iter().any(ArrayExpressionElement::is_elision);
        for element in elements {
            match element {
                ArrayExpressionElement::SpreadElement(it) => self.spread(it, Slot::Other),
                element => {
                    if let Some(expr) = element.as_expression() {
                        self.then(Task::Expr(expr, Slot::Other));
                    }
                }
            }
            self.token_if(has_holes, Kind::TComma);
        }
    }

    pub(super) fn arguments(&mut self, arguments: &'a Vec<'a, Argument<'a>>) {
        self.open(Kind::Arguments, Slot::Arguments, Span::default());
        for argument in arguments {
            match argument {
                Argument::SpreadElement(it) => self.spread(it, Slot::Other),
                argument => {
                    if let Some(expr) = argument.as_expression() {
                        self.then(Task::Expr(expr, Slot::Other));
                    }
                }
            }
        }
        self.leave();
    }

    pub(super) fn property(&mut self, property: &'a ObjectPropertyKind<'a>) {
        let it = match property {
            ObjectPropertyKind::SpreadProperty(it) => return self.spread(it, Slot::Other),
            ObjectPropertyKind::ObjectProperty(it) => it,
        };
        if let (true, Expression::FunctionExpression(function)) =
            (it.method || it.kind != PropertyKind::Init, &it.value)
        {
            self.open(Kind::MethodDefinition, Slot::Other, span(it.span));
            self.token_if(it.kind == PropertyKind::Get, Kind::TGet);
            self.token_if(it.kind == PropertyKind::Set, Kind::TSet);
            self.method(&it.key, it.computed, function);
            return self.leave();
        }
        if it.shorthand {
            return self.leaf(Kind::Shorthand, Slot::Other, it.span);
        }
        self.open(Kind::Pair, Slot::Other, span(it.span));
        self.then(Task::Key(&it.key, it.computed, Slot::Key));
        self.then(Task::Expr(&it.value, Slot::Value));
        self.leave();
    }

    pub(super) fn key(&mut self, key: &'a PropertyKey<'a>, computed: bool, slot: Slot) {
        match key {
            PropertyKey::StaticIdentifier(name) => self.leaf(Kind::PropertyIdentifier, slot, name.span),
            PropertyKey::PrivateIdentifier(name) => self.leaf(Kind::PrivateIdentifier, slot, name.span),
            key => {
                let Some(expr) = key.as_expression() else { return };
                if computed {
                    self.around(Kind::ComputedName, expr, slot, key.span());
                } else {
                    self.expr(expr, slot);
                }
            }
        }
    }

    pub(super) fn template(&mut self, it: &'a TemplateLiteral<'a>, slot: Slot) {
        self.open(Kind::TemplateString, slot, span(it.span));
        for (index, expr) in it.expressions.iter().enumerate() {
            let before = it.quasis.get(index).map_or(it.span.start, |text| text.span.end);
            let after = it.quasis.get(index + 1).map_or(it.span.end, |text| text.span.start);
            self.open(Kind::Substitution, Slot::Other, Span::new(before, after));
            self.then(Task::Expr(expr, Slot::Other));
            self.leave();
        }
        self.leave();
    }

    pub(super) fn as_expr(&mut self, it: &'a TSAsExpression<'a>, slot: Slot) {
        self.open(Kind::As, slot, span(it.span));
        self.then(Task::Expr(&it.expression, Slot::Other));
        if !is_const(&it.type_annotation) {
            self.then(Task::Type(&it.type_annotation, Slot::Other));
        }
        self.leave();
    }

    pub(super) fn satisfies(&mut self, it: &'a TSSatisfiesExpression<'a>, slot: Slot) {
        self.open(Kind::Satisfies, slot, span(it.span));
        self.then(Task::Expr(&it.expression, Slot::Other));
        self.then(Task::Type(&it.type_annotation, Slot::Other));
        self.leave();
    }

    pub(super) fn non_null(&mut self, it: &'a TSNonNullExpression<'a>, slot: Slot) {
        self.around(Kind::NonNull, &it.expression, slot, it.span);
    }

    pub(super) fn assertion(&mut self, it: &'a TSTypeAssertion<'a>, slot: Slot) {
        self.open(Kind::TypeAssertion, slot, span(it.span));
        self.open(Kind::TypeArguments, Slot::Other, span(it.type_annotation.span()));
        if !is_const(&it.type_annotation) {
            self.then(Task::Type(&it.type_annotation, Slot::Other));
        }
        self.leave();
        self.then(Task::Expr(&it.expression, Slot::Other));
        self.leave();
    }
}

/// `const` in the place of a type.
fn is_const(ty: &TSType<'_>) -> bool {
    let TSType::TSTypeReference(reference) = ty else { return false };
    matches!(&reference.type_name, TSTypeName::IdentifierReference(name) if name.name == "const")
}
