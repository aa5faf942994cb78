//! Origins: where a value comes from, through names, fields, declared types and simple factories.
//!
//! In: an expression. Out: an [`Origin`], found by walking towards the source in a bounded number of
//! hops. What cannot be followed is [`Origin::Unknown`]; nothing is guessed here.

use super::hop::{Hop, extend, hop_name, package_of, parse_path, push_steps};
use super::{ExprKey, FileId, FnKey, Program};
use crate::syntax::{
    BindingId, Body, ClassId, Expr, ExprId, FieldKind, FnId, FnKind, Item, Key, LogicOp, MemberKind, Module, Source,
    SourceOf, Step, TypeId, visit,
};

/// Hops that one search may take: real chains stay under twenty.
const HOPS: u32 = 64;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Outside the program: `@slack/web-api#WebClient.users.info`, `process.env.X`. A call is `()`, an
    /// element `[]`; an instance is written like its class.
    Outside(String),
    /// Another file of the project that is not linked: the specifier, and the exported name with what
    /// is reached from it.
    Import(String, String),
    /// A function of the program.
    Function(FnKey),
    /// A class of the program.
    Class(FileId, ClassId),
    /// An instance of a class of the program.
    Instance(FileId, ClassId),
    /// An object or array literal.
    Literal(ExprKey),
    /// All that a file of the program exports: `import * as x`, `import("x")`.
    Module(FileId),
    /// Something reached from a parameter: `.client.users.info` of parameter 0.
    Param {
        /// The function.
        function: FnKey,
        /// Which parameter, from 0.
        index: u16,
        /// What is reached from it; empty for the parameter itself.
        path: String,
    },
    /// A constant, or something that cannot be followed.
    Unknown,
}

/// Where the search stands.
#[derive(Clone)]
pub(super) enum Cursor {
    Expr(FileId, ExprId),
    Type(FileId, TypeId),
    At(Origin),
}

pub(super) struct Search<'a> {
    pub(super) program: &'a Program,
    /// What is still to be reached from the cursor, last first.
    pub(super) rest: Vec<Hop>,
    hops: u32,
    /// Where to go on when the first way of a choice leads nowhere.
    otherwise: Vec<(Cursor, Vec<Hop>)>,
}

impl Program {
    /// Where the value of an expression comes from.
    pub fn origin(&self, file: FileId, expr: ExprId) -> Origin {
        Search::new(self).run(Cursor::Expr(file, expr))
    }

    /// Where what is reached from an expression by a path comes from.
    pub(super) fn origin_along(&self, file: FileId, expr: ExprId, path: &str) -> Origin {
        Search { rest: parse_path(path), ..Search::new(self) }.run(Cursor::Expr(file, expr))
    }

    /// Where the value of a binding comes from.
    pub fn origin_of_binding(&self, file: FileId, binding: BindingId) -> Origin {
        let mut search = Search::new(self);
        let start = search.binding(file, binding);
        search.run(start)
    }

    /// What is known of a handler's parameter.
    fn known_parameter(&self, function: FnKey, index: u16, path: &str) -> Option<Origin> {
        let known = self.parameters.get(&function)?.get(&(index, path.to_owned()))?;
        Some(Origin::Outside(known.clone()))
    }

    /// What is reached from `origin` by a path such as `.users.info` or `.get().x`.
    pub fn reach(&self, origin: Origin, path: &str) -> Origin {
        let rest = parse_path(path);
        Search { rest, ..Search::new(self) }.run(Cursor::At(origin))
    }

    /// The value with which a binding begins, if it is one expression without steps into it.
    pub fn value_of(&self, file: FileId, binding: BindingId) -> Option<ExprId> {
        let source = self.module(file).binding(binding).source?;
        match source.of {
            SourceOf::Expr(value) if source.steps.is_empty() => Some(value),
            _ => None,
        }
    }
}

impl<'a> Search<'a> {
    pub(super) fn new(program: &'a Program) -> Self {
        Self { program, rest: Vec::new(), hops: 0, otherwise: Vec::new() }
    }

    /// What a type names, if that can be followed.
    pub(super) fn type_only(self, file: FileId, ty: TypeId) -> Option<Origin> {
        match self.run(Cursor::Type(file, ty)) {
            Origin::Unknown => None,
            origin => Some(origin),
        }
    }

    fn run(mut self, start: Cursor) -> Origin {
        let mut cursor = start;
        loop {
            self.hops += 1;
            if self.hops > HOPS {
                return Origin::Unknown;
            }
            let next = match cursor {
                Cursor::Expr(file, expr) => self.expr(file, expr),
                Cursor::Type(file, ty) => self.type_step(file, ty).unwrap_or(Cursor::At(Origin::Unknown)),
                Cursor::At(origin) => {
                    if self.rest.is_empty() && !matches!(origin, Origin::Unknown) {
                        return origin;
                    }
                    match self.reach(origin) {
                        Some(cursor) => cursor,
                        None => match self.otherwise.pop() {
                            Some((cursor, rest)) => {
                                self.rest = rest;
                                cursor
                            }
                            None => return Origin::Unknown,
                        },
                    }
                }
            };
            cursor = next;
        }
    }

    /// One step from an expression towards its source.
    fn expr(&mut self, file: FileId, expr: ExprId) -> Cursor {
        let module = self.program.module(file);
        match module.expr(expr) {
            Expr::Read(binding) => self.binding(file, binding),
            Expr::Global(name) | Expr::Meta(name) => Cursor::At(Origin::Outside(module.name(name).to_owned())),
            Expr::This => self.this(file, expr),
            Expr::Super => self.super_class(file, expr),
            Expr::Member { of, name } => {
                self.rest.push(Hop::Key(module.name(name).to_owned()));
                Cursor::Expr(file, of)
            }
            Expr::Index { of, .. } => {
                self.rest.push(Hop::Element);
                Cursor::Expr(file, of)
            }
            Expr::OptionalLink(value) | Expr::Chain(value) | Expr::Await(value) | Expr::Assign { value, .. } => {
                Cursor::Expr(file, value)
            }
            Expr::Cast { value, ty } => self.first(Cursor::Type(file, ty), Cursor::Expr(file, value)),
            Expr::Call { callee, args } => {
                if let Some(required) = self.import_call(file, expr) {
                    return required;
                }
                if let [first, ..] = module.list(args)
                    && matches!(module.expr(first.value), Expr::Closure(_) | Expr::Read(_))
                    && self.program.hands_back(file, callee)
                {
                    return Cursor::Expr(file, first.value);
                }
                self.rest.push(Hop::Call);
                Cursor::Expr(file, callee)
            }
            Expr::New { callee, .. } => {
                self.rest.push(Hop::New);
                Cursor::Expr(file, callee)
            }
            Expr::ImportCall(_) => self.import_call(file, expr).unwrap_or(Cursor::At(Origin::Unknown)),
            Expr::Logic { op, left, right } => {
                let (first, second) = if op == LogicOp::And { (right, left) } else { (left, right) };
                if op == LogicOp::And {
                    Cursor::Expr(file, first)
                } else {
                    self.first(Cursor::Expr(file, first), Cursor::Expr(file, second))
                }
            }
            Expr::Choose { yes, no, .. } => self.first(Cursor::Expr(file, yes), Cursor::Expr(file, no)),
            Expr::Comma(parts) => match module.list(parts).last() {
                Some(last) => Cursor::Expr(file, *last),
                None => Cursor::At(Origin::Unknown),
            },
            Expr::Object(_) | Expr::Array(_) => Cursor::At(Origin::Literal(ExprKey { file, expr })),
            Expr::Closure(function) => Cursor::At(Origin::Function(FnKey { file, function })),
            Expr::Class(class) => Cursor::At(Origin::Class(file, class)),
            _ => Cursor::At(Origin::Unknown),
        }
    }

    pub(super) fn binding(&mut self, file: FileId, id: BindingId) -> Cursor {
        use crate::syntax::BindingKind as Kind;
        let module = self.program.module(file);
        let binding = module.binding(id);
        match binding.kind {
            Kind::Import => return self.imported(file, id),
            Kind::Function(function) => return Cursor::At(Origin::Function(FnKey { file, function })),
            Kind::Class(class) => return Cursor::At(Origin::Class(file, class)),
            Kind::Type | Kind::Enum | Kind::Namespace => return Cursor::At(Origin::Unknown),
            Kind::Var | Kind::Let | Kind::Const | Kind::Param | Kind::Catch => {}
        }
        // `let x: T | null = null` waits for its value just as `let x: T` does. A function in such a
        // place is a matter of when it is called, so only what has members is followed.
        let source = binding.source.filter(|source| self.rest.is_empty() || !is_nothing(module, *source));
        let value = match (source, self.program.file(file).facts.only_assignment(id)) {
            (Some(source), _) => self.sourced(file, binding.owner, source),
            (None, Some(value)) => (Cursor::Expr(file, value), self.rest.clone()),
            (None, None) => (Cursor::At(Origin::Unknown), Vec::new()),
        };
        // A list that is made here has the methods of lists, whoever declared what goes into it.
        let is_list = matches!(value.0, Cursor::Expr(_, made) if matches!(module.expr(made), Expr::Array(_)));
        if let Some(ty) = binding.ty.filter(|_| !(is_list && matches!(self.rest.last(), Some(Hop::Key(_))))) {
            self.otherwise.push(value);
            return Cursor::Type(file, ty);
        }
        self.rest = value.1;
        value.0
    }

    /// Tries one way first, and the other if it leads nowhere.
    fn first(&mut self, first: Cursor, second: Cursor) -> Cursor {
        self.otherwise.push((second, self.rest.clone()));
        first
    }

    /// The root of a declared value, and what is then still to be reached.
    fn sourced(&self, file: FileId, owner: FnId, source: Source) -> (Cursor, Vec<Hop>) {
        let module = self.program.module(file);
        let mut rest = self.rest.clone();
        let steps = module.list(source.steps);
        // `const [a, b] = [x, y]` and `= await Promise.all([x, y])`: the element is at hand.
        if let (SourceOf::Expr(value), Some(Step::Index(at))) = (source.of, steps.first())
            && let Some(element) = self.program.element(file, value, *at)
        {
            push_steps(module, &steps[1..], &mut rest);
            return (Cursor::Expr(file, element), rest);
        }
        push_steps(module, steps, &mut rest);
        let cursor = match source.of {
            SourceOf::Expr(value) => Cursor::Expr(file, value),
            SourceOf::Param(index) => return self.param(file, owner, index, rest),
            SourceOf::Element(value) | SourceOf::AwaitedElement(value) => {
                rest.push(Hop::Element);
                Cursor::Expr(file, value)
            }
            SourceOf::KeyOf(_) | SourceOf::Caught => Cursor::At(Origin::Unknown),
        };
        (cursor, rest)
    }

    /// A parameter: its declared type if that can be followed, else the parameter itself.
    fn param(&self, file: FileId, function: FnId, index: u16, rest: Vec<Hop>) -> (Cursor, Vec<Hop>) {
        let declared = self.program.module(file).function(function).params.get(index as usize).and_then(|p| p.ty);
        if let Some(ty) = declared {
            let typed =
                Search { program: self.program, rest: rest.clone(), hops: self.hops + 1, otherwise: Vec::new() };
            if let Some(origin) = typed.type_only(file, ty) {
                return (Cursor::At(origin), Vec::new());
            }
        }
        let function = FnKey { file, function };
        let known = self.program.known_parameter(function, index, "");
        (Cursor::At(known.unwrap_or(Origin::Param { function, index, path: String::new() })), rest)
    }

    /// The function that gives `this` its meaning here.
    fn this_owner(&self, file: FileId, expr: ExprId) -> FnId {
        let module = self.program.module(file);
        let mut function = self.program.file(file).parents.function(visit::Node::Expr(expr));
        while module.function(function).kind == FnKind::Arrow {
            let Some(parent) = module.function(function).parent else { break };
            function = parent;
        }
        function
    }

    fn this(&self, file: FileId, expr: ExprId) -> Cursor {
        let owner = self.this_owner(file, expr);
        let module = self.program.module(file);
        if let Some(class) = module.function(owner).class {
            let is_static = module.list(module.class(class).members).iter().any(|member| {
                member.is_static
                    && matches!(member.kind, MemberKind::Method(f) | MemberKind::Field(f) | MemberKind::StaticBlock(f) if f == owner)
            });
            return Cursor::At(if is_static { Origin::Class(file, class) } else { Origin::Instance(file, class) });
        }
        match self.program.file(file).facts.object_of_method(owner) {
            Some(object) => Cursor::At(Origin::Literal(ExprKey { file, expr: object })),
            None => Cursor::At(Origin::Unknown),
        }
    }

    fn super_class(&mut self, file: FileId, expr: ExprId) -> Cursor {
        let module = self.program.module(file);
        let class = module.function(self.this_owner(file, expr)).class;
        match class.and_then(|class| module.class(class).extends) {
            Some(extends) => {
                self.rest.push(Hop::New);
                Cursor::Expr(file, extends)
            }
            None => Cursor::At(Origin::Unknown),
        }
    }

    /// One step from a resolved value along what is still to be reached.
    fn reach(&mut self, origin: Origin) -> Option<Cursor> {
        if matches!(origin, Origin::Unknown) {
            return None;
        }
        let hop = self.rest.pop()?;
        if hop == Hop::New {
            // An instance is written like its class, so `new` leaves no trace but on our own classes.
            return Some(Cursor::At(match origin {
                Origin::Class(file, class) => Origin::Instance(file, class),
                origin => origin,
            }));
        }
        match origin {
            Origin::Outside(text) => {
                let longer = extend(&text, &hop);
                let better = self.program.models.alias(&longer).unwrap_or(longer);
                Some(Cursor::At(Origin::Outside(better)))
            }
            Origin::Import(from, name) => Some(Cursor::At(Origin::Import(
                from,
                if name.is_empty() { hop_name(&hop) } else { extend(&name, &hop) },
            ))),
            Origin::Param { function, index, path } => {
                let path = extend(&path, &hop);
                let known = self.program.known_parameter(function, index, &path);
                Some(Cursor::At(known.unwrap_or(Origin::Param { function, index, path })))
            }
            Origin::Function(key) => match hop {
                Hop::Call => self.returned(key),
                Hop::Key(name) if name == "bind" => {
                    if self.rest.last() == Some(&Hop::Call) {
                        self.rest.pop();
                    }
                    Some(Cursor::At(Origin::Function(key)))
                }
                Hop::Key(_) | Hop::Element | Hop::New => None,
            },
            Origin::Class(file, class) => match hop {
                Hop::Key(name) => self.member(file, class, &name, true),
                Hop::Call | Hop::Element | Hop::New => None,
            },
            Origin::Instance(file, class) => match hop {
                Hop::Key(name) => self.member(file, class, &name, false),
                Hop::Call | Hop::Element | Hop::New => None,
            },
            Origin::Literal(key) => self.literal(key, &hop),
            Origin::Module(file) => self.of_module(file, hop),
            Origin::Unknown => None,
        }
    }

    /// What a simple function returns: its only returned expression, or its declared type.
    fn returned(&mut self, key: FnKey) -> Option<Cursor> {
        let function = self.program.module(key.file).function(key.function);
        let value = match function.body {
            Body::Expr(value) => Some(value),
            Body::Block(_) => self.program.file(key.file).facts.only_return(key.function),
            Body::None => None,
        };
        let value = value.map(|value| Cursor::Expr(key.file, value));
        self.typed(key.file, function.returns, value)
    }

    /// By the declared type first, then by the value.
    fn typed(&mut self, file: FileId, ty: Option<TypeId>, value: Option<Cursor>) -> Option<Cursor> {
        match (ty, value) {
            (Some(ty), Some(value)) => Some(self.first(Cursor::Type(file, ty), value)),
            (Some(ty), None) => Some(Cursor::Type(file, ty)),
            (None, value) => value,
        }
    }

    fn member(&mut self, file: FileId, class: ClassId, name: &str, is_static: bool) -> Option<Cursor> {
        let module = self.program.module(file);
        let found = visit::named_members(module, class)
            .filter(|(known, member)| *known == name && member.is_static == is_static)
            .map(|(_, member)| *member)
            // A getter and a setter share their name; the last declaration with a body counts.
            .filter(|member| match member.kind {
                MemberKind::Method(f) => {
                    module.function(f).kind != FnKind::Setter && module.function(f).body != Body::None
                }
                _ => true,
            })
            .last();
        let Some(member) = found else {
            if let Some(value) = self.program.file(file).facts.field_assignment(class, name) {
                return Some(Cursor::Expr(file, value));
            }
            let extends = module.class(class).extends?;
            self.rest.push(Hop::Key(name.to_owned()));
            if !is_static {
                self.rest.push(Hop::New);
            }
            return Some(Cursor::Expr(file, extends));
        };
        let value = match member.kind {
            MemberKind::Method(function) if module.function(function).kind == FnKind::Getter => {
                return self.returned(FnKey { file, function });
            }
            MemberKind::Method(function) => Some(Cursor::At(Origin::Function(FnKey { file, function }))),
            MemberKind::Field(function) => match module.function(function).body {
                Body::Expr(value) => Some(Cursor::Expr(file, value)),
                Body::Block(_) | Body::None => None,
            },
            MemberKind::Declared => match self.program.file(file).facts.field_assignment(class, name) {
                Some(value) => Some(Cursor::Expr(file, value)),
                None => self.parameter_property(file, class, name),
            },
            MemberKind::StaticBlock(_) => None,
        };
        self.typed(file, member.ty, value)
    }

    fn parameter_property(&self, file: FileId, class: ClassId, name: &str) -> Option<Cursor> {
        let module = self.program.module(file);
        let function = module.list(module.class(class).members).iter().find_map(|member| match member.kind {
            MemberKind::Method(f) if module.function(f).kind == FnKind::Constructor => Some(f),
            _ => None,
        })?;
        let is_it = |param: &crate::syntax::Param| param.field.is_some_and(|field| module.name(field) == name);
        let index = module.function(function).params.iter().position(is_it)? as u16;
        Some(Cursor::At(Origin::Param { function: FnKey { file, function }, index, path: String::new() }))
    }

    fn literal(&mut self, key: ExprKey, hop: &Hop) -> Option<Cursor> {
        let module = self.program.module(key.file);
        match (module.expr(key.expr), hop) {
            (Expr::Object(fields), Hop::Key(name)) => {
                let fields = module.list(fields);
                let named = |wanted: &str| {
                    fields.iter().rev().find(|field| {
                        field.kind != FieldKind::Set
                            && matches!(field.key, Key::Name(key) if module.name(key) == wanted)
                    })
                };
                match named(name) {
                    Some(field) if field.kind == FieldKind::Get => match module.expr(field.value) {
                        Expr::Closure(function) => self.returned(FnKey { file: key.file, function }),
                        _ => None,
                    },
                    Some(field) => Some(Cursor::Expr(key.file, field.value)),
                    None => None,
                }
            }
            (Expr::Array(items), Hop::Element) => match module.list(items) {
                [Item::Value(only)] => Some(Cursor::Expr(key.file, *only)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Whether a variable begins with `null` or `undefined`.
fn is_nothing(module: &Module, source: Source) -> bool {
    let SourceOf::Expr(value) = source.of else { return false };
    source.steps.is_empty() && matches!(module.expr(value), Expr::Null | Expr::Undefined)
}

/// What a specifier and a name stand for where no loaded file does.
pub(super) fn import(program: &Program, file: FileId, from: &str, name: &str) -> Origin {
    match package_of(from) {
        Some(package) if !program.models.is_own(package) && !program.links.is_own(file, from) => {
            let text = format!("{from}#{name}");
            Origin::Outside(program.models.alias(&text).unwrap_or(text))
        }
        _ => Origin::Import(from.to_owned(), name.to_owned()),
    }
}
