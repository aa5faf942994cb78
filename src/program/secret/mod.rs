//! Secrets, credentials and surroundings: what an expression stands for in a check of a caller.
//!
//! In: a lowered file and an expression. Out: whether it is a secret of this installation, something
//! the caller sent, a question about the platform, or a setting that turns a check off. Names alone
//! only propose; whether a finding follows is decided by running the function (see `outcome`).

pub mod names;

use crate::syntax::{BinaryOp, BindingId, BindingKind, Expr, ExprId, FnId, Item, LogicOp, Module, SourceOf, Step};
use names::Meaning;

/// Where a secret comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A variable of the environment: `undefined` when unset.
    Env,
    /// A parameter, a field, a setting, a stored value: `undefined` or `null` when unset.
    Stored,
}

/// A secret of this installation, against which callers are checked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret {
    /// The name by which people know it.
    pub name: String,
    /// Where it comes from.
    pub kind: Kind,
}

/// A secret together with where it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The secret.
    pub secret: Secret,
    /// The expression that reads it.
    pub at: ExprId,
}

/// What an expression stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Class {
    /// A secret of this installation.
    Secret(Secret),
    /// Something the caller sent, or a part of it.
    Request,
    /// A question about the platform; in production it has this value.
    Platform(Production),
    /// A setting that turns a check off when it is on.
    OptOut,
    /// None of these.
    Other,
}

/// What a question about the platform is answered in production.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Production {
    /// The text `production`.
    Name,
    /// A flag that is set.
    On,
    /// A flag that is not set.
    Off,
}

/// How far constants are followed.
const FOLLOW: usize = 24;

/// The last names of a member path, outermost first (`ctx.configuration.secret`), the root's name
/// included if it has one. Calls on the way give their own name.
pub fn path(module: &Module, expr: ExprId) -> Vec<&str> {
    let mut names = Vec::new();
    let mut at = expr;
    loop {
        match module.expr(at) {
            Expr::Member { of, name } => {
                names.push(module.name(name));
                at = of;
            }
            Expr::Index { of, .. }
            | Expr::Chain(of)
            | Expr::OptionalLink(of)
            | Expr::Await(of)
            | Expr::Cast { value: of, .. } => at = of,
            Expr::Call { callee, .. } | Expr::New { callee, .. } => at = callee,
            Expr::Read(binding) => {
                names.push(module.name(module.binding(binding).name));
                break;
            }
            Expr::Global(name) => {
                names.push(module.name(name));
                break;
            }
            Expr::This => {
                names.push("this");
                break;
            }
            Expr::Meta(_) => {
                names.push("import.meta");
                break;
            }
            _ => break,
        }
    }
    names.reverse();
    names
}

/// What `of.name` stands for, by the path of `of`.
pub fn field(of: &[&str], name: &str) -> Class {
    let environment = is_environment(of);
    if environment {
        return variable(name);
    }
    if of.iter().any(|part| names::is_request(part)) {
        return Class::Request;
    }
    match names::meaning(name) {
        Meaning::OptOut => return Class::OptOut,
        Meaning::Platform(answer) => return Class::Platform(answer),
        Meaning::Key if of.iter().any(|part| names::is_settings(part)) => return stored(name),
        Meaning::Key if of == ["this"] => return stored(name),
        Meaning::Secret => return stored(name),
        _ => {}
    }
    Class::Other
}

fn stored(name: &str) -> Class {
    Class::Secret(Secret { name: name.to_string(), kind: Kind::Stored })
}

/// What the variable `name` of the environment stands for.
pub fn variable(name: &str) -> Class {
    match names::meaning(name) {
        Meaning::OptOut => Class::OptOut,
        Meaning::Platform(answer) => Class::Platform(answer),
        Meaning::Secret | Meaning::Key => Class::Secret(Secret { name: name.to_string(), kind: Kind::Env }),
        Meaning::None => Class::Other,
    }
}

/// Whether a path is the environment itself: `process.env`, `Bun.env`, `import.meta.env`, `env`, `c.env`.
pub fn is_environment(of: &[&str]) -> bool {
    matches!(of.last(), Some(&("env" | "ENV" | "Env" | "serverEnv" | "environment")))
}

/// What one expression stands for by itself, without following constants.
pub fn direct(module: &Module, expr: ExprId) -> Class {
    match module.expr(expr) {
        Expr::Member { of, name } => field(&path(module, of), module.name(name)),
        Expr::Index { of, key } => match module.expr(key) {
            Expr::Text(name) => field(&path(module, of), module.name(name)),
            _ if is_environment(&path(module, of)) => key_variable(module, key),
            _ => Class::Other,
        },
        Expr::Read(binding) => bound(module, binding),
        Expr::Call { callee, args } => call(module, callee, module.list(args).iter().map(|arg| arg.value)),
        _ => Class::Other,
    }
}

/// `process.env[NAME]` where `NAME` is a constant or says itself what it names.
fn key_variable(module: &Module, key: ExprId) -> Class {
    let Expr::Read(binding) = module.expr(key) else { return Class::Other };
    if let Some(source) = module.binding(binding).source
        && let SourceOf::Expr(value) = source.of
        && let Expr::Text(name) = module.expr(value)
    {
        return variable(module.name(name));
    }
    Class::Other
}

/// What a name stands for where its value is not followed: parameters and imports.
pub fn bound(module: &Module, binding: BindingId) -> Class {
    let bound = module.binding(binding);
    let name = module.name(bound.name);
    let meaning = names::meaning(name);
    match bound.kind {
        BindingKind::Param => match meaning {
            Meaning::Secret => stored(name),
            Meaning::Platform(answer) => Class::Platform(answer),
            Meaning::OptOut => Class::OptOut,
            Meaning::Key | Meaning::None => Class::Request,
        },
        BindingKind::Import => match meaning {
            Meaning::Secret | Meaning::Key if names::is_constant(name) => {
                Class::Secret(Secret { name: name.to_string(), kind: Kind::Env })
            }
            Meaning::Platform(answer) => Class::Platform(answer),
            Meaning::OptOut => Class::OptOut,
            _ => Class::Other,
        },
        BindingKind::Const | BindingKind::Let if meaning == Meaning::Secret && !bound.reassigned => {
            named_constant(module, binding)
        }
        _ => Class::Other,
    }
}

/// A constant that is called a secret and comes from somewhere that does not say more.
fn named_constant(module: &Module, binding: BindingId) -> Class {
    if let Some(secret) = destructured(module, binding) {
        return Class::Secret(secret);
    }
    let Some(mut value) = constant(module, binding) else { return Class::Other };
    while let Expr::Await(of) | Expr::Chain(of) | Expr::Cast { value: of, .. } = module.expr(value) {
        value = of;
    }
    match module.expr(value) {
        Expr::Member { of, name } => match field(&path(module, of), module.name(name)) {
            Class::Other => stored(module.name(module.binding(binding).name)),
            known => known,
        },
        Expr::Call { callee, args } => {
            let known = call(module, callee, module.list(args).iter().map(|arg| arg.value));
            let callee = path(module, callee);
            let made = callee.last().is_some_and(|name| names::must_be_there(name));
            match known {
                Class::Other if !made && !callee.iter().any(|part| names::is_request(part)) => {
                    stored(module.name(module.binding(binding).name))
                }
                known => known,
            }
        }
        _ => Class::Other,
    }
}

/// What the result of a call stands for by the callee's name: `getEnv("X")`, `getWebhookSecret()`.
fn call(module: &Module, callee: ExprId, mut args: impl Iterator<Item = ExprId>) -> Class {
    let callee = path(module, callee);
    let Some(name) = callee.last() else { return Class::Other };
    if names::must_be_there(name) {
        return Class::Other;
    }
    if let Some(first) = args.next()
        && let Expr::Text(text) = module.expr(first)
    {
        let variable_name = module.name(text);
        let reads = names::reads_environment(name)
            || callee.iter().rev().skip(1).any(|part| names::is_settings(part) || is_environment(&[part]));
        if reads && names::is_constant(variable_name) {
            return variable(variable_name);
        }
    }
    if let Meaning::Platform(answer) = names::meaning(name) {
        return Class::Platform(answer);
    }
    if let Some(secret) = names::configured(name) {
        return Class::Secret(Secret { name: secret, kind: Kind::Env });
    }
    match names::gives_secret(name) {
        Some(secret) => stored(&secret),
        None => Class::Other,
    }
}

/// The secrets whose presence a condition asks for: `secret`, `!secret`, `secret != null`,
/// `Boolean(secret)`, `required` where that is such a condition. A comparison with something that
/// the caller sent does not ask for presence.
pub fn presence(module: &Module, test: ExprId) -> Vec<Read> {
    leaves(module, test, |module, leaf| match direct(module, leaf) {
        Class::Secret(secret) => Some(Read { secret, at: leaf }),
        _ => None,
    })
}

/// Whether a condition asks about the platform, and whether it asks for an opt-out.
pub fn surroundings(module: &Module, test: ExprId) -> (bool, bool) {
    let found = leaves(module, test, |module, leaf| match direct(module, leaf) {
        Class::Platform(_) => Some(true),
        Class::OptOut => Some(false),
        _ => None,
    });
    (found.contains(&true), found.contains(&false))
}

/// The parts of a condition that decide it, constants followed.
fn leaves<T>(module: &Module, test: ExprId, mut take: impl FnMut(&Module, ExprId) -> Option<T>) -> Vec<T> {
    let mut found = Vec::new();
    let mut stack = vec![test];
    let mut followed: Vec<BindingId> = Vec::new();
    while let Some(expr) = stack.pop() {
        if let Some(leaf) = take(module, expr) {
            found.push(leaf);
            continue;
        }
        match module.expr(expr) {
            Expr::Not(of)
            | Expr::Await(of)
            | Expr::Chain(of)
            | Expr::OptionalLink(of)
            | Expr::Unary(_, of)
            | Expr::Cast { value: of, .. } => stack.push(of),
            Expr::Logic { left, right, .. } => stack.extend([right, left]),
            Expr::Binary { op, left, right } if is_constant(module, right) && compares(op) => stack.push(left),
            Expr::Binary { op, left, right } if is_constant(module, left) && compares(op) => stack.push(right),
            Expr::Member { of, name } if matches!(module.name(name), "length" | "size") => stack.push(of),
            Expr::Call { callee, args } => match module.expr(callee) {
                Expr::Global(name) if matches!(module.name(name), "Boolean" | "String") => {
                    stack.extend(module.list(args).first().map(|arg| arg.value));
                }
                Expr::Member { of, name } if names::keeps_text(module.name(name)) => stack.push(of),
                _ => {}
            },
            Expr::Read(binding) if followed.len() < FOLLOW && !followed.contains(&binding) => {
                followed.push(binding);
                stack.extend(constant(module, binding));
            }
            _ => {}
        }
    }
    found
}

/// The value of a constant, if it has one without steps; also through `const { a = x } = y` by name.
pub fn constant(module: &Module, binding: BindingId) -> Option<ExprId> {
    let bound = module.binding(binding);
    let source = bound.source?;
    let SourceOf::Expr(value) = source.of else { return None };
    (!bound.reassigned && module.list(source.steps).is_empty()).then_some(value)
}

/// The secret that a destructured constant stands for: `const { webhookSecret } = config`.
pub fn destructured(module: &Module, binding: BindingId) -> Option<Secret> {
    let source = module.binding(binding).source?;
    let mut of = match source.of {
        SourceOf::Expr(value) => path(module, value),
        _ => return None,
    };
    let mut class = Class::Other;
    for step in module.list(source.steps) {
        match *step {
            Step::Key(name) => {
                class = field(&of, module.name(name));
                of.push(module.name(name));
            }
            Step::Default(_) => {}
            Step::Index(_) | Step::Computed(_) | Step::Rest => class = Class::Other,
        }
    }
    match class {
        Class::Secret(secret) => Some(secret),
        _ => None,
    }
}

fn compares(op: BinaryOp) -> bool {
    !matches!(op, BinaryOp::Add | BinaryOp::Sub | BinaryOp::Other | BinaryOp::In | BinaryOp::Instanceof)
}

/// Whether an expression is a literal.
pub fn is_constant(module: &Module, expr: ExprId) -> bool {
    matches!(
        module.expr(expr),
        Expr::Undefined | Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Lost
    )
}

/// The non-empty text that stands in where the left side of `a || b || "text"` is missing.
pub fn literal(module: &Module, expr: ExprId) -> Option<&str> {
    match module.expr(expr) {
        Expr::Text(name) if !module.name(name).is_empty() => Some(module.name(name)),
        Expr::Cast { value, .. } => match module.expr(value) {
            Expr::Text(name) if !module.name(name).is_empty() => Some(module.name(name)),
            _ => None,
        },
        Expr::Read(binding) => match module.expr(constant(module, binding)?) {
            Expr::Text(name) if !module.name(name).is_empty() => Some(module.name(name)),
            _ => None,
        },
        _ => None,
    }
}

/// Every secret of the environment in a chain of fallbacks: `a || b || "text"` has `a` and `b`.
pub fn chain(module: &Module, expr: ExprId) -> Vec<Read> {
    let mut found = Vec::new();
    let mut stack = vec![expr];
    let mut followed = 0;
    while let Some(expr) = stack.pop() {
        if let Class::Secret(secret) = direct(module, expr) {
            found.push(Read { secret, at: expr });
            continue;
        }
        match module.expr(expr) {
            Expr::Logic { op: LogicOp::Or | LogicOp::Coalesce, left, right } => stack.extend([right, left]),
            Expr::Chain(of) | Expr::Cast { value: of, .. } | Expr::OptionalLink(of) => stack.push(of),
            Expr::Call { callee, .. } => match module.expr(callee) {
                Expr::Member { of, name } if names::keeps_text(module.name(name)) => stack.push(of),
                _ => {}
            },
            Expr::Read(binding) if followed < FOLLOW => {
                followed += 1;
                stack.extend(constant(module, binding));
                if let Some(secret) = destructured(module, binding) {
                    found.push(Read { secret, at: expr });
                }
            }
            _ => {}
        }
    }
    found
}

/// Every secret that a text is made of: itself, in a template, in a concatenation, behind a constant.
pub fn made_of(module: &Module, expr: ExprId) -> Vec<Read> {
    let mut found = Vec::new();
    let mut stack = vec![expr];
    let mut steps = 0;
    while let Some(expr) = stack.pop() {
        steps += 1;
        if steps > FOLLOW * 2 {
            break;
        }
        let reads = chain(module, expr);
        if !reads.is_empty() {
            found.extend(reads);
            continue;
        }
        match module.expr(expr) {
            Expr::Template(template) => stack.extend(module.list(module.templates[template.index()].holes)),
            Expr::Binary { op: BinaryOp::Add, left, right } => stack.extend([right, left]),
            Expr::Call { callee, args } if matches!(path(module, callee).first(), Some(&("Buffer" | "String"))) => {
                stack.extend(module.list(args).first().map(|arg| arg.value));
            }
            Expr::Read(binding) => stack.extend(constant(module, binding)),
            _ => {}
        }
    }
    found
}

/// The names of all secrets that stand in for each other: those of every chain of fallbacks in the
/// file that has this one.
pub fn group(module: &Module, secret: &str) -> Vec<String> {
    let mut names = vec![secret.to_string()];
    for (at, expr) in module.exprs.iter().enumerate() {
        if let Expr::Logic { op: LogicOp::Or | LogicOp::Coalesce, .. } = expr {
            let chain = chain(module, ExprId(at as u32));
            if chain.len() > 1 && chain.iter().any(|read| names.contains(&read.secret.name)) {
                names.extend(chain.into_iter().map(|read| read.secret.name));
                names.sort();
                names.dedup();
            }
        }
    }
    names
}

/// The elements of an array literal that are values.
pub fn elements(module: &Module, items: &[Item]) -> Vec<ExprId> {
    let _ = module;
    items
        .iter()
        .filter_map(|item| match *item {
            Item::Value(value) | Item::Spread(value) => Some(value),
            Item::Hole => None,
        })
        .collect()
}

/// Whether a function's own name says that it fights abuse instead of letting callers in.
pub fn is_anti_abuse(module: &Module, function: FnId) -> bool {
    module.function(function).name.is_some_and(|name| names::is_anti_abuse(module.name(name)))
}
