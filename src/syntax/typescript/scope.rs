//! Scopes, and the resolution of names once all of a file's declarations are known.
//!
//! In: declarations and uses while the tree is walked. Out: [`Expr::Read`], [`Type::Named`] and
//! [`Binding::reassigned`] in the module. Waiting until the end makes hoisting a matter of course.

use crate::syntax::{Binding, BindingId, BindingKind, Builder, Expr, ExprId, FnId, List, Name, Type, TypeId};
use rustc_hash::FxHashMap;

/// A scope: index into [`Scopes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScopeId(u32);

struct Scope {
    parent: Option<ScopeId>,
    /// Where `var` declares.
    var: ScopeId,
    /// Whether it holds parameters, with which a `var` of the body shares its binding.
    parameters: bool,
    values: FxHashMap<Name, BindingId>,
    types: FxHashMap<Name, BindingId>,
}

/// All scopes of a file, and the uses that wait for their end.
pub(super) struct Scopes {
    all: Vec<Scope>,
    /// The scope of the node that is being walked.
    pub(super) current: ScopeId,
    reads: Vec<(ExprId, ScopeId, Name)>,
    writes: Vec<ExprId>,
    types: Vec<(TypeId, ScopeId)>,
}

impl Scopes {
    /// The module's scope alone.
    pub(super) fn new() -> Self {
        let mut scopes =
            Self { all: Vec::new(), current: ScopeId(0), reads: Vec::new(), writes: Vec::new(), types: Vec::new() };
        scopes.add(None, true);
        scopes
    }

    fn add(&mut self, parent: Option<ScopeId>, holds_var: bool) -> ScopeId {
        let id = ScopeId(self.all.len() as u32);
        let var = match parent {
            Some(parent) if !holds_var => self.all[parent.0 as usize].var,
            _ => id,
        };
        let (values, types) = (FxHashMap::default(), FxHashMap::default());
        self.all.push(Scope { parent, var, parameters: false, values, types });
        id
    }

    /// Opens a scope inside the current one. `holds_var`: a body, in which `var` declares.
    pub(super) fn open(&mut self, holds_var: bool) {
        self.current = self.add(Some(self.current), holds_var);
    }

    /// Opens a function's scope: its parameters and its own name.
    pub(super) fn open_function(&mut self) {
        self.open(true);
        self.all[self.current.0 as usize].parameters = true;
    }

    /// The binding of a value in exactly this scope.
    pub(super) fn value_here(&self, name: Name) -> Option<BindingId> {
        self.all[self.current.0 as usize].values.get(&name).copied()
    }

    /// The binding of a type in exactly this scope.
    pub(super) fn type_here(&self, name: Name) -> Option<BindingId> {
        self.all[self.current.0 as usize].types.get(&name).copied()
    }

    /// The binding that a `var` of this name would share: another `var`, or a parameter.
    pub(super) fn var_here(&self, name: Name) -> Option<BindingId> {
        let var = &self.all[self.all[self.current.0 as usize].var.0 as usize];
        let parent = || var.parent.map(|parent| &self.all[parent.0 as usize]).filter(|scope| scope.parameters);
        let parameter = || parent().and_then(|scope| scope.values.get(&name));
        var.values.get(&name).or_else(parameter).copied()
    }

    /// Binds a value in the current scope.
    pub(super) fn bind_value(&mut self, name: Name, binding: BindingId) {
        self.all[self.current.0 as usize].values.insert(name, binding);
    }

    /// Binds a value where `var` declares.
    pub(super) fn bind_var(&mut self, name: Name, binding: BindingId) {
        let var = self.all[self.current.0 as usize].var;
        self.all[var.0 as usize].values.insert(name, binding);
    }

    /// Binds a type in the current scope.
    pub(super) fn bind_type(&mut self, name: Name, binding: BindingId) {
        self.all[self.current.0 as usize].types.insert(name, binding);
    }

    /// Notes that `expr` (an [`Expr::Global`] for now) reads `name` here.
    pub(super) fn read(&mut self, expr: ExprId, name: Name) {
        self.reads.push((expr, self.current, name));
    }

    /// Notes that `expr` is assigned to.
    pub(super) fn write(&mut self, expr: ExprId) {
        self.writes.push(expr);
    }

    /// Notes that `ty` (a [`Type::Global`] for now) is named here.
    pub(super) fn named(&mut self, ty: TypeId) {
        self.types.push((ty, self.current));
    }

    fn find(&self, from: ScopeId, get: impl Fn(&Scope) -> Option<BindingId>) -> Option<BindingId> {
        let mut scope = Some(from);
        while let Some(id) = scope {
            let at = &self.all[id.0 as usize];
            if let Some(binding) = get(at) {
                return Some(binding);
            }
            scope = at.parent;
        }
        None
    }

    /// A value or else a type of the module's own scope.
    pub(super) fn of_module(&self, name: Name) -> Option<BindingId> {
        let module = &self.all[0];
        module.values.get(&name).or_else(|| module.types.get(&name)).copied()
    }

    /// Resolves everything that was noted.
    pub(super) fn resolve(&mut self, builder: &mut Builder) {
        for (expr, scope, name) in std::mem::take(&mut self.reads) {
            let slot = &mut builder.module.exprs[expr.index()];
            if *slot == Expr::Global(name)
                && let Some(binding) = self.find(scope, |scope| scope.values.get(&name).copied())
            {
                *slot = Expr::Read(binding);
            }
        }
        for expr in std::mem::take(&mut self.writes) {
            if let Expr::Read(binding) = builder.module.exprs[expr.index()] {
                builder.module.bindings[binding.index()].reassigned = true;
            }
        }
        for (ty, scope) in std::mem::take(&mut self.types) {
            let Type::Global { path, args } = builder.module.types[ty.index()] else { continue };
            let Some(first) = builder.module.list(path).first().copied() else { continue };
            let found = self
                .find(scope, |scope| scope.types.get(&first).copied())
                .or_else(|| self.namespace(builder, scope, first, path));
            if let Some(binding) = found {
                let path = List { start: path.start + 1, len: path.len - 1, kind: std::marker::PhantomData };
                builder.module.types[ty.index()] = Type::Named { binding, path, args };
            }
        }
    }

    /// `A.B` as a type: `A` is a namespace, and may be bound as a value only.
    fn namespace(&self, _builder: &Builder, scope: ScopeId, first: Name, path: List<Name>) -> Option<BindingId> {
        if path.len() < 2 {
            return None;
        }
        self.find(scope, |scope| scope.values.get(&first).copied())
    }
}

/// A binding without a type and a source.
pub(super) fn plain(name: Name, kind: BindingKind, owner: FnId, at: crate::text::Span) -> Binding {
    Binding { name, kind, ty: None, source: None, owner, reassigned: false, at }
}
