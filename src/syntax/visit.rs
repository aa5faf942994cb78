//! Iterative walks over a module: children of a node, parents of every node, everything in a function.
//!
//! In: a [`Module`]. Out: nodes in evaluation order. Nothing here recurses.

use super::{BindingId, Body, Expr, ExprId, FnId, Item, Key, Member, MemberKind, Module, Step, Stmt, StmtId};
use std::collections::BTreeSet;

/// An expression or a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// An expression.
    Expr(ExprId),
    /// A statement.
    Stmt(StmtId),
}

/// Hands the children of `node` to `each` in evaluation order. Bodies of functions are not children
/// of their closure; computed keys, defaults of destructured variables and decorators of classes are.
pub fn children(module: &Module, node: Node, each: &mut dyn FnMut(Node)) {
    match node {
        Node::Expr(id) => expr_children(module, id, each),
        Node::Stmt(id) => stmt_children(module, id, each),
    }
}

fn expr_children(module: &Module, id: ExprId, each: &mut dyn FnMut(Node)) {
    let mut one = |id: ExprId| each(Node::Expr(id));
    match module.expr(id) {
        Expr::Template(template) => {
            module.list(module.templates[template.index()].holes).iter().copied().for_each(one);
        }
        Expr::Member { of, .. } => one(of),
        Expr::Index { of, key } => {
            one(of);
            one(key);
        }
        Expr::OptionalLink(value)
        | Expr::Chain(value)
        | Expr::ImportCall(value)
        | Expr::Await(value)
        | Expr::Not(value)
        | Expr::Unary(_, value)
        | Expr::Cast { value, .. } => one(value),
        Expr::Yield { value, .. } => value.into_iter().for_each(one),
        Expr::Call { callee, args } | Expr::New { callee, args } => {
            one(callee);
            module.list(args).iter().for_each(|arg| one(arg.value));
        }
        Expr::Binary { left, right, .. } | Expr::Logic { left, right, .. } => {
            one(left);
            one(right);
        }
        Expr::Choose { test, yes, no } => {
            one(test);
            one(yes);
            one(no);
        }
        Expr::Assign { to, value, .. } => {
            one(to);
            if to != value {
                one(value);
            }
        }
        Expr::Pattern(targets) => {
            let mut seen = BTreeSet::new();
            for target in module.list(targets) {
                one(target.to);
                step_exprs(module, target.steps, &mut |id| {
                    if seen.insert(id) {
                        one(id);
                    }
                });
            }
        }
        Expr::Object(fields) => fields_exprs(module, fields, &mut one),
        Expr::Array(items) => {
            for item in module.list(items) {
                match *item {
                    Item::Value(value) | Item::Spread(value) => one(value),
                    Item::Hole => {}
                }
            }
        }
        Expr::Class(class) => class_exprs(module, class, &mut one),
        Expr::Tag(tag) => {
            let tag = module.tags[tag.index()];
            tag.component.into_iter().for_each(&mut one);
            fields_exprs(module, tag.fields, &mut one);
            module.list(tag.children).iter().copied().for_each(one);
        }
        Expr::Comma(parts) | Expr::Parts(parts) => module.list(parts).iter().copied().for_each(one),
        Expr::Read(_)
        | Expr::Global(_)
        | Expr::This
        | Expr::Super
        | Expr::Meta(_)
        | Expr::Undefined
        | Expr::Null
        | Expr::Bool(_)
        | Expr::Number(_)
        | Expr::Text(_)
        | Expr::Regex
        | Expr::Closure(_)
        | Expr::Lost => {}
    }
}

fn fields_exprs(module: &Module, fields: super::List<super::Field>, one: &mut dyn FnMut(ExprId)) {
    for field in module.list(fields) {
        if let Key::Computed(key) = field.key {
            one(key);
        }
        one(field.value);
    }
}

fn step_exprs(module: &Module, steps: super::List<Step>, one: &mut dyn FnMut(ExprId)) {
    for step in module.list(steps) {
        match *step {
            Step::Computed(value) | Step::Default(value) => one(value),
            Step::Key(_) | Step::Index(_) | Step::Rest => {}
        }
    }
}

fn class_exprs(module: &Module, class: super::ClassId, one: &mut dyn FnMut(ExprId)) {
    let class = module.class(class);
    class.decorators.iter().copied().for_each(&mut *one);
    class.extends.into_iter().for_each(&mut *one);
    for member in module.list(class.members) {
        if let Key::Computed(key) = member.key {
            one(key);
        }
        if let MemberKind::Method(function) | MemberKind::Field(function) = member.kind {
            module.function(function).decorators.iter().copied().for_each(&mut *one);
        }
    }
}

fn stmt_children(module: &Module, id: StmtId, each: &mut dyn FnMut(Node)) {
    match module.stmt(id) {
        Stmt::Do(value) | Stmt::Throw(value) | Stmt::Using { value, .. } => each(Node::Expr(value)),
        Stmt::Let { bindings, value } => {
            value.into_iter().for_each(|value| each(Node::Expr(value)));
            // The names of one nested pattern share the steps that lead to it.
            let mut seen = BTreeSet::new();
            for binding in module.list(bindings) {
                if let Some(source) = module.binding(*binding).source {
                    step_exprs(module, source.steps, &mut |id| {
                        if seen.insert(id) {
                            each(Node::Expr(id));
                        }
                    });
                }
            }
        }
        Stmt::Return(value) => value.into_iter().for_each(|value| each(Node::Expr(value))),
        Stmt::If { test, yes, no } => {
            each(Node::Expr(test));
            each(Node::Stmt(yes));
            no.into_iter().for_each(|no| each(Node::Stmt(no)));
        }
        Stmt::Loop { init, test, update, body, .. } => {
            init.into_iter().for_each(|init| each(Node::Stmt(init)));
            test.into_iter().for_each(|test| each(Node::Expr(test)));
            each(Node::Stmt(body));
            update.into_iter().for_each(|update| each(Node::Expr(update)));
        }
        Stmt::Switch { on, arms } => {
            each(Node::Expr(on));
            for arm in module.list(arms) {
                arm.test.into_iter().for_each(|test| each(Node::Expr(test)));
                module.list(arm.body).iter().for_each(|stmt| each(Node::Stmt(*stmt)));
            }
        }
        Stmt::Block(stmts) => module.list(stmts).iter().for_each(|stmt| each(Node::Stmt(*stmt))),
        Stmt::Try { body, catch, finally, .. } => {
            each(Node::Stmt(body));
            catch.into_iter().for_each(|catch| each(Node::Stmt(catch)));
            finally.into_iter().for_each(|finally| each(Node::Stmt(finally)));
        }
        Stmt::Labeled { body, .. } => each(Node::Stmt(body)),
        Stmt::Class(class) => class_exprs(module, class, &mut |id| each(Node::Expr(id))),
        Stmt::Break(_) | Stmt::Continue(_) | Stmt::Function(_) | Stmt::Nothing | Stmt::Lost => {}
    }
}

/// Walks everything below `root` (itself included) in evaluation order, parents before children.
/// `enter` says whether to go below a node.
pub fn walk(module: &Module, root: Node, enter: &mut dyn FnMut(Node) -> bool) {
    let mut stack = vec![root];
    while let Some(node) = stack.pop() {
        if !enter(node) {
            continue;
        }
        let from = stack.len();
        children(module, node, &mut |child| stack.push(child));
        stack[from..].reverse();
    }
}

/// Whether anything below `root` (itself included) reads a name that is `wanted`.
pub fn reads(module: &Module, root: Node, wanted: impl Fn(BindingId) -> bool) -> bool {
    let mut found = false;
    walk(module, root, &mut |node| {
        if let Node::Expr(id) = node
            && let Expr::Read(binding) = module.expr(id)
        {
            found |= wanted(binding);
        }
        !found
    });
    found
}

/// The roots of a function: defaults of its parameters, then its body.
pub fn roots(module: &Module, function: FnId) -> Vec<Node> {
    let function = module.function(function);
    let mut roots: Vec<Node> = function.params.iter().filter_map(|param| param.default.map(Node::Expr)).collect();
    match function.body {
        Body::Block(stmt) => roots.push(Node::Stmt(stmt)),
        Body::Expr(expr) => roots.push(Node::Expr(expr)),
        Body::None => {}
    }
    roots
}

/// Walks a function: its parameters' defaults and its body, without the bodies of functions inside it.
pub fn walk_function(module: &Module, function: FnId, enter: &mut dyn FnMut(Node) -> bool) {
    for root in roots(module, function) {
        walk(module, root, enter);
    }
}

/// The parent of every node and the function that holds it.
#[derive(Debug, Clone)]
pub struct Parents {
    exprs: Vec<(Option<Node>, FnId)>,
    stmts: Vec<(Option<Node>, FnId)>,
}

impl Parents {
    /// Finds them in one walk over the module.
    pub fn new(module: &Module) -> Self {
        let nowhere = (None, FnId(0));
        let mut parents = Self { exprs: vec![nowhere; module.exprs.len()], stmts: vec![nowhere; module.stmts.len()] };
        for function in module.function_ids() {
            for root in roots(module, function) {
                parents.set(root, None, function);
                walk(module, root, &mut |node| {
                    children(module, node, &mut |child| parents.set(child, Some(node), function));
                    true
                });
            }
            // Defaults inside parameter patterns hang below the bindings, not below a statement.
        }
        for binding in &module.bindings {
            let Some(source) = binding.source else { continue };
            step_exprs(module, source.steps, &mut |id| {
                let unseen = parents.exprs[id.index()] == nowhere;
                if unseen {
                    walk(module, Node::Expr(id), &mut |node| {
                        children(module, node, &mut |child| parents.set(child, Some(node), binding.owner));
                        true
                    });
                    parents.set(Node::Expr(id), None, binding.owner);
                }
            });
        }
        parents
    }

    fn set(&mut self, node: Node, parent: Option<Node>, function: FnId) {
        match node {
            Node::Expr(id) => self.exprs[id.index()] = (parent, function),
            Node::Stmt(id) => self.stmts[id.index()] = (parent, function),
        }
    }

    /// The node above; `None` at the edge of a function.
    pub fn of(&self, node: Node) -> Option<Node> {
        match node {
            Node::Expr(id) => self.exprs[id.index()].0,
            Node::Stmt(id) => self.stmts[id.index()].0,
        }
    }

    /// The function that holds the node.
    pub fn function(&self, node: Node) -> FnId {
        match node {
            Node::Expr(id) => self.exprs[id.index()].1,
            Node::Stmt(id) => self.stmts[id.index()].1,
        }
    }

    /// The nodes above, nearest first, up to the edge of the function.
    pub fn above(&self, node: Node) -> impl Iterator<Item = Node> + '_ {
        std::iter::successors(self.of(node), |node| self.of(*node))
    }

    /// The innermost statement that holds the node; `None` for the value of an arrow function.
    pub fn statement(&self, node: Node) -> Option<StmtId> {
        self.above(node).find_map(|node| match node {
            Node::Stmt(stmt) => Some(stmt),
            Node::Expr(_) => None,
        })
    }
}

/// All members of a class with their names, as `(name, member)`; computed and spread keys have none.
pub fn named_members(module: &Module, class: super::ClassId) -> impl Iterator<Item = (&str, &Member)> {
    module.list(module.class(class).members).iter().filter_map(move |member| match member.key {
        Key::Name(name) => Some((module.name(name), member)),
        Key::Computed(_) | Key::None => None,
    })
}
