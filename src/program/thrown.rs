//! What `throw` statements throw, and which errors mean that the caller is not allowed.
//!
//! In: `throw` statements and the classes they name. Out: [`Failure`]s.

use super::failure::{Class, Failure};
use super::{ExprKey, FileId, FnKey, Origin, Program};
use crate::syntax::visit::Node;
use crate::syntax::{ClassId, Expr, ExprId, Key, Stmt, StmtId};
use std::sync::Arc;

/// Classes above a class that are looked at.
pub(super) const BASES: usize = 8;

impl Program {
    /// What a `throw` statement throws; `None` for a rethrown error, whose class is already known.
    pub(super) fn thrown(&self, file: FileId, stmt: StmtId) -> Option<Failure> {
        let module = self.module(file);
        let Stmt::Throw(value) = module.stmt(stmt) else { return None };
        let sink = ExprKey { file, expr: value };
        let value = module.awaited(value);
        let (Expr::New { callee, .. } | Expr::Call { callee, .. }) = module.expr(value) else { return None };
        let name: Arc<str> = Arc::from(self.class_name(file, callee).unwrap_or("Error"));
        let auth = self.is_auth_error(file, callee, &name)
            || self.has_auth_status(file, value) && !self.speaks_for_a_service(file, stmt);
        let class = if auth { Class::Auth(name) } else { Class::Thrown(name) };
        Some(Failure { class, sink, guessed: false })
    }

    /// Whether an error class means that the caller is not allowed, by its name or a base's.
    fn is_auth_error(&self, file: FileId, callee: ExprId, name: &str) -> bool {
        let role = self.models.role("auth-error");
        if self.models.roles_of_name(name) & role != 0 {
            return true;
        }
        let means_it = |name: &str| self.models.roles_of_name(name) & role != 0;
        let Origin::Class(at, class) = self.origin(file, callee) else { return false };
        self.extended(at, class).any(|(at, extends)| self.class_name(at, extends).is_some_and(means_it))
    }

    /// What the classes from this one upwards extend, each with the file that says so.
    pub(super) fn extended(&self, file: FileId, class: ClassId) -> impl Iterator<Item = (FileId, ExprId)> + '_ {
        let of = |file: FileId, class: ClassId| Some((file, self.module(file).class(class).extends?));
        let above = move |(file, extends): &(FileId, ExprId)| match self.origin(*file, *extends) {
            Origin::Class(file, class) => of(file, class),
            _ => None,
        };
        std::iter::successors(of(file, class), above).take(BASES)
    }

    /// Whether the function of a `throw` asks a third party itself: the status is then what that one says
    /// of the program's own credentials, not of the caller.
    fn speaks_for_a_service(&self, file: FileId, stmt: StmtId) -> bool {
        let function = self.file(file).parents.function(Node::Stmt(stmt));
        let api = self.models.role("api");
        self.calls_of(FnKey { file, function }).any(|call| call.roles & api != 0)
    }

    /// Whether an error is built with a status, a code or a message that means "not you".
    fn has_auth_status(&self, file: FileId, value: ExprId) -> bool {
        let module = self.module(file);
        let is_status = |expr: ExprId| match module.expr(expr) {
            Expr::Number(id) => [401.0, 403.0].contains(&module.numbers[id.index()]),
            Expr::Text(name) => says_no(module.name(name)),
            Expr::Template(id) => {
                let texts = module.list(module.templates[id.index()].texts);
                texts.first().is_some_and(|first| says_no(module.name(*first)))
            }
            _ => false,
        };
        self.args(ExprKey { file, expr: value }).iter().any(|arg| match module.expr(arg.value) {
            Expr::Object(fields) => module.list(fields).iter().any(|field| {
                matches!(field.key, Key::Name(name)
                    if ["status", "statusCode", "code", "httpStatus"].contains(&module.name(name)))
                    && is_status(field.value)
            }),
            _ => is_status(arg.value),
        })
    }
}

/// Whether a message or a code starts with what tells a caller that it is not allowed: a plain
/// `Error("Unauthorized: ..")` is one, too.
fn says_no(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "unauthorized",
        "unauthorised",
        "unauthenticated",
        "forbidden",
        "not authorized",
        "not authenticated",
        "access denied",
        "permission denied",
        "authentication required",
    ];
    let text = text.trim_start();
    WORDS.iter().any(|word| {
        text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
            && !text[word.len()..].starts_with(|next: char| next.is_alphanumeric())
    })
}
