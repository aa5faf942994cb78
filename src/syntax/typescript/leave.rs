//! Which module lowers which kind of node.
//!
//! In: the parts of a node that is complete. Out: its value.

#![allow(clippy::enum_glob_use, reason = "the groups of kinds are lists of nothing else")]

use super::kind::Kind;
use super::value::{Frame, Part, Value};
use super::walk::Lowering;

impl Lowering<'_> {
    /// The value of a node whose children are complete.
    pub(super) fn leave(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        match frame.kind {
            _ if frame.function => self.leave_function(frame, parts),
            Kind::Program => self.leave_program(parts),
            Kind::Error => self.leave_error(parts),
            Kind::RequiredParameter | Kind::OptionalParameter => self.leave_parameter(frame, parts),
            Kind::ArrayPattern
            | Kind::ObjectPattern
            | Kind::PairPattern
            | Kind::RestPattern
            | Kind::AssignmentPattern
            | Kind::ObjectAssignmentPattern => self.leave_pattern(frame, parts),
            Kind::VariableDeclarator => self.leave_declarator(frame, parts),
            Kind::LexicalDeclaration | Kind::VariableDeclaration => self.leave_declaration(frame, parts),
            Kind::Member | Kind::NestedIdentifier | Kind::Subscript | Kind::Call | Kind::New => {
                self.leave_link(frame, parts)
            }
            Kind::NonNull | Kind::Instantiation => match parts.iter().find(|part| Self::is_expr(part)) {
                Some(Part { value: Value::Open(id), .. }) if frame.kind == Kind::NonNull => Value::Open(*id),
                _ => Value::Expr(self.operand(parts, frame.at)),
            },
            Kind::Paren | Kind::Substitution => Value::Expr(self.operand(parts, frame.at)),
            Kind::Spread => Value::Spread(self.operand(parts, frame.at)),
            Kind::Decorator => Value::Decorator(self.operand(parts, frame.at)),
            Kind::ComputedName => match parts.iter().find(|part| Self::is_expr(part)) {
                Some(Part { value: Value::Text(name), .. }) => Value::Key(crate::syntax::Key::Name(*name)),
                _ => Value::Key(crate::syntax::Key::Computed(self.operand(parts, frame.at))),
            },
            Kind::Arguments => self.leave_arguments(parts),
            Kind::Pair => self.leave_pair(parts, frame.at),
            kind if is_class(kind) => self.leave_class_part(frame, parts),
            kind if is_outside(kind) => self.leave_outside(frame, parts),
            kind if is_markup(kind) => self.leave_markup(frame, parts),
            kind if is_type(kind) => self.leave_type(frame, parts),
            kind if is_stmt(kind) => self.leave_stmt(frame, parts),
            kind if is_expr(kind) => self.leave_expr(frame, parts),
            _ if parts.iter().any(Self::is_expr) => self.leave_expr(frame, parts),
            _ => Value::None,
        }
    }
}

fn is_stmt(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        ExpressionStatement
            | ElseClause
            | FinallyClause
            | StatementBlock
            | ReturnStatement
            | ThrowStatement
            | IfStatement
            | WhileStatement
            | DoStatement
            | ForStatement
            | ForInStatement
            | SwitchStatement
            | SwitchBody
            | SwitchCase
            | SwitchDefault
            | TryStatement
            | CatchClause
            | BreakStatement
            | ContinueStatement
            | LabeledStatement
            | WithStatement
            | EmptyStatement
            | DebuggerStatement
    )
}

fn is_expr(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        Unary
            | Binary
            | Ternary
            | Await
            | Yield
            | Assignment
            | Augmented
            | Update
            | Sequence
            | As
            | Satisfies
            | TypeAssertion
            | Object
            | Array
            | TemplateString
    )
}

fn is_class(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        Class
            | ClassDeclaration
            | AbstractClass
            | ClassBody
            | ClassHeritage
            | ExtendsClause
            | ImplementsClause
            | FieldDefinition
    )
}

fn is_outside(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        ImportStatement
            | ImportClause
            | NamedImports
            | NamespaceImport
            | ImportSpecifier
            | ImportRequire
            | ImportAlias
            | ExportStatement
            | ExportClause
            | ExportSpecifier
            | NamespaceExport
            | Ambient
            | Module
            | InternalModule
            | EnumDeclaration
            | EnumBody
            | EnumAssignment
    )
}

fn is_markup(kind: Kind) -> bool {
    use Kind::*;
    matches!(kind, JsxElement | JsxSelfClosing | JsxOpening | JsxExpression | JsxAttribute | JsxNamespaceName)
}

fn is_type(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        TypeAnnotation
            | TypeArguments
            | TypeParameters
            | TypeParameter
            | Constraint
            | DefaultType
            | GenericType
            | UnionType
            | IntersectionType
            | ObjectType
            | InterfaceBody
            | PropertySignature
            | MethodSignature
            | ExtendsType
            | FunctionType
            | ArrayType
            | ReadonlyType
            | LookupType
            | TypeQuery
            | ParenthesizedType
            | PredicateAnnotation
            | TypePredicate
            | ThisType
            | InterfaceDeclaration
            | TypeAlias
    )
}
