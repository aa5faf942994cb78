//! An element of `Promise.all` is awaited first.
//!
//! In: the element. Out: a statement before the one that holds the combinator, and the name of its
//! result in the element's place. Destructuring stays as it is: `Promise.all` takes values too.

use super::layout::{indentation, line_end};
use super::{Edit, edit};
use crate::program::{ExprKey, FileId, Program};
use crate::syntax::visit::Node;
use crate::syntax::{Expr, ExprId, FnKind, Module, SourceOf, Stmt, StmtId};
use crate::text::Span;

/// Names for what is awaited; the first one that the file does not use.
const NAMES: [&str; 4] = ["caller", "checked", "allowed", "admitted"];

pub(super) fn hoist(program: &Program, element: ExprKey) -> Option<Vec<Edit>> {
    let ExprKey { file, expr } = element;
    let (module, parents) = (program.module(file), &program.file(file).parents);
    let combinator = program.combinator_around(file, expr)?;
    // Of the others, the meaning is that not all of them count.
    if program.combinator(file, combinator) != Some("all") {
        return None;
    }
    if let Expr::Read(_) = module.expr(expr) {
        return wait_where_it_is_stored(program, element);
    }
    let stmt = statement_in_block(program, file, combinator)?;
    let span = module.stmt_span(stmt);
    let text = &program.file(file).source.text;
    let indent = indentation(text, span.start)?;
    let name = NAMES.into_iter().find(|name| !is_used(module, name))?;
    let at = module.expr_span(expr);
    let function = module.function(parents.function(Node::Expr(expr)));
    if !function.is_async || function.kind == FnKind::Module {
        return None;
    }
    let first = format!("const {name} = await {};{}{indent}", at.of(text), line_end(text));
    Some(vec![edit(program, file, Span::new(span.start, span.start), first), edit(program, file, at, name.to_owned())])
}

/// `const a = check(); await Promise.all([a, b])`: the first statement waits.
fn wait_where_it_is_stored(program: &Program, element: ExprKey) -> Option<Vec<Edit>> {
    let ExprKey { file, expr } = element;
    let module = program.module(file);
    let Expr::Read(binding) = module.expr(expr) else { return None };
    let facts = &program.file(file).facts;
    let is_plain = facts.reads(binding).len() == 1 && facts.assignments(binding).is_empty();
    let source = module.binding(binding).source.filter(|_| is_plain)?;
    let SourceOf::Expr(value) = source.of else { return None };
    let function = program.file(file).parents.function(Node::Expr(value));
    if !source.steps.is_empty()
        || !matches!(module.expr(value), Expr::Call { .. })
        || !module.function(function).is_async
    {
        return None;
    }
    let start = module.expr_span(value).start;
    Some(vec![edit(program, file, Span::new(start, start), "await ".to_owned())])
}

/// The statement that holds an expression, if it stands in a list of statements.
fn statement_in_block(program: &Program, file: FileId, expr: ExprId) -> Option<StmtId> {
    let (module, parents) = (program.module(file), &program.file(file).parents);
    let stmt = parents.statement(Node::Expr(expr))?;
    let is_simple = matches!(module.stmt(stmt), Stmt::Do(_) | Stmt::Let { .. } | Stmt::Return(_));
    let is_listed = match parents.of(Node::Stmt(stmt)) {
        Some(Node::Stmt(outer)) => matches!(module.stmt(outer), Stmt::Block(_)),
        _ => false,
    };
    (is_simple && is_listed).then_some(stmt)
}

fn is_used(module: &Module, name: &str) -> bool {
    let is_bound = module.bindings.iter().any(|binding| module.name(binding.name) == name);
    is_bound || module.exprs.iter().any(|expr| matches!(expr, Expr::Global(global) if module.name(*global) == name))
}
