//! Whether a catch tells one error from another: by class, by status, code or message, or by handing
//! the error to something that does.
//!
//! In: a catch clause and the name of the error that is asked about. Out: how it tells it apart.

use super::{ExprKey, FileId, Origin, Program};
use crate::syntax::visit::{self, Node};
use crate::syntax::{BinaryOp, BindingId, ClassId, Expr, ExprId, LogicOp, Module, SourceOf, Stmt, StmtId};
use crate::text::Span;
use std::collections::BTreeSet;

/// Rounds in which names for parts of the error are looked for.
const ROUNDS: usize = 4;
/// Fields by which errors are told apart.
const FIELDS: [&str; 7] = ["status", "statusCode", "httpStatus", "code", "name", "message", "type"];
/// What every error is, and what a broken body throws.
const COMMON: [&str; 5] = ["Error", "Object", "ZodError", "SyntaxError", "TypeError"];

impl Program {
    /// How a catch tells an error of this name from others, if it does. Without a name any class but the
    /// most common ones may be the error's.
    pub fn tells_apart(
        &self,
        file: FileId,
        catch: StmtId,
        param: Option<BindingId>,
        error: Option<&str>,
    ) -> Option<String> {
        let module = self.module(file);
        let (whole, parts) = self.names_of_error(file, catch, param);
        let mut reads = Vec::new();
        visit::walk(module, Node::Stmt(catch), &mut |node| {
            if let Node::Expr(id) = node
                && let Expr::Read(binding) = module.expr(id)
                && (whole.contains(&binding) || parts.contains(&binding))
            {
                reads.push((id, whole.contains(&binding)));
            }
            true
        });
        let mut others = Vec::new();
        for (read, _) in reads.iter().filter(|(_, whole)| *whole) {
            others.extend(self.for_other_classes(file, *read, error));
        }
        let is_reached = |read: ExprId| {
            let at = module.expr_span(read);
            !others.iter().any(|span| span.start <= at.start && at.end <= span.end)
        };
        reads.into_iter().filter(|(read, _)| is_reached(*read)).find_map(|(read, whole)| {
            if whole {
                self.use_tells(file, read, error)
            } else {
                self.is_condition(file, read).then(|| "the catch looks at a part of the error".to_owned())
            }
        })
    }

    /// The names for the error itself and those for what is made of it.
    fn names_of_error(
        &self,
        file: FileId,
        catch: StmtId,
        param: Option<BindingId>,
    ) -> (BTreeSet<BindingId>, BTreeSet<BindingId>) {
        let module = self.module(file);
        let around = module.stmt_span(catch);
        let mut whole: BTreeSet<BindingId> = param.into_iter().collect();
        let mut parts = BTreeSet::new();
        let mut inside = Vec::new();
        for id in (0..module.bindings.len() as u32).map(BindingId) {
            let Some(source) = module.binding(id).source else { continue };
            let at = module.binding(id).at;
            match source.of {
                // `catch ({ message })` stands just before its block.
                SourceOf::Caught if at.end <= around.start && self.text_between(file, at.end, around.start) => {
                    parts.insert(id);
                }
                SourceOf::Expr(value) if around.start <= at.start && at.end <= around.end => {
                    inside.push((id, value, source.steps));
                }
                _ => {}
            }
        }
        for _ in 0..ROUNDS {
            let before = whole.len() + parts.len();
            for (id, value, steps) in &inside {
                let is_it = matches!(module.expr(bare(module, *value)), Expr::Read(of) if whole.contains(&of));
                if is_it && module.list(*steps).is_empty() {
                    whole.insert(*id);
                } else if visit::reads(module, Node::Expr(*value), |name| {
                    whole.contains(&name) || parts.contains(&name)
                }) {
                    parts.insert(*id);
                }
            }
            if whole.len() + parts.len() == before {
                break;
            }
        }
        (whole, parts)
    }

    /// Whether nothing but the end of a pattern stands between two places.
    fn text_between(&self, file: FileId, from: u32, to: u32) -> bool {
        self.text(file, Span::new(from, to)).chars().all(|c| !matches!(c, '{' | ';'))
    }

    /// How one use of the error tells it apart.
    fn use_tells(&self, file: FileId, read: ExprId, error: Option<&str>) -> Option<String> {
        let module = self.module(file);
        let parents = &self.file(file).parents;
        let mut value = read;
        let above = loop {
            match parents.of(Node::Expr(value)) {
                Some(Node::Expr(parent))
                    if matches!(module.expr(parent), Expr::Cast { .. } | Expr::OptionalLink(_) | Expr::Chain(_)) =>
                {
                    value = parent;
                }
                other => break other,
            }
        };
        let parent = match above? {
            Node::Expr(parent) => parent,
            Node::Stmt(id) => {
                return matches!(module.stmt(id), Stmt::Throw(_))
                    .then(|| "the catch throws the error again".to_owned());
            }
        };
        match module.expr(parent) {
            Expr::Binary { op: BinaryOp::Instanceof, right, .. } => {
                let class = self.class_name(file, right).unwrap_or("");
                self.may_be_of_class(class, error).then(|| format!("the catch looks for {class}"))
            }
            Expr::Binary { op: BinaryOp::In, .. } => Some("the catch looks for a field of the error".to_owned()),
            Expr::Member { name, .. } => {
                let field = module.name(name);
                let decides = FIELDS.contains(&field) && self.is_condition(file, parent);
                decides.then(|| format!("the catch looks at the error's {field}"))
            }
            Expr::Call { args, .. } if module.list(args).iter().any(|arg| arg.value == value) => {
                let call = self.call(ExprKey { file, expr: parent })?;
                let harmless = call.roles & self.models.roles(&["report", "inert"]) != 0;
                (!harmless).then(|| format!("the catch hands the error to `{}`", call.written))
            }
            _ => None,
        }
    }

    /// The code that runs only for errors of a class that this one does not belong to, when `read` is
    /// the left side of `instanceof`.
    fn for_other_classes(&self, file: FileId, read: ExprId, error: Option<&str>) -> Vec<Span> {
        let module = self.module(file);
        let parents = &self.file(file).parents;
        let Some(Node::Expr(mut test)) = parents.of(Node::Expr(read)) else { return Vec::new() };
        let Expr::Binary { op: BinaryOp::Instanceof, right, .. } = module.expr(test) else { return Vec::new() };
        let class = self.class_name(file, right).unwrap_or("");
        if ["Error", "Object"].contains(&class) || self.may_be_of_class(class, error) {
            return Vec::new();
        }
        let mut spans = Vec::new();
        loop {
            match parents.of(Node::Expr(test)) {
                Some(Node::Expr(parent)) => match module.expr(parent) {
                    Expr::Logic { op: LogicOp::And, left, right } => {
                        spans.extend((left == test).then(|| module.expr_span(right)));
                        test = parent;
                    }
                    Expr::Choose { test: asked, yes, .. } if asked == test => {
                        spans.push(module.expr_span(yes));
                        return spans;
                    }
                    _ => return spans,
                },
                Some(Node::Stmt(id)) => {
                    if let Stmt::If { yes, .. } = module.stmt(id) {
                        spans.push(module.stmt_span(yes));
                    }
                    return spans;
                }
                None => return spans,
            }
        }
    }

    /// Whether an error of this name may be an instance of the class.
    fn may_be_of_class(&self, class: &str, error: Option<&str>) -> bool {
        if COMMON.contains(&class) {
            return false;
        }
        if error == Some(class) || self.models.roles_of_name(class) & self.models.role("auth-error") != 0 {
            return true;
        }
        match error {
            // A plain error has no class of its own.
            Some("Error") => false,
            Some(error) => self.bases_of(error).is_none_or(|bases| bases.iter().any(|base| base == class)),
            None => true,
        }
    }

    /// The names of the classes above those of this name; `None` if the program has none.
    fn bases_of(&self, name: &str) -> Option<Vec<String>> {
        let mut bases: Option<Vec<String>> = None;
        for file in self.file_ids() {
            let module = self.module(file);
            for id in (0..module.classes.len() as u32).map(ClassId) {
                if module.class(id).name.is_some_and(|known| module.name(known) == name) {
                    self.add_bases(file, id, bases.get_or_insert_default());
                }
            }
        }
        bases
    }

    fn add_bases(&self, file: FileId, class: ClassId, bases: &mut Vec<String>) {
        for (file, extends) in self.extended(file, class) {
            bases.extend(self.class_name(file, extends).map(str::to_owned));
            if let Origin::Class(file, base) = self.origin(file, extends) {
                let module = self.module(file);
                bases.extend(module.class(base).name.map(|name| module.name(name).to_owned()));
            }
        }
    }

    /// Whether an expression takes part in a condition.
    pub fn is_condition(&self, file: FileId, expr: ExprId) -> bool {
        let module = self.module(file);
        let mut below = Node::Expr(expr);
        for above in self.file(file).parents.above(below) {
            match above {
                Node::Expr(id) => {
                    if let Expr::Choose { test, .. } = module.expr(id) {
                        return below == Node::Expr(test);
                    }
                }
                Node::Stmt(id) => {
                    return match module.stmt(id) {
                        Stmt::If { test, .. } => below == Node::Expr(test),
                        Stmt::Switch { on, .. } => below == Node::Expr(on),
                        _ => false,
                    };
                }
            }
            below = above;
        }
        false
    }
}

fn bare(module: &Module, value: ExprId) -> ExprId {
    let mut value = value;
    while let Expr::Cast { value: inner, .. } = module.expr(value) {
        value = inner;
    }
    value
}
