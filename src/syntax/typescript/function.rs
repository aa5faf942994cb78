//! Functions: opened before their parameters, closed after their body.
//!
//! In: parts of function nodes. Out: [`Function`]s, parameters, and what a node opens in general.

use super::kind::{Kind, Slot};
use super::scope::plain;
use super::value::{Frame, Leaf, OpenFunction, Part, Value};
use super::walk::Lowering;
use crate::syntax::{
    BindingKind, Body, ClassId, Expr, ExprId, FnId, FnKind, Function, Key, List, Member, MemberKind, Name, Param,
    Source, SourceOf, Step, Stmt, TypeId,
};
use crate::text::Span;

impl Lowering<'_> {
    /// Opens the module's own function.
    pub(super) fn open_module(&mut self) {
        let at = Span::new(0, self.text.len() as u32);
        self.open_function(FnKind::Module, None, at);
        let body = self.b.stmt(Stmt::Block(List::EMPTY), at);
        self.b.module.functions[0].body = Body::Block(body);
    }

    fn open_function(&mut self, kind: FnKind, class: Option<ClassId>, at: Span) -> FnId {
        let id = self.b.function(Function {
            name: None,
            kind,
            is_async: false,
            is_generator: false,
            parent: self.functions.last().map(|function| function.id),
            class,
            params: Vec::new(),
            returns: None,
            body: Body::None,
            decorators: Vec::new(),
            at,
            head: at,
        });
        self.functions.push(OpenFunction { id, kind, properties: Vec::new(), params: Vec::new() });
        id
    }

    /// Opens what a node needs before its children are walked.
    pub(super) fn open(&mut self, frame: &mut Frame) {
        let class = self.classes.last().map(|(class, _)| *class).filter(|_| frame.in_class);
        match frame.kind {
            Kind::FunctionDeclaration | Kind::GeneratorDeclaration | Kind::FunctionSignature => {
                self.open_function_frame(frame, FnKind::Declaration, None);
            }
            Kind::FunctionExpression | Kind::GeneratorFunction => {
                self.open_function_frame(frame, FnKind::Expression, None);
            }
            Kind::Arrow => self.open_function_frame(frame, FnKind::Arrow, None),
            Kind::MethodDefinition => self.open_function_frame(frame, FnKind::Method, class),
            Kind::MethodSignature | Kind::AbstractMethod if frame.in_class => {
                self.open_function_frame(frame, FnKind::Method, class);
            }
            Kind::StaticBlock => self.open_function_frame(frame, FnKind::Initializer, class),
            Kind::StatementBlock => {
                let is_body = frame.slot == Slot::Body && self.frames.last().is_some_and(|parent| parent.function)
                    || matches!(self.top(), Kind::Module | Kind::InternalModule | Kind::Ambient);
                self.scopes.open(is_body);
            }
            Kind::Class | Kind::ClassDeclaration | Kind::AbstractClass => {
                self.open_class(frame);
                self.scopes.open(false);
            }
            Kind::Module | Kind::InternalModule => self.namespaces += 1,
            Kind::ForStatement
            | Kind::ForInStatement
            | Kind::CatchClause
            | Kind::SwitchBody
            | Kind::InterfaceDeclaration
            | Kind::TypeAlias
            | Kind::FunctionType
            | Kind::MethodSignature
            | Kind::EnumDeclaration => self.scopes.open(false),
            _ => {}
        }
    }

    fn open_function_frame(&mut self, frame: &mut Frame, kind: FnKind, class: Option<ClassId>) {
        self.open_function(kind, class, frame.at);
        self.scopes.open_function();
        frame.function = true;
    }

    /// Opens the function that a field's value is.
    pub(super) fn open_initializer(&mut self, at: Span) {
        let class = self.classes.last().map(|(class, _)| *class);
        self.open_function(FnKind::Initializer, class, at);
        self.scopes.open_function();
    }

    /// Closes it: its body is the value.
    pub(super) fn close_initializer(&mut self, part: Part) -> Value {
        let body = self.expr(part);
        let Some(open) = self.functions.pop() else { return Value::None };
        let function = &mut self.b.module.functions[open.id.index()];
        function.body = Body::Expr(body);
        function.head = Span::new(part.at.start, part.at.start);
        Value::Method { function: open.id, key: Key::None, is_static: false }
    }

    /// A function of any kind is complete.
    pub(super) fn leave_function(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let mut key = Key::None;
        let (mut returns, mut body, mut head) = (None, Body::None, frame.at);
        let mut name = None;
        let (mut is_async, mut is_generator, mut is_static, mut accessor) = (false, false, false, None);
        for part in parts {
            match (part.slot, part.kind) {
                (Slot::Name, _) => {
                    key = self.key(*part);
                    self.name_at = part.at;
                    if let Key::Name(text) = key {
                        name = Some(text);
                    }
                }
                (Slot::Parameter, _) => self.add_param(*part, None, None, false, false, None),
                (Slot::ReturnType, _) => returns = Some(self.ty(*part)),
                (Slot::Body, _) => {
                    head = Span::new(frame.at.start, part.at.start);
                    body = if part.kind == Kind::StatementBlock {
                        Body::Block(self.stmt(*part))
                    } else {
                        Body::Expr(self.expr(*part))
                    };
                }
                (_, Kind::TAsync) => is_async = true,
                (_, Kind::TStar) => is_generator = true,
                (_, Kind::TStatic) => is_static = true,
                (_, Kind::TGet) => accessor = Some(FnKind::Getter),
                (_, Kind::TSet) => accessor = Some(FnKind::Setter),
                _ => {}
            }
        }
        let Some(open) = self.functions.pop() else { return Value::None };
        is_generator |= matches!(frame.kind, Kind::GeneratorFunction | Kind::GeneratorDeclaration);
        let constructs = open.kind == FnKind::Method
            && frame.in_class
            && !is_static
            && name.is_some_and(|name| self.b.module.name(name) == "constructor");
        let kind = accessor.unwrap_or(if constructs { FnKind::Constructor } else { open.kind });
        if let Some((_, members)) = self.classes.last_mut().filter(|_| constructs) {
            members.extend(open.properties);
        }
        if frame.kind == Kind::FunctionExpression || frame.kind == Kind::GeneratorFunction {
            self.bind_own_name(name, open.id);
        }
        let function = &mut self.b.module.functions[open.id.index()];
        function.name = name;
        function.kind = kind;
        function.is_async = is_async;
        function.is_generator = is_generator;
        function.params = open.params;
        function.returns = returns;
        function.body = body;
        function.head = head;
        match frame.kind {
            Kind::FunctionDeclaration | Kind::GeneratorDeclaration | Kind::FunctionSignature => {
                Value::Stmt(self.b.stmt(Stmt::Function(open.id), frame.at))
            }
            Kind::MethodDefinition | Kind::MethodSignature | Kind::AbstractMethod | Kind::StaticBlock => {
                Value::Method { function: open.id, key, is_static }
            }
            _ => self.out(Expr::Closure(open.id), frame.at),
        }
    }

    /// A named function expression sees its own name, unless a parameter has the same.
    fn bind_own_name(&mut self, name: Option<Name>, function: FnId) {
        let Some(name) = name else { return };
        if self.scopes.value_here(name).is_none() {
            let binding = self.b.binding(plain(name, BindingKind::Function(function), function, self.name_at));
            self.scopes.bind_value(name, binding);
        }
    }

    /// A parameter is complete.
    pub(super) fn leave_parameter(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let find = |slot| parts.iter().find(|part| part.slot == slot).copied();
        let Some(pattern) = find(Slot::Pattern) else { return Value::None };
        if pattern.kind == Kind::This {
            return Value::None;
        }
        let ty = find(Slot::Type).map(|part| self.ty(part));
        let default = find(Slot::Value).map(|part| self.expr(part));
        let is_field = parts
            .iter()
            .any(|part| matches!(part.kind, Kind::AccessibilityModifier | Kind::OverrideModifier | Kind::TReadonly));
        let field = is_field.then_some(frame.at);
        let optional = frame.kind == Kind::OptionalParameter;
        self.add_param(pattern, ty, default, false, optional, field);
        Value::None
    }

    fn add_param(
        &mut self,
        pattern: Part,
        ty: Option<TypeId>,
        default: Option<ExprId>,
        rest: bool,
        optional: bool,
        field: Option<Span>,
    ) {
        let owner = self.owner();
        let index = self.functions.last().map_or(0, |function| function.params.len()) as u16;
        let of = SourceOf::Param(index);
        let mut param = Param { binding: None, ty, default, rest, optional, field: None };
        if let Value::Pattern(leaves) = pattern.value {
            let leaves = std::mem::take(&mut self.heap.patterns[leaves as usize]);
            // `...rest` is a pattern of one leaf; a pattern inside the rest keeps its further steps.
            param.rest = pattern.kind == Kind::RestPattern;
            if let [Leaf { to: Part { value: Value::Ident(name), at, .. }, steps }] = leaves.as_slice()
                && param.rest
                && steps[..] == [Step::Rest]
            {
                param.binding = Some(self.add_param_binding(*name, *at, ty, of, owner, &[Step::Rest]));
            }
            if param.binding.is_none() {
                self.declare_leaves(leaves, BindingKind::Param, of, None);
            }
        } else if let Value::Ident(name) = pattern.value {
            param.binding = Some(self.add_param_binding(name, pattern.at, ty, of, owner, &[]));
            if let Some(at) = field {
                param.field = Some(name);
                let member = Member { key: Key::Name(name), kind: MemberKind::Declared, is_static: false, ty, at };
                if let Some(function) = self.functions.last_mut() {
                    function.properties.push(member);
                }
            }
        }
        if let Some(function) = self.functions.last_mut() {
            function.params.push(param);
        }
    }

    fn add_param_binding(
        &mut self,
        name: Name,
        at: Span,
        ty: Option<TypeId>,
        of: SourceOf,
        owner: FnId,
        steps: &[Step],
    ) -> crate::syntax::BindingId {
        let steps = self.b.list(steps.iter().copied());
        let mut binding = plain(name, BindingKind::Param, owner, at);
        binding.ty = ty;
        binding.source = Some(Source { of, steps });
        let id = self.b.binding(binding);
        self.scopes.bind_value(name, id);
        id
    }

    /// Gives a function or class without a name that of the place its value goes to.
    pub(super) fn infer_name(&mut self, value: ExprId, name: Name) {
        match self.b.module.expr(value) {
            Expr::Closure(function) => {
                self.b.module.functions[function.index()].name.get_or_insert(name);
            }
            Expr::Class(class) => {
                self.b.module.classes[class.index()].name.get_or_insert(name);
            }
            Expr::Cast { value, .. } => {
                if let Expr::Closure(function) = self.b.module.expr(value) {
                    self.b.module.functions[function.index()].name.get_or_insert(name);
                }
            }
            _ => {}
        }
    }
}
