//! Building [`Refs`]: one pass over the declarations of a module, one over its expressions and types.
//!
//! In: a lowered module. Out: the declarations with what they use.

use super::place::Places;
use super::{ALL, CONSTRUCTOR, FILE, Like, Node, Refs, Shown, Wanted, What, with_member};
use crate::program::links::imported_at;
use crate::syntax::{
    BindingId, BindingKind, Body, ClassId, Exported, Expr, ExprId, FnId, FnKind, Imported, Item, Key, MemberKind,
    Module, SourceOf, Step, Type, TypeId,
};
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Names that stand for one another, one after the other.
const ALIASES: usize = 4;

pub(super) fn build(module: &Module) -> Refs {
    let mut builder = Builder {
        module,
        nodes: vec![Node::default()],
        spans: Vec::new(),
        owners: FxHashMap::default(),
        of_binding: FxHashMap::default(),
        of_class: BTreeMap::new(),
        made: FxHashSet::default(),
        places: Places::default(),
        imports: FxHashMap::default(),
        gives: FxHashMap::default(),
    };
    builder.imports = module.imports.iter().rev().filter_map(|import| Some((import.binding?, import))).collect();
    let exports = builder.declare();
    builder.places = Places::new(std::mem::take(&mut builder.spans));
    builder.values();
    builder.types();
    let mut refs = Refs { nodes: builder.nodes, places: builder.places, exports };
    finish(&mut refs);
    refs
}

/// Steps from node to node, and wants of members that only other files have.
fn finish(refs: &mut Refs) {
    let mut all = Vec::with_capacity(refs.nodes.len());
    for node in &refs.nodes {
        let (mut next, mut wanted) = (Vec::new(), Vec::new());
        for (at, member) in &node.own {
            let (targets, more) = refs.targets(*at, member.as_deref());
            next.extend(targets);
            wanted.extend(more);
        }
        next.sort_unstable();
        next.dedup();
        all.push((next, wanted));
    }
    for (node, (next, wanted)) in refs.nodes.iter_mut().zip(all) {
        node.next = next;
        node.wanted.extend(wanted);
    }
}

struct Builder<'m> {
    module: &'m Module,
    nodes: Vec<Node>,
    spans: Vec<(Span, usize)>,
    /// The class or object that a method belongs to.
    owners: FxHashMap<usize, usize>,
    of_binding: FxHashMap<BindingId, usize>,
    of_class: BTreeMap<ClassId, usize>,
    /// Names of classes where an instance is made or a class is derived: only the constructor is meant.
    made: FxHashSet<ExprId>,
    places: Places,
    imports: FxHashMap<BindingId, &'m crate::syntax::Import>,
    /// What the `import("x")` at an expression is used for.
    gives: FxHashMap<ExprId, Vec<String>>,
}

impl<'m> Builder<'m> {
    fn declare(&mut self) -> Vec<Shown> {
        let module = self.module;
        for (at, binding) in module.bindings.iter().enumerate() {
            if binding.owner != FnId(0) || binding.kind == BindingKind::Import {
                continue;
            }
            let node = self.node(None, module.name(binding.name));
            self.of_binding.insert(BindingId(at as u32), node);
            match (binding.kind, binding.source.map(|source| source.of)) {
                (BindingKind::Function(function), _) => {
                    self.nodes[node].is_function = true;
                    self.spans.push((module.function(function).at, node));
                }
                (BindingKind::Class(class), _) => {
                    self.spans.push((module.class(class).at, node));
                    self.class(node, class);
                }
                (_, Some(SourceOf::Expr(value))) => self.spans.push((module.expr_span(value), node)),
                _ => {}
            }
        }
        for (at, binding) in module.bindings.iter().enumerate() {
            // What a constant stands for is asked once all of them are there.
            let source = binding.source.filter(|source| source.steps.is_empty());
            if let (Some(SourceOf::Expr(value)), Some(node)) =
                (source.map(|source| source.of), self.of_binding.get(&BindingId(at as u32)).copied())
            {
                self.describe(node, value);
            }
        }
        let mut shown = Vec::new();
        for export in &module.exports {
            let what = match export.what {
                Exported::Value(value) => {
                    let node = self.node(None, export.name.map_or("", |name| module.name(name)));
                    self.spans.push((module.expr_span(value), node));
                    self.describe(node, value);
                    What::Own(node)
                }
                Exported::From { from, name } => What::Other((self.text(from), self.text(name))),
                Exported::AllFrom(from) => What::Other((self.text(from), ALL.to_owned())),
                Exported::Binding(binding) => match self.of_binding.get(&binding) {
                    Some(node) => What::Own(*node),
                    None => self.imported(binding, None).map_or(What::Nothing, What::Other),
                },
            };
            shown.push(Shown { name: export.name.map(|name| self.text(name)), what });
        }
        for (class, at) in self.of_class.clone() {
            let Some(extends) = module.class(class).extends else { continue };
            if let Expr::Read(base) = module.expr(extends) {
                self.made.insert(extends);
                self.nodes[at].like = self.like(base).filter(|like| *like != Like::Own(at));
            }
        }
        shown
    }

    fn text(&self, name: crate::syntax::Name) -> String {
        self.module.name(name).to_owned()
    }

    fn node(&mut self, owner: Option<usize>, name: &str) -> usize {
        let name = match owner {
            Some(owner) => with_member(&self.nodes[owner].name, Some(name)).into(),
            None => name.into(),
        };
        self.nodes.push(Node { name, ..Node::default() });
        let at = self.nodes.len() - 1;
        self.owners.extend(owner.map(|owner| (at, owner)));
        at
    }

    fn member(&mut self, owner: usize, name: &str, place: Span) {
        let at = self.node(Some(owner), name);
        self.nodes[at].is_function = true;
        self.nodes[owner].members.entry(name.into()).or_default().push(at);
        self.spans.push((place, at));
    }

    fn class(&mut self, node: usize, class: ClassId) {
        let module = self.module;
        self.of_class.insert(class, node);
        for member in module.list(module.class(class).members) {
            let Key::Name(name) = member.key else { continue };
            let is_method = match member.kind {
                MemberKind::Method(function) => module.function(function).kind != FnKind::Constructor,
                MemberKind::Field(function) => match module.function(function).body {
                    Body::Expr(value) => matches!(module.expr(value), Expr::Closure(_)),
                    Body::Block(_) | Body::None => false,
                },
                MemberKind::Declared | MemberKind::StaticBlock(_) => false,
            };
            if is_method {
                self.member(node, module.name(name), member.at);
            }
        }
    }

    /// What a value says of the declaration that has it.
    fn describe(&mut self, node: usize, value: ExprId) {
        let module = self.module;
        let value = module.awaited(value);
        match module.expr(value) {
            Expr::Closure(_) => self.nodes[node].is_function = true,
            Expr::Class(class) => self.class(node, class),
            Expr::Object(fields) => {
                for field in module.list(fields) {
                    if let (Key::Name(name), Expr::Closure(_)) = (field.key, module.expr(field.value)) {
                        self.member(node, module.name(name), field.at);
                    }
                }
            }
            Expr::New { callee, .. } => {
                if let Expr::Read(class) = module.expr(callee) {
                    self.made.insert(callee);
                    self.nodes[node].like = self.like(class).filter(|like| *like != Like::Own(node));
                }
            }
            Expr::Call { callee, .. } => {
                // `Service.instance()` gives a `Service`, or else what that method makes.
                if let Expr::Member { of, .. } = module.expr(callee)
                    && let Expr::Read(class) = module.expr(of)
                {
                    self.nodes[node].like = self.like(class).filter(|like| *like != Like::Own(node));
                }
                self.defer(value);
            }
            _ => {}
        }
    }

    /// Of the functions that are handed to a call, only those count that it was given as such: a
    /// function deep inside a description (`column().references(() => other.id)`) belongs to nobody who
    /// uses what the call makes.
    fn defer(&mut self, value: ExprId) {
        let module = self.module;
        let mut kept: FxHashSet<FnId> = FxHashSet::default();
        let mut stack = vec![value];
        while let Some(at) = stack.pop() {
            match module.expr(at) {
                Expr::Call { callee, args } | Expr::New { callee, args } => {
                    if let Expr::Member { of, .. } = module.expr(callee) {
                        stack.push(of);
                    }
                    stack.extend(module.list(args).iter().map(|arg| arg.value));
                }
                Expr::Closure(function) => _ = kept.insert(function),
                Expr::Cast { value, .. } | Expr::Await(value) => stack.push(value),
                Expr::Object(fields) => {
                    let closures = module.list(fields).iter().filter_map(|field| closure(module, field.value));
                    kept.extend(closures);
                }
                Expr::Array(items) => {
                    let closures = module.list(items).iter().filter_map(|item| match item {
                        Item::Value(value) => closure(module, *value),
                        Item::Spread(_) | Item::Hole => None,
                    });
                    kept.extend(closures);
                }
                _ => {}
            }
        }
        let whole = module.expr_span(value);
        let inside = |at: Span| whole.start <= at.start && at.end <= whole.end;
        let functions = module.function_ids().filter(|id| module.function(*id).parent == Some(FnId(0)));
        for function in functions.filter(|id| inside(module.function(*id).at) && !kept.contains(id)) {
            self.spans.push((module.function(function).at, 0));
        }
    }

    fn like(&self, class: BindingId) -> Option<Like> {
        match self.of_binding.get(&class) {
            Some(node) => Some(Like::Own(*node)),
            None => self.imported(class, None).map(Like::Other),
        }
    }

    /// What an import names; of all of a file, the member that is used.
    fn imported(&self, binding: BindingId, member: Option<&str>) -> Option<Wanted> {
        let import = self.imports.get(&binding)?;
        let name = match import.what {
            Imported::Name(name) => with_member(self.module.name(name), member),
            Imported::All => member.unwrap_or(FILE).to_owned(),
            Imported::Nothing => return None,
        };
        Some((self.module.name(import.from).to_owned(), name))
    }

    fn at(&self, offset: u32) -> Vec<usize> {
        let at = self.places.at(offset);
        if at.is_empty() { vec![0] } else { at.to_vec() }
    }

    fn values(&mut self) {
        let module = self.module;
        // The member that is asked of an expression, and of that one's call.
        let mut members: FxHashMap<ExprId, &'m str> = FxHashMap::default();
        for expr in &module.exprs {
            if let Expr::Member { of, name } = *expr {
                let of = if let Expr::OptionalLink(inner) = module.expr(of) { inner } else { of };
                members.insert(of, module.name(name));
            }
        }
        self.gives = self.given(&members);
        let made = self.instances();
        // Markup calls nothing: when and whether a component runs is up to the framework.
        let components: FxHashSet<ExprId> = module.tags.iter().filter_map(|tag| tag.component).collect();
        for at in 0..module.exprs.len() {
            let id = ExprId(at as u32);
            let offset = module.expr_at[at].start;
            match module.exprs[at] {
                Expr::Read(_) if components.contains(&id) => {}
                Expr::Read(binding) => {
                    let member = members.get(&id).copied();
                    let member = if self.made.contains(&id) { Some(CONSTRUCTOR) } else { member };
                    self.mention(offset, aliased(&made, binding), member);
                }
                Expr::This => self.this(offset, members.get(&id).copied()),
                Expr::Cast { ty, .. } => self.ty(&self.at(offset), ty),
                Expr::Call { callee, .. } => {
                    // `Service.instance().find()`
                    if let (Some(member), Expr::Member { of, .. }) = (members.get(&id), module.expr(callee))
                        && let Expr::Read(binding) = module.expr(of)
                    {
                        self.mention(offset, aliased(&made, binding), Some(member));
                    }
                    self.import_call(id);
                }
                _ => self.import_call(id),
            }
        }
    }

    /// Local names of instances: the class of each, whose constructor alone is used where it is made.
    fn instances(&mut self) -> FxHashMap<BindingId, BindingId> {
        let module = self.module;
        let mut made = FxHashMap::default();
        for (at, binding) in module.bindings.iter().enumerate() {
            let source = binding.source.filter(|source| source.steps.is_empty() && !binding.reassigned);
            if let Some(SourceOf::Expr(value)) = source.map(|source| source.of)
                && binding.owner != FnId(0)
                && let Expr::New { callee, .. } = module.expr(value)
                && let Expr::Read(class) = module.expr(callee)
            {
                self.made.insert(callee);
                made.insert(BindingId(at as u32), class);
            }
        }
        // A class that makes its own instance hands it to whoever asks for one.
        for expr in &module.exprs {
            if let Expr::New { callee, .. } = *expr
                && let Expr::Read(class) = module.expr(callee)
                && let Some(node) = self.of_binding.get(&class)
                && let Some(place) = self.places.at(module.expr_span(callee).start).first()
                && (place == node || self.owners.get(place) == Some(node))
            {
                self.made.insert(callee);
            }
        }
        made
    }

    /// The names that are taken out of `import("x")`, by the expression of the import.
    fn given(&self, members: &FxHashMap<ExprId, &'m str>) -> FxHashMap<ExprId, Vec<String>> {
        let module = self.module;
        let mut whole: FxHashMap<BindingId, ExprId> = FxHashMap::default();
        let mut gives: FxHashMap<ExprId, Vec<String>> = FxHashMap::default();
        for (at, binding) in module.bindings.iter().enumerate() {
            let Some(source) = binding.source else { continue };
            let SourceOf::Expr(value) = source.of else { continue };
            let call = module.awaited(value);
            if imported_at(module, module.expr(call)).is_none() {
                continue;
            }
            match module.list(source.steps).first() {
                Some(Step::Key(name)) => gives.entry(call).or_default().push(self.text(*name)),
                Some(_) => gives.entry(call).or_default().push(ALL.to_owned()),
                None => _ = whole.insert(BindingId(at as u32), call),
            }
        }
        for (at, expr) in module.exprs.iter().enumerate() {
            match *expr {
                Expr::Read(binding) => {
                    if let Some(call) = whole.get(&binding) {
                        let member = members.get(&ExprId(at as u32)).copied().unwrap_or(ALL);
                        gives.entry(*call).or_default().push(member.to_owned());
                    }
                }
                Expr::Await(_) => {
                    let call = module.awaited(ExprId(at as u32));
                    if let Some(member) = members.get(&ExprId(at as u32))
                        && imported_at(module, module.expr(call)).is_some()
                    {
                        gives.entry(call).or_default().push((*member).to_owned());
                    }
                }
                _ => {}
            }
        }
        gives
    }

    fn import_call(&mut self, at: ExprId) {
        let module = self.module;
        let Some(from) = imported_at(module, module.expr(at)) else { return };
        let names = self.gives.get(&at).cloned().unwrap_or_else(|| vec![ALL.to_owned()]);
        for node in self.at(module.expr_span(at).start) {
            self.nodes[node].wanted.extend(names.iter().map(|name| (from.to_owned(), name.clone())));
        }
    }

    fn this(&mut self, offset: u32, member: Option<&str>) {
        for at in self.at(offset) {
            if let Some(owner) = self.owners.get(&at) {
                self.nodes[at].own.insert((*owner, member.map(Into::into)));
            } else if let Some(member) = member
                && self.nodes[at].members.contains_key(member)
            {
                // The constructor or a field.
                self.nodes[at].own.insert((at, Some(member.into())));
            }
        }
    }

    fn mention(&mut self, offset: u32, binding: BindingId, member: Option<&str>) {
        for decl in self.at(offset) {
            self.mention_in(decl, binding, member);
        }
    }

    fn mention_in(&mut self, decl: usize, binding: BindingId, member: Option<&str>) {
        if let Some(own) = self.of_binding.get(&binding) {
            self.nodes[decl].own.insert((*own, member.map(Into::into)));
        } else if let Some(wanted) = self.imported(binding, member) {
            self.nodes[decl].wanted.insert(wanted);
        }
    }

    fn types(&mut self) {
        let module = self.module;
        for (at, binding) in module.bindings.iter().enumerate() {
            if let Some(ty) = binding.ty {
                let decls = match self.of_binding.get(&BindingId(at as u32)) {
                    Some(decl) => vec![*decl],
                    None => self.at(binding.at.start),
                };
                self.ty(&decls, ty);
            }
        }
        for function in &module.functions {
            let decls = self.at(function.at.start);
            for ty in function.params.iter().filter_map(|param| param.ty).chain(function.returns) {
                self.ty(&decls, ty);
            }
        }
        for class in &module.classes {
            let decls = self.at(class.at.start);
            for member in module.list(class.members) {
                if let Some(ty) = member.ty {
                    self.ty(&decls, ty);
                }
            }
        }
    }

    /// What a type names; values that it speaks of are expressions, seen on their own.
    fn ty(&mut self, decls: &[usize], ty: TypeId) {
        let module = self.module;
        let mut seen = FxHashSet::default();
        let mut stack = vec![ty];
        while let Some(ty) = stack.pop() {
            if !seen.insert(ty.0) {
                continue;
            }
            match module.ty(ty) {
                Type::Named { binding, path, args } => {
                    let member = module.list(path).first().map(|name| module.name(*name));
                    for decl in decls {
                        self.mention_in(*decl, binding, member);
                    }
                    stack.extend(module.list(args));
                }
                Type::Global { args, .. } => stack.extend(module.list(args)),
                Type::Imported { from, path } => {
                    let name = module.list(path).first().map_or(ALL, |name| module.name(*name));
                    let wanted = (self.text(from), name.to_owned());
                    for decl in decls {
                        self.nodes[*decl].wanted.insert(wanted.clone());
                    }
                }
                Type::Index { of, .. } | Type::Array(of) => stack.push(of),
                Type::Union(types) | Type::Both(types) => stack.extend(module.list(types)),
                Type::Object(fields) => stack.extend(module.list(fields).iter().map(|field| field.ty)),
                Type::Function(returns) => stack.extend(returns),
                _ => {}
            }
        }
    }
}

fn closure(module: &Module, value: ExprId) -> Option<FnId> {
    match module.expr(value) {
        Expr::Closure(function) => Some(function),
        _ => None,
    }
}

/// The class whose instance a name is, or the name itself.
fn aliased(made: &FxHashMap<BindingId, BindingId>, binding: BindingId) -> BindingId {
    let mut binding = binding;
    for _ in 0..ALIASES {
        match made.get(&binding) {
            Some(class) => binding = *class,
            None => break,
        }
    }
    binding
}
