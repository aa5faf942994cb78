//! Imports and exports.
//!
//! In: module declarations of the fast parser. Out: steps.

use super::super::kind::{Kind, Slot};
use super::class::outer_decorators;
use super::task::Task;
use super::{Reader, span};
use crate::text::Span;
use oxc_ast::ast::{
    Class, Declaration, ExportDeclaration, ExportDefaultDeclaration, ExportDefaultDeclarationKind, ExportSpecifier,
    ImportDeclaration, ImportDeclarationSpecifier, ImportOrExportKind, ModuleDeclaration, ModuleExportName,
    TSImportEqualsDeclaration, TSModuleReference,
};
use oxc_span::GetSpan;

impl<'a> Reader<'a, '_> {
    pub(super) fn outside(&mut self, it: &'a ModuleDeclaration<'a>, slot: Slot) {
        let at = span(it.span());
        match it {
            ModuleDeclaration::ImportDeclaration(it) => return self.import(it, slot),
            ModuleDeclaration::ExportDeclaration(it) => return self.export(it, slot),
            ModuleDeclaration::ExportDefaultDeclaration(it) => return self.export_default(it, slot),
            ModuleDeclaration::ExportAllDeclaration(it) => {
                self.open(Kind::ExportStatement, slot, at);
                self.type_token(it.export_kind);
                if let Some(name) = &it.exported {
                    self.open(Kind::NamespaceExport, Slot::Other, span(name.span()));
                    self.exported_name(name, Slot::Other);
                    self.leave();
                }
                self.leaf(Kind::Str, Slot::Source, it.source.span);
            }
            ModuleDeclaration::ExportNamedDeclaration(it) => {
                self.open(Kind::ExportStatement, slot, at);
                self.type_token(it.export_kind);
                self.export_clause(&it.specifiers);
            }
            ModuleDeclaration::ExportFromDeclaration(it) => {
                self.open(Kind::ExportStatement, slot, at);
                self.type_token(it.export_kind);
                self.export_clause(&it.specifiers);
                self.leaf(Kind::Str, Slot::Source, it.source.span);
            }
            ModuleDeclaration::TSExportAssignment(it) => {
                self.open(Kind::ExportStatement, slot, at);
                self.token(Kind::TEquals, at);
                self.then(Task::Expr(&it.expression, Slot::Other));
            }
            ModuleDeclaration::TSNamespaceExportDeclaration(it) => {
                self.open(Kind::ExportStatement, slot, at);
                self.leaf(Kind::Identifier, Slot::Other, it.id.span);
            }
        }
        self.leave();
    }

    fn type_token(&mut self, kind: ImportOrExportKind) {
        self.token_if(kind == ImportOrExportKind::Type, Kind::TType);
    }

    fn exported_name(&mut self, name: &ModuleExportName<'_>, slot: Slot) {
        let kind = if matches!(name, ModuleExportName::StringLiteral(_)) { Kind::Str } else { Kind::Identifier };
        self.leaf(kind, slot, name.span());
    }

    fn import(&mut self, it: &'a ImportDeclaration<'a>, slot: Slot) {
        self.open(Kind::ImportStatement, slot, span(it.span));
        self.type_token(it.import_kind);
        if let Some(specifiers) = &it.specifiers {
            let at = span(it.span);
            self.open(Kind::ImportClause, Slot::Other, at);
            let mut in_braces = specifiers.is_empty();
            if in_braces {
                self.open(Kind::NamedImports, Slot::Other, at);
            }
            for specifier in specifiers {
                match specifier {
                    ImportDeclarationSpecifier::ImportDefaultSpecifier(it) => {
                        self.leaf(Kind::Identifier, Slot::Other, it.local.span);
                    }
                    ImportDeclarationSpecifier::ImportNamespaceSpecifier(it) => {
                        self.open(Kind::NamespaceImport, Slot::Other, span(it.span));
                        self.leaf(Kind::Identifier, Slot::Other, it.local.span);
                        self.leave();
                    }
                    ImportDeclarationSpecifier::ImportSpecifier(it) => {
                        if !in_braces {
                            in_braces = true;
                            self.open(Kind::NamedImports, Slot::Other, at);
                        }
                        self.open(Kind::ImportSpecifier, Slot::Other, span(it.span));
                        self.type_token(it.import_kind);
                        self.exported_name(&it.imported, Slot::Name);
                        if it.imported.span() != it.local.span {
                            self.leaf(Kind::Identifier, Slot::Alias, it.local.span);
                        }
                        self.leave();
                    }
                }
            }
            if in_braces {
                self.leave();
            }
            self.leave();
        }
        self.leaf(Kind::Str, Slot::Source, it.source.span);
        self.leave();
    }

    /// `import a = require("x")`, `import a = b.c`.
    pub(super) fn import_equals(&mut self, it: &'a TSImportEqualsDeclaration<'a>, slot: Slot) {
        let at = span(it.span);
        if let TSModuleReference::ExternalModuleReference(from) = &it.module_reference {
            self.open(Kind::ImportStatement, slot, at);
            self.type_token(it.import_kind);
            self.open(Kind::ImportRequire, Slot::Other, Span::new(it.id.span.start, from.span.end));
            self.leaf(Kind::Identifier, Slot::Other, it.id.span);
            self.leaf(Kind::Str, Slot::Source, from.expression.span);
            self.leave();
            return self.leave();
        }
        self.open(Kind::ImportAlias, slot, at);
        self.leaf(Kind::Identifier, Slot::Other, it.id.span);
        match &it.module_reference {
            TSModuleReference::IdentifierReference(name) => self.identifier(name, Slot::Other),
            TSModuleReference::QualifiedName(it) => {
                self.qualified(Task::TypeName(&it.left, Slot::Object), it.right.span, Slot::Other, span(it.span));
            }
            TSModuleReference::ExternalModuleReference(_) => {}
        }
        self.leave();
    }

    fn export_clause(&mut self, specifiers: &'a [ExportSpecifier<'a>]) {
        self.open(Kind::ExportClause, Slot::Other, Span::default());
        for it in specifiers {
            self.open(Kind::ExportSpecifier, Slot::Other, span(it.span));
            self.type_token(it.export_kind);
            self.exported_name(&it.local, Slot::Name);
            if it.local.span() != it.exported.span() {
                self.exported_name(&it.exported, Slot::Alias);
            }
            self.leave();
        }
        self.leave();
    }

    /// `export` before a declaration. Decorators before it are its own.
    fn export(&mut self, it: &'a ExportDeclaration<'a>, slot: Slot) {
        let class = match &it.declaration {
            Declaration::ClassDeclaration(class) => Some(&**class),
            _ => None,
        };
        self.open_export(class, slot, it.span);
        self.then(Task::Declaration(&it.declaration, Slot::Declaration));
        self.leave();
    }

    fn open_export(&mut self, class: Option<&'a Class<'a>>, slot: Slot, at: oxc_span::Span) {
        let decorators = class.map_or(&[][..], outer_decorators);
        let start = decorators.first().map_or(at.start, |first| first.span.start);
        self.open(Kind::ExportStatement, slot, Span::new(start, at.end));
        self.decorators(decorators);
    }

    fn export_default(&mut self, it: &'a ExportDefaultDeclaration<'a>, slot: Slot) {
        let class = match &it.declaration {
            ExportDefaultDeclarationKind::ClassDeclaration(class) => Some(&**class),
            _ => None,
        };
        self.open_export(class, slot, it.span);
        self.token(Kind::TDefault, span(it.span));
        match &it.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(it) => {
                let is_value = it.id.is_none();
                self.then(Task::Function(it, if is_value { Slot::Value } else { Slot::Declaration }, is_value));
            }
            ExportDefaultDeclarationKind::ClassDeclaration(it) => {
                let is_value = it.id.is_none();
                self.then(Task::Class(it, if is_value { Slot::Value } else { Slot::Declaration }, is_value));
            }
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(it) => {
                self.interface(it, Slot::Declaration, span(it.span));
            }
            declaration => {
                if let Some(value) = declaration.as_expression() {
                    self.then(Task::Expr(value, Slot::Value));
                }
            }
        }
        self.leave();
    }
}
