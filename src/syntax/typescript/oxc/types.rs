//! Types, as far as the form keeps them.
//!
//! In: types of the fast parser. Out: steps.

use super::super::kind::{Kind, Slot};
use super::task::Task;
use super::{Reader, span};
use crate::text::Span;
use oxc_ast::ast::{
    TSImportType, TSImportTypeQualifier, TSLiteral, TSMethodSignatureKind, TSSignature, TSType, TSTypeName,
    TSTypeOperatorOperator, TSTypeParameterDeclaration, TSTypeParameterInstantiation, TSTypeQuery, TSTypeQueryExprName,
};
use oxc_span::GetSpan;

impl<'a> Reader<'a, '_> {
    pub(super) fn ty(&mut self, ty: &'a TSType<'a>, slot: Slot) {
        let at = ty.span();
        match ty {
            TSType::TSBigIntKeyword(_) | TSType::TSIntrinsicKeyword(_) => self.leaf(Kind::TypeIdentifier, slot, at),
            TSType::TSNullKeyword(_) | TSType::TSUndefinedKeyword(_) => self.leaf(Kind::LiteralType, slot, at),
            TSType::TSThisType(_) => self.node(Kind::ThisType, slot, at, None),
            TSType::TSArrayType(it) => self.node(Kind::ArrayType, slot, at, Some(&it.element_type)),
            TSType::TSParenthesizedType(it) => self.node(Kind::ParenthesizedType, slot, at, Some(&it.type_annotation)),
            TSType::TSMappedType(_) => self.node(Kind::ObjectType, slot, at, None),
            TSType::TSConstructorType(_) => self.leaf(Kind::ConstructorType, slot, at),
            TSType::TSInferType(_) => self.leaf(Kind::InferType, slot, at),
            TSType::TSTupleType(_) | TSType::TSNamedTupleMember(_) => self.leaf(Kind::TupleType, slot, at),
            TSType::TSTemplateLiteralType(_) => self.leaf(Kind::TemplateType, slot, at),
            TSType::TSConditionalType(_) => self.leaf(Kind::ConditionalType, slot, at),
            // The grammar reads a value here.
            TSType::TSImportType(import) => self.import_query(import, slot),
            TSType::JSDocNullableType(_) | TSType::JSDocNonNullableType(_) | TSType::JSDocUnknownType(_) => {
                self.leaf(Kind::FlowMaybe, slot, at);
            }
            TSType::TSTypeOperatorType(it) => match it.operator {
                TSTypeOperatorOperator::Keyof => self.leaf(Kind::IndexTypeQuery, slot, at),
                TSTypeOperatorOperator::Unique => self.leaf(Kind::PredefinedType, slot, at),
                TSTypeOperatorOperator::Readonly => self.node(Kind::ReadonlyType, slot, at, Some(&it.type_annotation)),
            },
            TSType::TSLiteralType(it) => match it.literal {
                TSLiteral::TemplateLiteral(_) => self.leaf(Kind::TemplateType, slot, at),
                _ => self.leaf(Kind::LiteralType, slot, at),
            },
            TSType::TSFunctionType(it) => {
                self.open(Kind::FunctionType, slot, span(at));
                if let Some(parameters) = &it.type_parameters {
                    self.then(Task::TypeParameters(parameters));
                }
                self.then(Task::Type(&it.return_type.type_annotation, Slot::ReturnType));
                self.leave();
            }
            TSType::TSIndexedAccessType(it) => {
                self.open(Kind::LookupType, slot, span(at));
                self.then(Task::Type(&it.object_type, Slot::Other));
                self.then(Task::Type(&it.index_type, Slot::Other));
                self.leave();
            }
            TSType::TSUnionType(it) => self.joined(Kind::UnionType, &it.types, b'|', slot, at),
            TSType::TSIntersectionType(it) => self.joined(Kind::IntersectionType, &it.types, b'&', slot, at),
            TSType::TSTypeLiteral(it) => {
                self.open(Kind::ObjectType, slot, span(at));
                for member in &it.members {
                    self.then(Task::Signature(member));
                }
                self.leave();
            }
            TSType::TSTypePredicate(it) if it.asserts => self.leaf(Kind::Asserts, slot, at),
            TSType::TSTypePredicate(it) => {
                let ty = it.type_annotation.as_ref().map(|annotation| &annotation.type_annotation);
                self.predicate(&it.parameter_name, ty, slot, span(at));
            }
            TSType::TSTypeQuery(it) => self.query(it, slot),
            TSType::TSTypeReference(it) => self.type_reference(&it.type_name, it.type_arguments.as_deref(), slot, at),
            _ => self.leaf(Kind::PredefinedType, slot, at),
        }
    }

    /// A node with at most one type in it.
    fn node(&mut self, kind: Kind, slot: Slot, at: oxc_span::Span, inner: Option<&'a TSType<'a>>) {
        self.open(kind, slot, span(at));
        if let Some(inner) = inner {
            self.then(Task::Type(inner, Slot::Other));
        }
        self.leave();
    }

    /// `A | B | C`: the grammar leans to the left, and a sign before the first one counts.
    fn joined(&mut self, kind: Kind, types: &'a [TSType<'a>], sign: u8, slot: Slot, at: oxc_span::Span) {
        let leads = self.lowering.text.as_bytes().get(at.start as usize) == Some(&sign);
        let nodes = types.len() - usize::from(!leads);
        for index in 0..nodes {
            self.open(kind, if index == 0 { slot } else { Slot::Other }, span(at));
        }
        for (index, ty) in types.iter().enumerate() {
            self.then(Task::Type(ty, Slot::Other));
            if index > 0 || leads {
                self.leave();
            }
        }
    }

    /// A name with or without arguments.
    pub(super) fn type_reference(
        &mut self,
        name: &'a TSTypeName<'a>,
        arguments: Option<&'a TSTypeParameterInstantiation<'a>>,
        slot: Slot,
        at: oxc_span::Span,
    ) {
        let kind = if matches!(name, TSTypeName::QualifiedName(_)) {
            Kind::NestedTypeIdentifier
        } else {
            Kind::TypeIdentifier
        };
        let Some(arguments) = arguments else { return self.leaf(kind, slot, name.span()) };
        self.open(Kind::GenericType, slot, span(at));
        self.leaf(kind, Slot::Name, name.span());
        self.then(Task::Types(Kind::TypeArguments, Slot::TypeArguments, arguments));
        self.leave();
    }

    pub(super) fn types(&mut self, kind: Kind, slot: Slot, it: &'a TSTypeParameterInstantiation<'a>) {
        self.open(kind, slot, span(it.span));
        for ty in &it.params {
            self.then(Task::Type(ty, Slot::Other));
        }
        self.leave();
    }

    pub(super) fn type_parameters(&mut self, it: &'a TSTypeParameterDeclaration<'a>) {
        self.open(Kind::TypeParameters, Slot::TypeParameters, span(it.span));
        for parameter in &it.params {
            self.open(Kind::TypeParameter, Slot::Other, span(parameter.span));
            self.leaf(Kind::TypeIdentifier, Slot::Name, parameter.name.span);
            if let Some(constraint) = &parameter.constraint {
                self.open(Kind::Constraint, Slot::Constraint, span(constraint.span()));
                self.then(Task::Type(constraint, Slot::Other));
                self.leave();
            }
            if let Some(default) = &parameter.default {
                self.open(Kind::DefaultType, Slot::Value, span(default.span()));
                self.then(Task::Type(default, Slot::Other));
                self.leave();
            }
            self.leave();
        }
        self.leave();
    }

    pub(super) fn signature(&mut self, signature: &'a TSSignature<'a>) {
        match signature {
            TSSignature::TSPropertySignature(it) => {
                self.open(Kind::PropertySignature, Slot::Other, span(it.span));
                self.then(Task::Key(&it.key, it.computed, Slot::Name));
                self.token_if(it.optional, Kind::TQuestion);
                self.annotation(it.type_annotation.as_deref());
                self.leave();
            }
            TSSignature::TSMethodSignature(it) => {
                self.open(Kind::MethodSignature, Slot::Other, span(it.span));
                self.token_if(it.kind == TSMethodSignatureKind::Get, Kind::TGet);
                self.then(Task::Key(&it.key, it.computed, Slot::Name));
                self.token_if(it.optional, Kind::TQuestion);
                if let Some(parameters) = &it.type_parameters {
                    self.then(Task::TypeParameters(parameters));
                }
                if let Some(returns) = &it.return_type {
                    self.then(Task::Returns(returns));
                }
                self.leave();
            }
            _ => {}
        }
    }

    /// `typeof x.y<T>`.
    fn query(&mut self, it: &'a TSTypeQuery<'a>, slot: Slot) {
        self.open(Kind::TypeQuery, slot, span(it.span));
        let is_generic = it.type_arguments.is_some();
        let at = span(it.expr_name.span());
        if is_generic {
            self.open(Kind::Instantiation, Slot::Other, at);
        }
        let slot = if is_generic { Slot::Function } else { Slot::Other };
        match &it.expr_name {
            TSTypeQueryExprName::TSImportType(import) => self.import_query(import, slot),
            name => {
                if let Some(name) = name.as_ts_type_name() {
                    self.then(Task::TypeName(name, slot));
                }
            }
        }
        if is_generic {
            self.leave();
        }
        self.leave();
    }

    /// `import("x").y`: a call, and members of it.
    fn import_query(&mut self, it: &'a TSImportType<'a>, slot: Slot) {
        let mut names = Vec::new();
        let mut qualifier = it.qualifier.as_ref();
        while let Some(next) = qualifier {
            match next {
                TSImportTypeQualifier::QualifiedName(name) => {
                    names.push(name.right.span);
                    qualifier = Some(&name.left);
                }
                TSImportTypeQualifier::Identifier(name) => {
                    names.push(name.span);
                    qualifier = None;
                }
            }
        }
        for (index, name) in names.iter().enumerate() {
            let slot = if index == 0 { slot } else { Slot::Object };
            self.open(Kind::Member, slot, Span::new(it.span.start, name.end));
        }
        let call = Span::new(it.span.start, self.skip(it.source.span.end) + 1);
        self.open(Kind::Call, if names.is_empty() { slot } else { Slot::Object }, call);
        self.then(Task::Token(Kind::Import, Slot::Function, call));
        self.open(Kind::Arguments, Slot::Arguments, call);
        self.leaf(Kind::Str, Slot::Other, it.source.span);
        self.leave();
        self.leave();
        for name in names.iter().rev() {
            self.leaf(Kind::PropertyIdentifier, Slot::Property, *name);
            self.leave();
        }
    }

    /// A name of types where a value is read.
    pub(super) fn type_name_read(&mut self, name: &'a TSTypeName<'a>, slot: Slot) {
        match name {
            TSTypeName::IdentifierReference(name) => self.identifier(name, slot),
            TSTypeName::ThisExpression(this) => self.leaf(Kind::This, slot, this.span),
            TSTypeName::QualifiedName(it) => {
                self.qualified(Task::TypeName(&it.left, Slot::Object), it.right.span, slot, span(it.span));
            }
        }
    }
}
