//! Markup (JSX).
//!
//! In: markup of the fast parser. Out: steps.

use super::super::kind::{Kind, Slot};
use super::task::Task;
use super::{Reader, span};
use oxc_ast::ast::{
    JSXAttributeItem, JSXAttributeName, JSXAttributeValue, JSXChild, JSXElement, JSXElementName,
    JSXExpressionContainer, JSXFragment, JSXMemberExpression, JSXMemberExpressionObject,
};
use oxc_span::GetSpan;

impl<'a> Reader<'a, '_> {
    pub(super) fn element(&mut self, it: &'a JSXElement<'a>, slot: Slot) {
        let closes = it.closing_element.is_some();
        if closes {
            self.open(Kind::JsxElement, slot, span(it.span));
            self.open(Kind::JsxOpening, Slot::OpenTag, span(it.opening_element.span));
        } else {
            self.open(Kind::JsxSelfClosing, slot, span(it.span));
        }
        self.tag_name(&it.opening_element.name);
        for attribute in &it.opening_element.attributes {
            self.then(Task::Attribute(attribute));
        }
        if closes {
            self.leave();
            for child in &it.children {
                self.then(Task::Child(child));
            }
        }
        self.leave();
    }

    pub(super) fn fragment(&mut self, it: &'a JSXFragment<'a>, slot: Slot) {
        self.open(Kind::JsxElement, slot, span(it.span));
        self.open(Kind::JsxOpening, Slot::OpenTag, span(it.opening_fragment.span));
        self.leave();
        for child in &it.children {
            self.then(Task::Child(child));
        }
        self.leave();
    }

    pub(super) fn child(&mut self, child: &'a JSXChild<'a>) {
        match child {
            JSXChild::Text(_) => {}
            JSXChild::Element(it) => self.element(it, Slot::Other),
            JSXChild::Fragment(it) => self.fragment(it, Slot::Other),
            JSXChild::ExpressionContainer(it) => self.container(it, Slot::Other),
            JSXChild::Spread(it) => {
                self.open(Kind::JsxExpression, Slot::Other, span(it.span));
                self.around(Kind::Spread, &it.expression, Slot::Other, it.span);
                self.leave();
            }
        }
    }

    fn container(&mut self, it: &'a JSXExpressionContainer<'a>, slot: Slot) {
        self.open(Kind::JsxExpression, slot, span(it.span));
        if let Some(expr) = it.expression.as_expression() {
            self.then(Task::Expr(expr, Slot::Other));
        }
        self.leave();
    }

    fn tag_name(&mut self, name: &'a JSXElementName<'a>) {
        match name {
            JSXElementName::NamespacedName(it) => {
                self.open(Kind::JsxNamespaceName, Slot::Name, span(it.span));
                self.leave();
            }
            JSXElementName::MemberExpression(it) => self.then(Task::TagMember(it, Slot::Name)),
            name => self.leaf(Kind::Identifier, Slot::Name, name.span()),
        }
    }

    pub(super) fn tag_member(&mut self, it: &'a JSXMemberExpression<'a>, slot: Slot) {
        let object = match &it.object {
            JSXMemberExpressionObject::IdentifierReference(name) => {
                Task::Leaf(Kind::Identifier, Slot::Object, span(name.span))
            }
            JSXMemberExpressionObject::MemberExpression(inner) => Task::TagMember(inner, Slot::Object),
            JSXMemberExpressionObject::ThisExpression(this) => Task::Leaf(Kind::This, Slot::Object, span(this.span)),
        };
        self.qualified(object, it.property.span, slot, span(it.span));
    }

    pub(super) fn attribute(&mut self, attribute: &'a JSXAttributeItem<'a>) {
        let it = match attribute {
            JSXAttributeItem::Attribute(it) => it,
            JSXAttributeItem::SpreadAttribute(it) => {
                self.open(Kind::JsxExpression, Slot::Attribute, span(it.span));
                self.around(Kind::Spread, &it.argument, Slot::Other, it.span);
                return self.leave();
            }
        };
        self.open(Kind::JsxAttribute, Slot::Attribute, span(it.span));
        match &it.name {
            JSXAttributeName::Identifier(name) => self.leaf(Kind::PropertyIdentifier, Slot::Other, name.span),
            JSXAttributeName::NamespacedName(name) => {
                self.open(Kind::JsxNamespaceName, Slot::Other, span(name.span));
                self.leave();
            }
        }
        match &it.value {
            None => {}
            Some(JSXAttributeValue::StringLiteral(it)) => self.leaf(Kind::Str, Slot::Other, it.span),
            Some(JSXAttributeValue::ExpressionContainer(it)) => self.container(it, Slot::Other),
            Some(JSXAttributeValue::Element(it)) => self.then(Task::Element(it, Slot::Other)),
            Some(JSXAttributeValue::Fragment(it)) => self.fragment(it, Slot::Other),
        }
        self.leave();
    }
}
