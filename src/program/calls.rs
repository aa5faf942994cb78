//! Calls: what each call calls, and the roles that this gives it.
//!
//! In: origins and models. Out: [`Call`]s, one for each call and `new` of a file.

use super::again::Moves;
use super::promise::Fate;
use super::{ExprKey, FileId, FnKey, Origin, Program};
use crate::model::Roles;
use crate::syntax::visit::Node;
use crate::syntax::{Arg, Expr, ExprId, FnId, print};
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock};

/// A call or `new`.
#[derive(Debug, Clone)]
pub struct Call {
    /// The expression.
    pub expr: ExprId,
    /// The function that holds it.
    pub function: FnId,
    /// What is called.
    pub callee: Origin,
    /// What is called, as written: `this.client.users.info`.
    pub written: String,
    /// Its roles.
    pub roles: Roles,
    /// The roles among them that only the written name suggests.
    pub guessed: Roles,
    /// Whether it is `new`.
    pub is_new: bool,
    /// Whether it only hangs something on a promise: `.then`, `.catch`, `.finally`.
    pub is_chain: bool,
    /// The ways in which its failures go on, once somebody has asked.
    pub(super) ways: OnceLock<Vec<Fate>>,
    /// The calls that run after it, likewise.
    pub(super) after: OnceLock<Vec<ExprId>>,
}

/// The calls of one file.
#[derive(Debug, Default)]
pub struct Calls {
    list: Vec<Call>,
    /// Their places in the list, the same wherever the files stand.
    by_expr: Arc<FxHashMap<ExprId, u32>>,
    /// The functions that take part in each.
    involved: Vec<Vec<FnKey>>,
}

impl Calls {
    /// Resolves every call of a file, as far as it is analysed. What each calls may be `known` from another
    /// program.
    pub(super) fn new(program: &Program, file: FileId, known: Option<(&Self, &Moves)>) -> Self {
        let module = program.module(file);
        let of_file = program.file(file);
        let of = |function: FnId| of_file.calls(function).map(move |expr| (function, expr));
        let all: Vec<(FnId, ExprId)> = module.function_ids().flat_map(of).collect();
        let (mut list, mut involved) = (Vec::with_capacity(all.len()), Vec::with_capacity(all.len()));
        for (function, expr) in &all {
            let known = known.and_then(|(calls, moves)| calls.one_moved(*expr, moves));
            let (call, functions) = known.unwrap_or_else(|| {
                let call = resolve(program, file, *function, *expr);
                let functions = program.find_involved(ExprKey { file, expr: *expr }, &call.callee);
                (call, functions)
            });
            list.push(call);
            involved.push(functions);
        }
        let by_expr = all.iter().zip(0..).map(|((_, expr), at)| (*expr, at)).collect();
        Self { list, by_expr: Arc::new(by_expr), involved }
    }

    /// One call for a program in which files have other numbers, without what depends on other calls.
    fn one_moved(&self, expr: ExprId, moves: &Moves) -> Option<(Call, Vec<FnKey>)> {
        let at = *self.by_expr.get(&expr)? as usize;
        let call = &self.list[at];
        let callee = moves.origin(&call.callee)?;
        let written = call.written.clone();
        let (ways, after) = (OnceLock::new(), OnceLock::new());
        let involved = self.involved[at].iter().map(|key| moves.function(*key)).collect::<Option<_>>()?;
        Some((Call { callee, written, ways, after, ..*call }, involved))
    }

    /// The same for a program in which files have other numbers.
    pub(super) fn moved(&self, moves: &Moves) -> Option<Self> {
        let call = |call: &Call| Some(Call { callee: moves.origin(&call.callee)?, ..call.clone() });
        let functions = |all: &Vec<FnKey>| all.iter().map(|key| moves.function(*key)).collect::<Option<Vec<_>>>();
        Some(Self {
            list: self.list.iter().map(call).collect::<Option<_>>()?,
            by_expr: Arc::clone(&self.by_expr),
            involved: self.involved.iter().map(functions).collect::<Option<_>>()?,
        })
    }

    /// All of them, by function and then in the order of evaluation.
    pub fn all(&self) -> &[Call] {
        &self.list
    }

    /// The call that an expression is.
    pub fn get(&self, expr: ExprId) -> Option<&Call> {
        self.by_expr.get(&expr).map(|at| &self.list[*at as usize])
    }
}

fn resolve(program: &Program, file: FileId, function: FnId, expr: ExprId) -> Call {
    let module = program.module(file);
    let (callee, is_new) = match module.expr(expr) {
        Expr::Call { callee, .. } => (callee, false),
        Expr::New { callee, .. } => (callee, true),
        _ => (expr, false),
    };
    let origin = match (module.expr(callee), program.origin(file, callee)) {
        // `super(..)` runs the constructor of the base.
        (Expr::Super, Origin::Instance(file, class)) => Origin::Class(file, class),
        (_, origin) => origin,
    };
    let written = print::path(module, callee);
    let is_chain = match module.expr(callee) {
        Expr::Member { name, .. } => ["then", "catch", "finally"].contains(&module.name(name)),
        _ => false,
    };
    let is_chain = is_chain && !matches!(origin, Origin::Function(_));
    // What hangs on a promise does nothing itself, whatever the promise belongs to.
    let (roles, guessed) = if is_chain { (0, 0) } else { program.roles_of(&origin, &written) };
    Call {
        expr,
        function,
        callee: origin,
        written,
        roles,
        guessed,
        is_new,
        is_chain,
        ways: OnceLock::new(),
        after: OnceLock::new(),
    }
}

impl Program {
    /// The call that an expression is.
    pub fn call(&self, key: ExprKey) -> Option<&Call> {
        self.calls[key.file.0 as usize].get(key.expr)
    }

    /// The functions that take part in a call: its callee, its callbacks, what wrappers were given.
    pub fn involved(&self, at: ExprKey) -> &[FnKey] {
        let calls = &self.calls[at.file.0 as usize];
        calls.by_expr.get(&at.expr).map_or(&[], |at| calls.involved[*at as usize].as_slice())
    }

    /// All calls of a file.
    pub fn calls(&self, file: FileId) -> &[Call] {
        self.calls[file.0 as usize].all()
    }

    /// The calls of one function in the order of evaluation.
    pub fn calls_of(&self, key: FnKey) -> impl Iterator<Item = &Call> {
        let calls = &self.calls[key.file.0 as usize];
        self.file(key.file).facts.calls(key.function).iter().filter_map(|expr| calls.get(*expr))
    }

    /// The arguments of a call.
    pub fn args(&self, key: ExprKey) -> &[Arg] {
        let module = self.module(key.file);
        match module.expr(key.expr) {
            Expr::Call { args, .. } | Expr::New { args, .. } => module.list(args),
            _ => &[],
        }
    }

    /// The roles of something that is called, and those among them that only its name suggests.
    pub fn roles_of(&self, origin: &Origin, written: &str) -> (Roles, Roles) {
        let (sure, never) = match origin {
            Origin::Outside(text) => self.models.roles_of_call(text),
            Origin::Function(key) if self.models.names_own() => self.models.roles_of_call(&self.own_name(*key)),
            _ => (0, 0),
        };
        // A name decides only where nothing better is known, or where the source does not tell either: of
        // a logger, where its lines go in the end says nothing about what the call is for.
        let resolved = matches!(origin, Origin::Function(_) | Origin::Class(..) | Origin::Instance(..));
        let kept = if resolved { self.models.named_anyway() } else { Roles::MAX };
        let named = self.models.roles_of_name(written) & kept & !sure & !never;
        (sure | named, named)
    }

    /// How patterns name a function of the project: its path, its class, its name, as in
    /// `./src/credits.ts#Credits.reserve`.
    pub fn own_name(&self, key: FnKey) -> String {
        let module = self.module(key.file);
        let function = module.function(key.function);
        let class = function.class.and_then(|class| module.class(class).name);
        let [class, name] = [class, function.name].map(|name| name.map(|name| module.name(name)));
        let dot = if class.is_some() && name.is_some() { "." } else { "" };
        let path = &self.file(key.file).path;
        format!("./{path}#{}{dot}{}", class.unwrap_or_default(), name.unwrap_or_default())
    }

    /// The function that holds an expression.
    pub fn function_of(&self, key: ExprKey) -> FnKey {
        FnKey { file: key.file, function: self.file(key.file).parents.function(Node::Expr(key.expr)) }
    }
}
