//! What is still to be come to, one step of it at a time, so that nothing recurses on the depth of a text.
//!
//! In: nothing (plain data). Out: [`Task`], and which function looks at which.

use super::super::kind::{Kind, Slot};
use super::Reader;
use crate::text::Span;
use oxc_ast::ast;

/// A step.
#[derive(Clone, Copy)]
pub(super) enum Task<'a> {
    /// A node is complete.
    Leave,
    /// A node whose children follow.
    Open(Kind, Slot, Span),
    /// A node without children.
    Leaf(Kind, Slot, Span),
    /// A token.
    Token(Kind, Slot, Span),
    Stmt(&'a ast::Statement<'a>, Slot),
    Declaration(&'a ast::Declaration<'a>, Slot),
    Variables(&'a ast::VariableDeclaration<'a>, Slot, Span),
    Declarator(&'a ast::VariableDeclarator<'a>),
    Case(&'a ast::SwitchCase<'a>),
    Block(&'a ast::BlockStatement<'a>, Slot),
    Expr(&'a ast::Expression<'a>, Slot),
    Property(&'a ast::ObjectPropertyKind<'a>),
    Key(&'a ast::PropertyKey<'a>, bool, Slot),
    Template(&'a ast::TemplateLiteral<'a>, Slot),
    Target(&'a ast::AssignmentTarget<'a>, Slot),
    TargetOrDefault(&'a ast::AssignmentTargetMaybeDefault<'a>, Slot),
    TargetProperty(&'a ast::AssignmentTargetProperty<'a>),
    Pattern(&'a ast::BindingPattern<'a>, Slot),
    PatternProperty(&'a ast::BindingProperty<'a>),
    Function(&'a ast::Function<'a>, Slot, bool),
    Parameters(&'a ast::FormalParameters<'a>, Option<&'a ast::TSThisParameter<'a>>),
    Parameter(&'a ast::FormalParameter<'a>),
    Body(&'a ast::FunctionBody<'a>),
    Class(&'a ast::Class<'a>, Slot, bool),
    ClassElement(&'a ast::ClassElement<'a>),
    Type(&'a ast::TSType<'a>, Slot),
    Types(Kind, Slot, &'a ast::TSTypeParameterInstantiation<'a>),
    TypeParameters(&'a ast::TSTypeParameterDeclaration<'a>),
    Returns(&'a ast::TSTypeAnnotation<'a>),
    Signature(&'a ast::TSSignature<'a>),
    TypeName(&'a ast::TSTypeName<'a>, Slot),
    Element(&'a ast::JSXElement<'a>, Slot),
    Child(&'a ast::JSXChild<'a>),
    Attribute(&'a ast::JSXAttributeItem<'a>),
    TagMember(&'a ast::JSXMemberExpression<'a>, Slot),
    EnumMember(&'a ast::TSEnumMember<'a>),
    ModuleBlock(&'a ast::TSModuleBlock<'a>, Slot),
}

impl<'a> Reader<'a, '_> {
    /// Takes one step.
    pub(super) fn look(&mut self, task: Task<'a>) {
        match task {
            Task::Leave | Task::Open(..) | Task::Leaf(..) | Task::Token(..) => self.then(task),
            Task::Stmt(stmt, slot) => self.stmt(stmt, slot),
            Task::Declaration(declaration, slot) => self.declaration(declaration, slot),
            Task::Variables(variables, slot, at) => self.variables(variables, slot, at),
            Task::Declarator(declarator) => self.declarator(declarator),
            Task::Case(case) => self.case(case),
            Task::Block(block, slot) => self.block(block, slot),
            Task::Expr(expr, slot) => self.expr(expr, slot),
            Task::Property(property) => self.property(property),
            Task::Key(key, computed, slot) => self.key(key, computed, slot),
            Task::Template(template, slot) => self.template(template, slot),
            Task::Target(target, slot) => self.target(target, slot),
            Task::TargetOrDefault(target, slot) => self.target_or_default(target, slot),
            Task::TargetProperty(property) => self.target_property(property),
            Task::Pattern(pattern, slot) => self.pattern(pattern, slot),
            Task::PatternProperty(property) => self.pattern_property(property),
            Task::Function(function, slot, is_value) => self.function(function, slot, is_value),
            Task::Parameters(parameters, this) => self.parameters(parameters, this),
            Task::Parameter(parameter) => self.parameter(parameter),
            Task::Body(body) => self.body(body),
            Task::Class(class, slot, is_value) => self.class(class, slot, is_value),
            Task::ClassElement(element) => self.class_element(element),
            Task::Type(ty, slot) => self.ty(ty, slot),
            Task::Types(kind, slot, types) => self.types(kind, slot, types),
            Task::TypeParameters(parameters) => self.type_parameters(parameters),
            Task::Returns(annotation) => self.returns(annotation),
            Task::Signature(signature) => self.signature(signature),
            Task::TypeName(name, slot) => self.type_name_read(name, slot),
            Task::Element(element, slot) => self.element(element, slot),
            Task::Child(child) => self.child(child),
            Task::Attribute(attribute) => self.attribute(attribute),
            Task::TagMember(member, slot) => self.tag_member(member, slot),
            Task::EnumMember(member) => self.enum_member(member),
            Task::ModuleBlock(block, slot) => self.module_block(block, slot),
        }
    }
}
