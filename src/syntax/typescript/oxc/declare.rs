//! Declarations: variables, types, enums, namespaces.
//!
//! In: declarations of the fast parser. Out: steps.

use super::super::kind::{Kind, Slot};
use super::stmt::keyword;
use super::task::Task;
use super::{Reader, span};
use crate::text::Span;
use oxc_ast::ast::{
    Declaration, TSEnumDeclaration, TSEnumMember, TSEnumMemberName, TSInterfaceDeclaration, TSModuleBlock,
    TSNamespaceDeclaration, TSNamespaceDeclarationBody, TSNamespaceDeclarationKind, TSTypeAliasDeclaration,
    VariableDeclaration, VariableDeclarationKind, VariableDeclarator,
};
use oxc_span::GetSpan;

impl<'a> Reader<'a, '_> {
    pub(super) fn declaration(&mut self, declaration: &'a Declaration<'a>, slot: Slot) {
        let at = declaration.span();
        if !declaration.declare() && !matches!(declaration, Declaration::TSGlobalDeclaration(_)) {
            return self.declared(declaration, slot, span(at));
        }
        self.open(Kind::Ambient, slot, span(at));
        self.declared(declaration, Slot::Other, self.after_word(at, "declare"));
        self.leave();
    }

    fn declared(&mut self, declaration: &'a Declaration<'a>, slot: Slot, at: Span) {
        match declaration {
            Declaration::VariableDeclaration(it) => self.variables(it, slot, at),
            Declaration::FunctionDeclaration(it) => self.function(it, slot, false),
            Declaration::ClassDeclaration(it) => self.class(it, slot, false),
            Declaration::TSTypeAliasDeclaration(it) => self.alias(it, slot, at),
            Declaration::TSInterfaceDeclaration(it) => self.interface(it, slot, at),
            Declaration::TSEnumDeclaration(it) => self.enumeration(it, slot, at),
            Declaration::TSExternalModuleDeclaration(it) => {
                self.open(Kind::Module, slot, at);
                self.leaf(Kind::Str, Slot::Name, it.id.span);
                if let Some(body) = &it.body {
                    self.then(Task::ModuleBlock(body, Slot::Body));
                }
                self.leave();
            }
            Declaration::TSNamespaceDeclaration(it) => self.namespace(it, slot, at),
            Declaration::TSGlobalDeclaration(it) => self.then(Task::ModuleBlock(&it.body, Slot::Other)),
            Declaration::TSImportEqualsDeclaration(it) => self.import_equals(it, slot),
        }
    }

    /// `const a = 1, b = 2`. What is disposed of is an assignment, as in the grammar.
    pub(super) fn variables(&mut self, it: &'a VariableDeclaration<'a>, slot: Slot, at: Span) {
        if matches!(it.kind, VariableDeclarationKind::Using | VariableDeclarationKind::AwaitUsing) {
            return self.using(it, slot, at);
        }
        let kind =
            if it.kind == VariableDeclarationKind::Var { Kind::VariableDeclaration } else { Kind::LexicalDeclaration };
        self.open(kind, slot, at);
        self.token(keyword(it.kind), at);
        for declarator in &it.declarations {
            self.then(Task::Declarator(declarator));
        }
        self.leave();
    }

    fn using(&mut self, it: &'a VariableDeclaration<'a>, slot: Slot, at: Span) {
        let is_await = it.kind == VariableDeclarationKind::AwaitUsing;
        let is_head = slot == Slot::Initializer;
        let several = it.declarations.len() > 1;
        let inner = if is_head { slot } else { Slot::Other };
        if !is_head {
            self.open(Kind::ExpressionStatement, slot, at);
        }
        if several {
            self.open(Kind::Sequence, inner, at);
        }
        for (index, declarator) in it.declarations.iter().enumerate() {
            let is_first = index == 0;
            // The first one begins with the keyword.
            let start = if is_first { at.start } else { declarator.span.start };
            let at = Span::new(start, declarator.span.end);
            let inner = if several { Slot::Other } else { inner };
            let awaits = is_first && is_await;
            let mut own = at;
            if awaits {
                self.open(Kind::Await, inner, at);
                own = Span::new(self.skip(at.start + "await".len() as u32), at.end);
            }
            self.open(Kind::Assignment, if awaits { Slot::Other } else { inner }, own);
            self.token_if(is_first, Kind::TUsing);
            self.then(Task::Pattern(&declarator.id, Slot::Left));
            if let Some(value) = &declarator.init {
                self.then(Task::Expr(value, Slot::Right));
            }
            self.leave();
            if awaits {
                self.leave();
            }
        }
        if several {
            self.leave();
        }
        if !is_head {
            self.leave();
        }
    }

    pub(super) fn declarator(&mut self, it: &'a VariableDeclarator<'a>) {
        self.open(Kind::VariableDeclarator, Slot::Other, span(it.span));
        self.then(Task::Pattern(&it.id, Slot::Name));
        self.annotation(it.type_annotation.as_deref());
        if let Some(value) = &it.init {
            self.then(Task::Expr(value, Slot::Value));
        }
        self.leave();
    }

    fn alias(&mut self, it: &'a TSTypeAliasDeclaration<'a>, slot: Slot, at: Span) {
        self.open(Kind::TypeAlias, slot, at);
        self.leaf(Kind::TypeIdentifier, Slot::Name, it.id.span);
        if let Some(parameters) = &it.type_parameters {
            self.then(Task::TypeParameters(parameters));
        }
        self.then(Task::Type(&it.type_annotation, Slot::Value));
        self.leave();
    }

    pub(super) fn interface(&mut self, it: &'a TSInterfaceDeclaration<'a>, slot: Slot, at: Span) {
        self.open(Kind::InterfaceDeclaration, slot, at);
        self.leaf(Kind::TypeIdentifier, Slot::Name, it.id.span);
        if let Some(parameters) = &it.type_parameters {
            self.then(Task::TypeParameters(parameters));
        }
        if !it.extends.is_empty() {
            self.open(Kind::ExtendsType, Slot::Other, at);
            for extended in &it.extends {
                self.type_reference(&extended.type_name, extended.type_arguments.as_deref(), Slot::Type, extended.span);
            }
            self.leave();
        }
        self.open(Kind::InterfaceBody, Slot::Body, span(it.body.span));
        for signature in &it.body.body {
            self.then(Task::Signature(signature));
        }
        self.leave();
        self.leave();
    }

    fn enumeration(&mut self, it: &'a TSEnumDeclaration<'a>, slot: Slot, at: Span) {
        self.open(Kind::EnumDeclaration, slot, at);
        self.leaf(Kind::Identifier, Slot::Name, it.id.span);
        self.open(Kind::EnumBody, Slot::Body, span(it.body.span));
        for member in &it.body.members {
            self.then(Task::EnumMember(member));
        }
        self.leave();
        self.leave();
    }

    pub(super) fn enum_member(&mut self, it: &'a TSEnumMember<'a>) {
        if it.initializer.is_some() {
            self.open(Kind::EnumAssignment, Slot::Other, span(it.span));
        }
        match &it.id {
            TSEnumMemberName::Identifier(name) => self.leaf(Kind::PropertyIdentifier, Slot::Name, name.span),
            TSEnumMemberName::String(name) => self.leaf(Kind::Str, Slot::Name, name.span),
            TSEnumMemberName::ComputedString(name) => {
                self.open(Kind::ComputedName, Slot::Name, span(name.span));
                self.leaf(Kind::Str, Slot::Other, name.span);
                self.leave();
            }
            TSEnumMemberName::ComputedTemplateString(name) => {
                self.open(Kind::ComputedName, Slot::Name, span(name.span));
                self.then(Task::Template(name, Slot::Other));
                self.leave();
            }
        }
        if let Some(value) = &it.initializer {
            self.then(Task::Expr(value, Slot::Value));
            self.leave();
        }
    }

    /// `namespace A.B {}`: one node, however many names.
    fn namespace(&mut self, it: &'a TSNamespaceDeclaration<'a>, slot: Slot, at: Span) {
        let is_module = it.kind == TSNamespaceDeclarationKind::Module;
        self.open(if is_module { Kind::Module } else { Kind::InternalModule }, slot, at);
        let mut last = it;
        while let TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) = &last.body {
            last = inner;
        }
        self.then(Task::Leaf(Kind::Identifier, Slot::Name, Span::new(it.id.span.start, last.id.span.end)));
        if let TSNamespaceDeclarationBody::TSModuleBlock(block) = &last.body {
            self.then(Task::ModuleBlock(block, Slot::Body));
        }
        self.leave();
    }

    pub(super) fn module_block(&mut self, block: &'a TSModuleBlock<'a>, slot: Slot) {
        self.open(Kind::StatementBlock, slot, span(block.span));
        self.statements(&block.directives, &block.body, Slot::Other);
        self.leave();
    }
}
