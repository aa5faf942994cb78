//! The grammar's node kinds and fields as enums: comparing numbers instead of strings.
//!
//! In: a grammar. Out: a table from its numbers to [`Kind`] and [`Slot`], made once per dialect.

use crate::syntax::Dialect;
use std::sync::OnceLock;
use tree_sitter::Language;

macro_rules! table {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $name {
            /// None of the below.
            Other,
            $($variant),*
        }

        impl $name {
            fn of(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::Other,
                }
            }
        }
    };
}

table! {
    /// A kind of node. Names in angle brackets are anonymous tokens.
    Kind {
        Program = "program", Error = "ERROR", Comment = "comment", HtmlComment = "html_comment",
        // Statements.
        ExpressionStatement = "expression_statement", LexicalDeclaration = "lexical_declaration",
        VariableDeclaration = "variable_declaration", VariableDeclarator = "variable_declarator",
        ReturnStatement = "return_statement", ThrowStatement = "throw_statement", IfStatement = "if_statement",
        ElseClause = "else_clause", ForStatement = "for_statement", ForInStatement = "for_in_statement",
        WhileStatement = "while_statement", DoStatement = "do_statement", SwitchStatement = "switch_statement",
        SwitchBody = "switch_body", SwitchCase = "switch_case", SwitchDefault = "switch_default",
        StatementBlock = "statement_block", TryStatement = "try_statement", CatchClause = "catch_clause",
        FinallyClause = "finally_clause", BreakStatement = "break_statement",
        ContinueStatement = "continue_statement", LabeledStatement = "labeled_statement",
        EmptyStatement = "empty_statement", DebuggerStatement = "debugger_statement",
        WithStatement = "with_statement",
        // Declarations.
        FunctionDeclaration = "function_declaration", GeneratorDeclaration = "generator_function_declaration",
        FunctionSignature = "function_signature", ClassDeclaration = "class_declaration",
        AbstractClass = "abstract_class_declaration", InterfaceDeclaration = "interface_declaration",
        TypeAlias = "type_alias_declaration", EnumDeclaration = "enum_declaration", EnumBody = "enum_body",
        EnumAssignment = "enum_assignment", Module = "module", InternalModule = "internal_module",
        Ambient = "ambient_declaration", ImportAlias = "import_alias", ImportStatement = "import_statement",
        ImportClause = "import_clause", NamedImports = "named_imports", NamespaceImport = "namespace_import",
        ImportSpecifier = "import_specifier", ImportRequire = "import_require_clause",
        ImportAttribute = "import_attribute", ExportStatement = "export_statement",
        ExportClause = "export_clause", ExportSpecifier = "export_specifier",
        NamespaceExport = "namespace_export",
        // Expressions.
        Identifier = "identifier", This = "this", Super = "super", Undefined = "undefined", Null = "null",
        True = "true", False = "false", Number = "number", Str = "string", Regex = "regex",
        TemplateString = "template_string", Substitution = "template_substitution",
        Import = "import", MetaProperty = "meta_property", Member = "member_expression",
        NestedIdentifier = "nested_identifier", Subscript = "subscript_expression", Call = "call_expression",
        New = "new_expression", Arguments = "arguments", Await = "await_expression", Yield = "yield_expression",
        Unary = "unary_expression", Binary = "binary_expression", Ternary = "ternary_expression",
        Assignment = "assignment_expression", Augmented = "augmented_assignment_expression",
        Update = "update_expression", Sequence = "sequence_expression", Paren = "parenthesized_expression",
        NonNull = "non_null_expression", As = "as_expression", Satisfies = "satisfies_expression",
        TypeAssertion = "type_assertion", Instantiation = "instantiation_expression", Object = "object",
        Pair = "pair", Shorthand = "shorthand_property_identifier", Spread = "spread_element", Array = "array",
        FunctionExpression = "function_expression", GeneratorFunction = "generator_function",
        Arrow = "arrow_function", Class = "class", OptionalChain = "optional_chain",
        // Names.
        PropertyIdentifier = "property_identifier", PrivateIdentifier = "private_property_identifier",
        ComputedName = "computed_property_name", StatementIdentifier = "statement_identifier",
        TypeIdentifier = "type_identifier",
        // Patterns and parameters.
        ObjectPattern = "object_pattern", ArrayPattern = "array_pattern", PairPattern = "pair_pattern",
        ShorthandPattern = "shorthand_property_identifier_pattern", AssignmentPattern = "assignment_pattern",
        ObjectAssignmentPattern = "object_assignment_pattern", RestPattern = "rest_pattern",
        FormalParameters = "formal_parameters", RequiredParameter = "required_parameter",
        OptionalParameter = "optional_parameter", AccessibilityModifier = "accessibility_modifier",
        OverrideModifier = "override_modifier",
        // Classes.
        ClassBody = "class_body", ClassHeritage = "class_heritage", ExtendsClause = "extends_clause",
        ImplementsClause = "implements_clause", MethodDefinition = "method_definition",
        MethodSignature = "method_signature", AbstractMethod = "abstract_method_signature",
        FieldDefinition = "public_field_definition", StaticBlock = "class_static_block", Decorator = "decorator",
        // Markup.
        JsxElement = "jsx_element", JsxSelfClosing = "jsx_self_closing_element",
        JsxOpening = "jsx_opening_element", JsxClosing = "jsx_closing_element", JsxExpression = "jsx_expression",
        JsxAttribute = "jsx_attribute", JsxNamespaceName = "jsx_namespace_name",
        // Types.
        TypeAnnotation = "type_annotation", TypeArguments = "type_arguments", TypeParameters = "type_parameters",
        TypeParameter = "type_parameter", Constraint = "constraint", DefaultType = "default_type",
        GenericType = "generic_type", NestedTypeIdentifier = "nested_type_identifier",
        PredefinedType = "predefined_type", LiteralType = "literal_type", UnionType = "union_type",
        IntersectionType = "intersection_type", ObjectType = "object_type", InterfaceBody = "interface_body",
        PropertySignature = "property_signature", ExtendsType = "extends_type_clause",
        FunctionType = "function_type", ArrayType = "array_type", ReadonlyType = "readonly_type",
        LookupType = "lookup_type", TypeQuery = "type_query", ParenthesizedType = "parenthesized_type",
        PredicateAnnotation = "type_predicate_annotation", TypePredicate = "type_predicate", ThisType = "this_type",
        TupleType = "tuple_type", ConditionalType = "conditional_type", TemplateType = "template_literal_type",
        IndexTypeQuery = "index_type_query", IndexSignature = "index_signature", CallSignature = "call_signature",
        ConstructSignature = "construct_signature", ConstructorType = "constructor_type", InferType = "infer_type",
        AssertsAnnotation = "asserts_annotation", Asserts = "asserts", FlowMaybe = "flow_maybe_type",
        // Tokens that decide.
        TAsync = "<async>", TStar = "<*>", TStatic = "<static>", TGet = "<get>", TSet = "<set>",
        TAwait = "<await>", TUsing = "<using>", TType = "<type>", TTypeof = "<typeof>", TDefault = "<default>",
        TEquals = "<=>", TComma = "<,>", TQuestion = "<?>", TOptional = "<?.>", TReadonly = "<readonly>",
        TVar = "<var>", TLet = "<let>", TConst = "<const>", TGlobal = "<global>", TNamespace = "<namespace>",
        TClass = "<class>", TAbstract = "<abstract>",
    }
}

table! {
    /// The field of its parent that a node stands in.
    Slot {
        Alias = "alias", Alternative = "alternative", Argument = "argument", Arguments = "arguments",
        Attribute = "attribute", Body = "body", Condition = "condition", Consequence = "consequence",
        Constructor = "constructor", Constraint = "constraint", Declaration = "declaration",
        Decorator = "decorator", Finalizer = "finalizer", Function = "function", Handler = "handler",
        Increment = "increment", Index = "index", Initializer = "initializer", Key = "key", Kind = "kind",
        Label = "label", Left = "left", Module = "module", Name = "name", Object = "object",
        OpenTag = "open_tag", Operator = "operator", Parameter = "parameter", Parameters = "parameters",
        Pattern = "pattern", Property = "property", ReturnType = "return_type", Right = "right",
        Source = "source", Type = "type", TypeArguments = "type_arguments", TypeParameters = "type_parameters",
        Value = "value",
    }
}

/// The numbers of one grammar.
pub(super) struct Kinds {
    /// The grammar.
    pub(super) language: Language,
    by_number: Vec<Kind>,
    slots: Vec<Slot>,
}

impl Kinds {
    /// The table of a dialect.
    pub(super) fn of(dialect: Dialect) -> &'static Self {
        static TYPESCRIPT: OnceLock<Kinds> = OnceLock::new();
        static TSX: OnceLock<Kinds> = OnceLock::new();
        match dialect {
            Dialect::TypeScript => {
                TYPESCRIPT.get_or_init(|| Self::new(tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()))
            }
            Dialect::Tsx => TSX.get_or_init(|| Self::new(tree_sitter_typescript::LANGUAGE_TSX.into())),
        }
    }

    fn new(language: Language) -> Self {
        let kind = |id: usize| {
            let text = language.node_kind_for_id(id as u16).unwrap_or("");
            if language.node_kind_is_named(id as u16) { Kind::of(text) } else { Kind::of(&format!("<{text}>")) }
        };
        let by_number = (0..language.node_kind_count()).map(kind).collect();
        let slots = (0..=language.field_count())
            .map(|id| Slot::of(language.field_name_for_id(id as u16).unwrap_or("")))
            .collect();
        Self { language, by_number, slots }
    }

    /// The kind of a node.
    pub(super) fn kind(&self, node: &tree_sitter::Node<'_>) -> Kind {
        if node.is_error() {
            return Kind::Error;
        }
        self.by_number.get(node.kind_id() as usize).copied().unwrap_or(Kind::Other)
    }

    /// The field with this number.
    pub(super) fn slot(&self, id: Option<std::num::NonZeroU16>) -> Slot {
        id.and_then(|id| self.slots.get(id.get() as usize).copied()).unwrap_or(Slot::Other)
    }
}
