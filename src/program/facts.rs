//! Small facts about one file that several questions need: who assigns what, what a function returns.
//!
//! In: a lowered module. Out: [`Facts`], found in one walk.

use super::dead::{Asking, asked};
use crate::syntax::visit::{self, Node, Parents};
use crate::syntax::{
    AssignOp, BindingId, Body, ClassId, Expr, ExprId, FieldKind, FnId, FnKind, Import, Module, SourceOf, Stmt, StmtId,
};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// What one walk over a file finds.
#[derive(Debug, Default)]
pub struct Facts {
    assigned: FxHashMap<BindingId, Vec<ExprId>>,
    fields: FxHashMap<(ClassId, String), ExprId>,
    returns: Vec<Vec<ExprId>>,
    objects: FxHashMap<FnId, ExprId>,
    reads: FxHashMap<BindingId, Vec<ExprId>>,
    calls: Vec<Vec<ExprId>>,
    tries: Vec<Vec<StmtId>>,
    throws: Vec<Vec<StmtId>>,
    asking: Vec<Vec<Asking>>,
    imports: FxHashMap<BindingId, usize>,
    elements: FxHashMap<ExprId, Vec<BindingId>>,
    sharing: BTreeSet<FnId>,
}

impl Facts {
    /// Walks the module.
    pub fn new(module: &Module, parents: &Parents) -> Self {
        let count = module.functions.len();
        let mut facts = Self {
            returns: vec![Vec::new(); count],
            calls: vec![Vec::new(); count],
            tries: vec![Vec::new(); count],
            throws: vec![Vec::new(); count],
            asking: vec![Vec::new(); count],
            ..Self::default()
        };
        let imports = module.imports.iter().enumerate().rev();
        facts.imports = imports.filter_map(|(at, import)| Some((import.binding?, at))).collect();
        for (at, binding) in module.bindings.iter().enumerate() {
            if let Some(SourceOf::Element(walked)) = binding.source.map(|source| source.of) {
                facts.elements.entry(walked).or_default().push(BindingId(at as u32));
            }
        }
        for function in module.function_ids() {
            if let Body::Expr(value) = module.function(function).body {
                facts.returns[function.index()].push(value);
            }
            visit::walk_function(module, function, &mut |node| {
                match node {
                    Node::Expr(id) => facts.expr(module, parents, function, id),
                    Node::Stmt(id) => match module.stmt(id) {
                        Stmt::Return(Some(value)) => facts.returns[function.index()].push(value),
                        Stmt::Try { .. } => facts.tries[function.index()].push(id),
                        Stmt::Throw(_) => facts.throws[function.index()].push(id),
                        Stmt::If { test, yes, .. } => {
                            asked(module, function, test, yes, &mut facts.asking[function.index()]);
                        }
                        _ => {}
                    },
                }
                true
            });
        }
        facts
    }

    fn expr(&mut self, module: &Module, parents: &Parents, function: FnId, id: ExprId) {
        if shares(module, module.expr(id)) {
            self.sharing.insert(function);
        }
        match module.expr(id) {
            Expr::Read(binding) => self.reads.entry(binding).or_default().push(id),
            Expr::Call { .. } | Expr::New { .. } => self.calls[function.index()].push(id),
            Expr::Assign { op: AssignOp::Set | AssignOp::Coalesce | AssignOp::Or, to, value } => {
                match module.expr(to) {
                    Expr::Read(binding) => self.assigned.entry(binding).or_default().push(value),
                    Expr::Member { of, name } if module.expr(of) == Expr::This => {
                        if let Some(class) = class_of_this(module, parents, id) {
                            let constructor = module.function(function).kind == FnKind::Constructor;
                            let key = (class, module.name(name).to_owned());
                            if constructor || !self.fields.contains_key(&key) {
                                self.fields.insert(key, value);
                            }
                        }
                    }
                    _ => {}
                }
            }
            Expr::Object(fields) => {
                for field in module.list(fields) {
                    if matches!(field.kind, FieldKind::Method | FieldKind::Get | FieldKind::Value)
                        && let Expr::Closure(method) = module.expr(field.value)
                    {
                        self.objects.insert(method, id);
                    }
                }
            }
            _ => {}
        }
    }

    /// The value of a variable that is declared without one and assigned once.
    pub fn only_assignment(&self, binding: BindingId) -> Option<ExprId> {
        match self.assigned.get(&binding)?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The import that a binding stands for.
    pub fn import_of<'a>(&self, module: &'a Module, binding: BindingId) -> Option<&'a Import> {
        self.imports.get(&binding).map(|at| &module.imports[*at])
    }

    /// The variables of a for-of over this expression.
    pub fn elements(&self, walked: ExprId) -> &[BindingId] {
        self.elements.get(&walked).map_or(&[], Vec::as_slice)
    }

    /// Every value that is assigned to a variable after its declaration.
    pub fn assignments(&self, binding: BindingId) -> &[ExprId] {
        self.assigned.get(&binding).map_or(&[], Vec::as_slice)
    }

    /// The value that a class assigns to `this.name`, the constructor's first.
    pub fn field_assignment(&self, class: ClassId, name: &str) -> Option<ExprId> {
        self.fields.get(&(class, name.to_owned())).copied()
    }

    /// The only value that a function returns.
    pub fn only_return(&self, function: FnId) -> Option<ExprId> {
        match self.returns[function.index()].as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Every value that a function returns, in the order of the text.
    pub fn returns(&self, function: FnId) -> &[ExprId] {
        &self.returns[function.index()]
    }

    /// The object literal whose method a function is.
    pub fn object_of_method(&self, function: FnId) -> Option<ExprId> {
        self.objects.get(&function).copied()
    }

    /// Where a binding is read, in the order of the text.
    pub fn reads(&self, binding: BindingId) -> &[ExprId] {
        self.reads.get(&binding).map_or(&[], Vec::as_slice)
    }

    /// The calls and `new`s of a function, without those of the functions inside it, in the order of
    /// evaluation.
    pub fn calls(&self, function: FnId) -> &[ExprId] {
        &self.calls[function.index()]
    }

    /// The `try` statements of a function.
    pub fn tries(&self, function: FnId) -> &[StmtId] {
        &self.tries[function.index()]
    }

    /// The branches of a function that ask whether a parameter was given.
    pub fn asking(&self, function: FnId) -> &[Asking] {
        &self.asking[function.index()]
    }

    /// The functions that give a value to a variable of the whole file: what becomes of it may stand in any
    /// function.
    pub fn sharing(&self) -> &BTreeSet<FnId> {
        &self.sharing
    }

    /// The `throw` statements of a function.
    pub fn throws(&self, function: FnId) -> &[StmtId] {
        &self.throws[function.index()]
    }
}

/// Whether something is assigned to a variable of the whole file, or pushed to it.
fn shares(module: &Module, expr: Expr) -> bool {
    let target = match expr {
        Expr::Assign { to, .. } => to,
        Expr::Call { callee, .. } => match module.expr(callee) {
            Expr::Member { of, name } if module.name(name) == "push" => of,
            _ => return false,
        },
        _ => return false,
    };
    matches!(module.expr(target), Expr::Read(binding) if module.binding(binding).owner.index() == 0)
}

fn class_of_this(module: &Module, parents: &Parents, at: ExprId) -> Option<ClassId> {
    let mut function = parents.function(Node::Expr(at));
    while module.function(function).kind == FnKind::Arrow {
        function = module.function(function).parent?;
    }
    module.function(function).class
}
