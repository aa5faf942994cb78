//! Checks that are only registered while a secret is set: `if (key) app.use(auth)`.
//!
//! In: a function that sets an application up, a condition in it, and the secret that it asks for.
//! Out: the registration that is left out while the secret is unset, with the application going on
//! without it.

use super::{Credential, Mark, Run, Study, World, run};
use crate::program::secret::{self, Kind, Secret};
use crate::program::{ExprKey, FileId, FnKey, Origin, Program};
use crate::syntax::visit::{self, Node};
use crate::syntax::{BindingKind, Exported, Expr, ExprId, FnId, Stmt};

/// The registration of a check that `test` leaves out while `secret` is unset, if what it protects
/// is served all the same.
pub fn registered(program: &Program, file: FileId, function: FnId, secret: &Secret, test: ExprId) -> Option<ExprId> {
    let calls = program.file(file).facts.calls(function).iter().copied();
    let checks: Vec<ExprId> =
        calls.filter(|call| registers_check(program, ExprKey { file, expr: *call }, secret)).collect();
    if checks.is_empty() {
        return None;
    }
    let names = secret::group(program.module(file), &secret.name);
    let run = |set, forced| {
        let world = World { secret, names: &names, set, credential: Credential::Right, guesses: false };
        run(program, FnKey { file, function }, world, forced)
    };
    let (with, without) = (run(true, None), run(false, None));
    let reaches = |run: &Run, call: ExprId| run.marks.contains_key(&Mark::Call(call));
    if with.cut || without.cut || checks.iter().any(|call| reaches(&without, *call)) {
        return None;
    }
    let forced = [false, true].map(|truth| run(false, Some((test, truth))));
    checks.into_iter().find(|call| {
        reaches(&with, *call)
            && forced.iter().any(|run| reaches(run, *call))
            && is_served(program, file, *call, &without)
    })
}

/// Whether a call registers a check for every request, and nothing beside it.
fn registers_check(program: &Program, key: ExprKey, secret: &Secret) -> bool {
    let module = program.module(key.file);
    let Expr::Call { callee, .. } = module.expr(key.expr) else { return false };
    let Origin::Outside(text) = program.origin(key.file, callee) else { return false };
    if program.models.ingress_of_call(&text).is_empty() {
        return false;
    }
    let is_path = |value| matches!(module.expr(value), Expr::Text(_) | Expr::Template { .. } | Expr::Regex);
    let mut handlers = program.args(key).iter().filter(|arg| !is_path(arg.value)).peekable();
    handlers.peek().is_some() && handlers.all(|arg| turns_away(program, key.file, arg.value, secret))
}

/// Whether a value is middleware that turns away callers who do not know the secret.
fn turns_away(program: &Program, file: FileId, value: ExprId, secret: &Secret) -> bool {
    let module = program.module(file);
    if let Origin::Function(handler) = program.origin(file, value) {
        return is_check(program, handler, secret);
    }
    let Expr::Call { callee, args } = module.expr(value) else { return false };
    match program.origin(file, callee) {
        Origin::Function(factory) => {
            let is_secret = |value| secret::chain(module, value).iter().any(|read| read.secret.name == secret.name);
            let given = module.list(args).iter().position(|arg| is_secret(arg.value));
            let secret = match given.and_then(|at| parameter(program, factory, at)) {
                Some(name) => Secret { name, kind: Kind::Stored },
                None => secret.clone(),
            };
            let mut returned = program.file(factory.file).facts.returns(factory.function).iter();
            returned.any(|value| match program.origin(factory.file, *value) {
                Origin::Function(inner) => is_check(program, inner, &secret),
                _ => false,
            })
        }
        Origin::Outside(text) => program.models.roles_of_call(&text).0 & program.models.role("caller-check") != 0,
        _ => false,
    }
}

/// The name of a parameter.
fn parameter(program: &Program, function: FnKey, at: usize) -> Option<String> {
    let module = program.module(function.file);
    let binding = module.function(function.function).params.get(at)?.binding?;
    Some(module.name(module.binding(binding).name).to_owned())
}

fn is_check(program: &Program, handler: FnKey, secret: &Secret) -> bool {
    Study::of(program, handler.file, handler.function, secret).is_some_and(|study| study.is_check())
}

/// Whether the application goes on without the check: it comes from elsewhere, or something else is
/// done with it.
fn is_served(program: &Program, file: FileId, call: ExprId, without: &Run) -> bool {
    let module = program.module(file);
    let Expr::Call { callee, .. } = module.expr(call) else { return false };
    let Expr::Member { of, .. } = module.expr(callee) else { return false };
    let leaves = without.marks.keys().any(|mark| matches!(mark, Mark::Exit(_)));
    let Expr::Read(app) = module.expr(of) else { return leaves };
    let is_exported = module.exports.iter().any(|export| match export.what {
        Exported::Binding(binding) => binding == app,
        Exported::Value(value) => module.expr(value) == Expr::Read(app),
        _ => false,
    });
    if is_exported || matches!(module.binding(app).kind, BindingKind::Param | BindingKind::Import) {
        return leaves;
    }
    without.marks.keys().any(|mark| match mark {
        Mark::Call(other) => *other != call && visit::reads(module, Node::Expr(*other), |name| name == app),
        // The end of the whole body returns nothing.
        Mark::Exit(Node::Stmt(stmt)) if matches!(module.stmt(*stmt), Stmt::Block(_)) => false,
        Mark::Exit(node) => visit::reads(module, *node, |name| name == app),
        Mark::Next(_) | Mark::Value(_) => false,
    })
}
