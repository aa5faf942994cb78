//! The machine: sees nodes in the order of the text and keeps the values of finished children on a stack.
//!
//! In: a text, and its nodes as one of the readers comes to them. Out: the module. `enter` opens what a
//! node needs before its children (scopes, functions), `leave` hands the children's parts to the module
//! that knows the node's kind.

use super::kind::{Kind, Slot};
use super::literal;
use super::repair::Note;
use super::scope::Scopes;
use super::value::{Declarator, Frame, Leaf, OpenFunction, Part, Value};
use crate::limits::SYNTAX_DEPTH;
use crate::syntax::{
    Builder, ClassId, Dialect, Expr, ExprId, FnId, Lost, LostWhy, Module, Name, Stmt, StmtId, Type, TypeId,
};
use crate::text::Span;

/// Values that are too large for the stack.
#[derive(Default)]
pub(super) struct Heap {
    pub(super) stmts: Vec<Vec<StmtId>>,
    pub(super) patterns: Vec<Vec<Leaf>>,
    pub(super) declarators: Vec<Vec<Declarator>>,
    pub(super) types: Vec<Vec<TypeId>>,
    pub(super) imports: Vec<Vec<Part>>,
}

/// The state of one lowering.
pub(super) struct Lowering<'t> {
    pub(super) text: &'t str,
    pub(super) b: Builder,
    pub(super) scopes: Scopes,
    pub(super) heap: Heap,
    pub(super) functions: Vec<OpenFunction>,
    pub(super) classes: Vec<(ClassId, Vec<crate::syntax::Member>)>,
    pub(super) frames: Vec<Frame>,
    /// How many namespaces and ambient modules are open: their exports are not the file's.
    pub(super) namespaces: u32,
    pub(super) outside: super::outside::Pending,
    /// The text of the name of the function that was completed last.
    pub(super) name_at: Span,
    /// Comments that are suppressions, and what they say.
    pub(super) comments: Vec<(Span, &'t str)>,
    /// What was repaired.
    notes: Vec<(Span, Note)>,
}

/// A node as a reader comes to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// Its kind.
    pub(super) kind: Kind,
    /// The field of the parent.
    pub(super) slot: Slot,
    /// Its text.
    pub(super) at: Span,
    /// Whether the text does not have it.
    pub(super) missing: bool,
    /// Whether it has no children.
    pub(super) empty: bool,
}

/// What became of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entered {
    /// Its children are to be walked, and then it is to be closed.
    Open,
    /// Its part is already there.
    Done,
    /// It is deeper than the limit, and its part is lost.
    TooDeep,
}

impl<'t> Lowering<'t> {
    /// Begins with a text.
    pub(super) fn new(text: &'t str, dialect: Dialect, mut notes: Vec<(Span, Note)>) -> Self {
        notes.sort_by_key(|(at, _)| *at);
        let mut lowering = Lowering {
            text,
            b: Builder::new(dialect),
            scopes: Scopes::new(),
            heap: Heap::default(),
            functions: Vec::new(),
            classes: Vec::new(),
            frames: Vec::new(),
            namespaces: 0,
            outside: super::outside::Pending::default(),
            name_at: Span::default(),
            comments: Vec::new(),
            notes,
        };
        lowering.open_module();
        lowering
    }
}

impl Lowering<'_> {
    /// Comes to a node that is not a comment.
    pub(super) fn enter(&mut self, node: Seen, parts: &mut Vec<Part>) -> Entered {
        let Seen { kind, slot, at, .. } = node;
        if node.missing {
            self.lost(at, LostWhy::Syntax);
            parts.push(Part { kind, slot, at, value: Value::Lost });
            return Entered::Done;
        }
        if kind == Kind::Error {
            self.lost(at, LostWhy::Syntax);
        }
        let initializer = slot == Slot::Value && self.top() == Kind::FieldDefinition;
        if let Some(value) = self.leaf(node) {
            if initializer {
                self.open_frame(kind, slot, at, parts.len(), self.depth());
                self.close_leaf(kind, slot, at, value, parts);
            } else {
                parts.push(Part { kind, slot, at, value });
            }
            return Entered::Done;
        }
        let depth = self.depth() + u32::from(!self.on_spine(kind, slot, parts));
        if depth > SYNTAX_DEPTH {
            self.lost(at, LostWhy::Depth);
            parts.push(Part { kind, slot, at, value: Value::Lost });
            return Entered::TooDeep;
        }
        self.open_frame(kind, slot, at, parts.len(), depth);
        Entered::Open
    }

    pub(super) fn top(&self) -> Kind {
        self.frames.last().map_or(Kind::Other, |frame| frame.kind)
    }

    /// The kind of the node `up` levels above the one on top.
    pub(super) fn above(&self, up: usize) -> Kind {
        self.frames.len().checked_sub(up + 1).and_then(|at| self.frames.get(at)).map_or(Kind::Other, |frame| frame.kind)
    }

    fn depth(&self) -> u32 {
        self.frames.last().map_or(0, |frame| frame.depth)
    }

    /// Whether a node continues a left spine (`a + b + c`, `a.b().c()`, `else if`): long in real code,
    /// and lowered without nesting deeper.
    fn on_spine(&self, kind: Kind, slot: Slot, parts: &[Part]) -> bool {
        let first = || self.frames.last().is_some_and(|frame| frame.mark == parts.len());
        match (self.top(), slot) {
            (Kind::Binary, Slot::Left)
            | (Kind::Member | Kind::Subscript | Kind::NestedIdentifier, Slot::Object)
            | (Kind::Call, Slot::Function)
            | (Kind::IfStatement, Slot::Alternative) => true,
            (Kind::NonNull | Kind::As | Kind::Satisfies, _) => first(),
            (Kind::UnionType | Kind::IntersectionType, _) => first() && kind == self.top(),
            (Kind::ElseClause, _) => kind == Kind::IfStatement,
            _ => false,
        }
    }

    fn open_frame(&mut self, kind: Kind, slot: Slot, at: Span, mark: usize, depth: u32) {
        let in_class = self.top() == Kind::ClassBody;
        let initializer = slot == Slot::Value && self.top() == Kind::FieldDefinition;
        let mut frame =
            Frame { kind, slot, at, mark, depth, scope: self.scopes.current, function: false, initializer, in_class };
        if initializer {
            self.open_initializer(at);
        }
        self.open(&mut frame);
        self.frames.push(frame);
    }

    fn close_leaf(&mut self, kind: Kind, slot: Slot, at: Span, value: Value, parts: &mut Vec<Part>) {
        let Some(frame) = self.frames.pop() else { return };
        let part = Part { kind, slot, at, value };
        let value = self.close_initializer(part);
        self.scopes.current = frame.scope;
        parts.push(Part { value, ..part });
    }

    /// Leaves the node on top of the stack.
    pub(super) fn close(&mut self, parts: &mut Vec<Part>) {
        let Some(frame) = self.frames.last().copied() else { return };
        let value = self.leave(&frame, &parts[frame.mark..]);
        parts.truncate(frame.mark);
        self.frames.pop();
        let part = Part { kind: frame.kind, slot: frame.slot, at: frame.at, value };
        let value = if frame.initializer { self.close_initializer(part) } else { value };
        self.scopes.current = frame.scope;
        let value = self.after(&frame, value);
        parts.push(Part { value, ..part });
    }

    /// The value of a node that has no children of interest.
    fn leaf(&mut self, node: Seen) -> Option<Value> {
        let Seen { kind, slot, at, .. } = node;
        if self.skipped(kind, slot) {
            return Some(if is_type(kind) { Value::Type(self.b.ty(Type::Other)) } else { Value::None });
        }
        let text = at.of(self.text);
        Some(match kind {
            Kind::Identifier | Kind::Shorthand | Kind::ShorthandPattern | Kind::StatementIdentifier => {
                Value::Ident(self.b.name(text))
            }
            Kind::PropertyIdentifier | Kind::PrivateIdentifier => {
                Value::Key(crate::syntax::Key::Name(self.b.name(text)))
            }
            Kind::TypeIdentifier => Value::TypeName(self.b.name(text)),
            Kind::Str => {
                let cooked = literal::cook(text.get(1..text.len().saturating_sub(1)).unwrap_or(""));
                Value::Text(self.b.name(&cooked))
            }
            Kind::Number => {
                let number = self.b.number(literal::number(text));
                self.out(Expr::Number(number), at)
            }
            Kind::This => self.out(Expr::This, at),
            Kind::Super => self.out(Expr::Super, at),
            Kind::Undefined => self.out(Expr::Undefined, at),
            Kind::Null => self.out(Expr::Null, at),
            Kind::True => self.out(Expr::Bool(true), at),
            Kind::False => self.out(Expr::Bool(false), at),
            Kind::Regex => self.out(Expr::Regex, at),
            Kind::MetaProperty => {
                let name = self.b.name(text);
                self.out(Expr::Meta(name), at)
            }
            Kind::PredefinedType | Kind::LiteralType => Value::Type(self.simple_type(kind, text)),
            Kind::NestedTypeIdentifier => Value::Type(self.named_type(text)),
            _ if node.empty && !has_value_when_empty(kind) => Value::None,
            _ => return None,
        })
    }

    /// What is not lowered: it holds nothing that is read.
    fn skipped(&self, kind: Kind, slot: Slot) -> bool {
        match kind {
            Kind::JsxClosing
            | Kind::ImportAttribute
            | Kind::TupleType
            | Kind::ConditionalType
            | Kind::TemplateType
            | Kind::IndexTypeQuery
            | Kind::InferType
            | Kind::ConstructorType
            | Kind::AssertsAnnotation
            | Kind::Asserts
            | Kind::FlowMaybe
            | Kind::IndexSignature
            | Kind::CallSignature
            | Kind::ConstructSignature => true,
            Kind::FormalParameters => match self.top() {
                Kind::FunctionType => true,
                Kind::MethodSignature => self.above(1) != Kind::ClassBody,
                _ => false,
            },
            Kind::TypeArguments => matches!(
                self.top(),
                Kind::Call
                    | Kind::New
                    | Kind::Instantiation
                    | Kind::ExtendsClause
                    | Kind::JsxOpening
                    | Kind::JsxSelfClosing
            ),
            Kind::Identifier | Kind::NestedIdentifier | Kind::Str => {
                slot == Slot::Name && matches!(self.top(), Kind::Module | Kind::InternalModule)
            }
            _ => false,
        }
    }

    /// Adds an expression.
    pub(super) fn out(&mut self, expr: Expr, at: Span) -> Value {
        Value::Expr(self.b.expr(expr, at))
    }

    /// The expression of a part; an optional chain ends here.
    pub(super) fn expr(&mut self, part: Part) -> ExprId {
        match part.value {
            Value::Expr(id) | Value::Decorator(id) | Value::Spread(id) => id,
            Value::Open(id) => {
                let at = self.b.module.expr_at[id.index()];
                self.b.expr(Expr::Chain(id), at)
            }
            Value::Ident(name) => {
                let id = self.b.expr(Expr::Global(name), part.at);
                self.scopes.read(id, name);
                id
            }
            Value::Text(name) | Value::Key(crate::syntax::Key::Name(name)) => self.b.expr(Expr::Text(name), part.at),
            Value::Pattern(index) => self.assigned_pattern(index, part.at),
            Value::None if is_type(part.kind) => self.b.expr(Expr::Undefined, part.at),
            _ => self.b.expr(Expr::Lost, part.at),
        }
    }

    /// The statement of a part.
    pub(super) fn stmt(&mut self, part: Part) -> StmtId {
        match part.value {
            Value::Stmt(id) | Value::Declared(id, _) => id,
            Value::Many(index) => {
                let stmts = std::mem::take(&mut self.heap.stmts[index as usize]);
                let list = self.b.list(stmts);
                self.b.stmt(Stmt::Block(list), part.at)
            }
            _ => self.b.stmt(Stmt::Lost, part.at),
        }
    }

    /// The statement list of parts, in order.
    pub(super) fn stmts(&mut self, parts: &[Part]) -> Vec<StmtId> {
        let mut stmts = Vec::new();
        for part in parts {
            match part.value {
                Value::Stmt(id) | Value::Declared(id, _) => stmts.push(id),
                Value::Many(index) => stmts.append(&mut self.heap.stmts[index as usize]),
                Value::Error(index) => {
                    stmts.push(self.b.stmt(Stmt::Lost, part.at));
                    stmts.append(&mut self.heap.stmts[index as usize]);
                }
                Value::Lost if part.at.start < part.at.end => stmts.push(self.b.stmt(Stmt::Lost, part.at)),
                _ => {}
            }
        }
        stmts
    }

    /// The type of a part.
    pub(super) fn ty(&mut self, part: Part) -> TypeId {
        match part.value {
            Value::Type(id) => id,
            Value::TypeName(name) => {
                let path = self.b.list([name]);
                self.type_path(path, crate::syntax::List::EMPTY)
            }
            Value::Union(index) => {
                let types = std::mem::take(&mut self.heap.types[index as usize]);
                let list = self.b.list(types);
                self.b.ty(Type::Union(list))
            }
            Value::Expr(value) => self.import_type(value),
            _ => self.b.ty(Type::Other),
        }
    }

    /// The text under a span as a name.
    pub(super) fn name_at(&mut self, at: Span) -> Name {
        self.b.name(at.of(self.text))
    }

    /// Notes a region that is not understood.
    pub(super) fn lost(&mut self, at: Span, why: LostWhy) {
        self.b.module.lost.push(Lost { at, why });
    }

    /// The function that is being lowered.
    pub(super) fn owner(&self) -> FnId {
        self.functions.last().map_or(FnId(0), |function| function.id)
    }

    /// Notes what the reader has put right in a region; regions come in the order of the text.
    pub(super) fn note(&mut self, at: Span, note: Note) {
        self.notes.push((at, note));
    }

    /// What was repaired in a region.
    pub(super) fn repaired(&self, at: Span) -> Option<Note> {
        let first = self.notes.partition_point(|(note, _)| note.start < at.start);
        self.notes.get(first).filter(|(note, _)| at.contains(*note)).map(|(_, note)| *note)
    }

    /// The module, once all nodes were seen.
    pub(super) fn finish(mut self) -> Module {
        for (at, note) in std::mem::take(&mut self.notes) {
            if note == Note::Call {
                self.lost(at, LostWhy::Blanked);
            }
        }
        self.suppressions();
        self.scopes.resolve(&mut self.b);
        self.resolve_outside();
        // What was decided late still stands in the order of the text.
        self.b.module.imports.sort_by_key(|import| import.at.start);
        self.b.module.exports.sort_by_key(|export| export.at.start);
        self.b.module.directives.sort_by_key(|directive| directive.at.start);
        let mut lost = std::mem::take(&mut self.b.module.lost);
        lost.sort_by_key(|lost| (lost.at, lost.why != LostWhy::Syntax));
        let mut merged: Vec<Lost> = Vec::new();
        for next in lost {
            match merged.last_mut() {
                Some(before) if before.why == next.why && self.touches(before.at, next.at) => {
                    before.at.end = before.at.end.max(next.at.end);
                }
                _ => merged.push(next),
            }
        }
        self.b.module.lost = merged;
        self.b.module
    }

    fn touches(&self, left: Span, right: Span) -> bool {
        right.start <= left.end || Span::new(left.end, right.start).of(self.text).trim().is_empty()
    }
}

/// Whether a kind stands for a type.
pub(super) fn is_type(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::TupleType
            | Kind::ConditionalType
            | Kind::TemplateType
            | Kind::IndexTypeQuery
            | Kind::InferType
            | Kind::ConstructorType
            | Kind::FlowMaybe
            | Kind::ThisType
    )
}

/// Nodes that mean something even without children.
fn has_value_when_empty(kind: Kind) -> bool {
    matches!(kind, Kind::Program | Kind::Error | Kind::EmptyStatement | Kind::DebuggerStatement | Kind::ThisType)
}
