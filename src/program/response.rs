//! Responses: which calls answer a request, and with what status.
//!
//! In: calls and models. Out: statuses, also through wrappers that pass a response on.

use super::calls::Call;
use super::{ExprKey, FileId, FnKey, Origin, Program};
use crate::model::ResponseStatus;
use crate::syntax::visit::Node;
use crate::syntax::{Arg, Expr, ExprId, Key, List, SourceOf, Step};

/// Wrappers around a response that are looked through.
const WRAPPERS: u32 = 6;

/// The status of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Status {
    /// The number; `None` when it is computed.
    pub code: Option<u16>,
    /// Whether a wrapper that is not at hand was assumed to pass it on.
    pub guessed: bool,
}

/// Functions that build a response by calling another one that does.
const BUILDERS: u32 = 2;

/// A number, as far as it is known where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    Known(u16),
    /// What the function's parameter with this number is.
    Param(u16),
    Computed,
}

impl Program {
    /// The status of the response that a call builds, if it builds one.
    pub fn response(&self, file: FileId, call: &Call) -> Option<Status> {
        self.built(file, call, BUILDERS).map(status)
    }

    /// The same with what only the caller of the function around it knows, and whether it is a guess.
    fn built(&self, file: FileId, call: &Call, depth: u32) -> Option<(Code, bool)> {
        let at = ExprKey { file, expr: call.expr };
        let text = match &call.callee {
            Origin::Outside(text) => text,
            Origin::Function(key) if depth > 0 => return self.built_by(*key, at, depth - 1),
            _ => return None,
        };
        let (place, default) = self.models.response(text)?;
        let code = match place {
            ResponseStatus::Fixed => Code::Known(*default),
            ResponseStatus::Argument(index) => match self.args(at).get(*index) {
                Some(arg) => self.status_code(file, arg.value, *default),
                None => Code::Known(*default),
            },
            ResponseStatus::Field(index, name) => match self.args(at).get(*index) {
                Some(arg) => self.status_field(file, arg.value, name, *default),
                None => Code::Known(*default),
            },
            ResponseStatus::Receiver => self.status_of_receiver(file, call.expr, *default),
        };
        Some((code, false))
    }

    /// What a function of the program gives back, if that is a response on every way out of it:
    /// `notFound()`, `problem(message, 400)`.
    fn built_by(&self, key: FnKey, at: ExprKey, depth: u32) -> Option<(Code, bool)> {
        let mut all: Option<(Code, bool)> = None;
        for value in self.file(key.file).facts.returns(key.function) {
            let (code, guessed) = self.built_value(key.file, *value, depth)?;
            let code = match code {
                Code::Param(index) => match self.args(at).get(usize::from(index)) {
                    Some(arg) => self.status_code(at.file, arg.value, 200),
                    None => self.default_code(key, index),
                },
                code => code,
            };
            all = Some(match all {
                Some((known, before)) if known != code => (Code::Computed, guessed || before),
                _ => (code, guessed),
            });
        }
        all
    }

    /// The number in an argument that is a status, or an object with a field `status`.
    fn status_code(&self, file: FileId, value: ExprId, default: u16) -> Code {
        let module = self.module(file);
        match module.expr(value) {
            Expr::Number(id) => Code::Known(module.numbers[id.index()] as u16),
            Expr::Object(_) => self.status_field(file, value, "status", default),
            Expr::Read(binding) => {
                let binding = module.binding(binding);
                if binding.owner != self.file(file).parents.function(Node::Expr(value)) {
                    return Code::Computed;
                }
                match binding.source.map(|source| (source.of, module.list(source.steps))) {
                    Some((SourceOf::Param(index), [] | [Step::Default(_)])) => Code::Param(index),
                    _ => Code::Computed,
                }
            }
            _ => Code::Computed,
        }
    }

    /// The default of a parameter, if that is a number.
    fn default_code(&self, key: FnKey, index: u16) -> Code {
        let module = self.module(key.file);
        let default = module.function(key.function).params.get(usize::from(index)).and_then(|param| param.default);
        match default.map(|value| module.expr(value)) {
            Some(Expr::Number(id)) => Code::Known(module.numbers[id.index()] as u16),
            _ => Code::Computed,
        }
    }

    fn status_field(&self, file: FileId, value: ExprId, name: &str, default: u16) -> Code {
        let module = self.module(file);
        let Expr::Object(fields) = module.expr(value) else { return Code::Computed };
        let fields = module.list(fields);
        let field = fields.iter().rev().find(|f| matches!(f.key, Key::Name(key) if module.name(key) == name));
        match field {
            Some(field) => self.status_code(file, field.value, default),
            None if fields.iter().any(|f| f.key == Key::None) => Code::Computed,
            None => Code::Known(default),
        }
    }

    /// `res.status(401).json(..)`, `res.sendStatus(401)`: the number given earlier in the chain.
    fn status_of_receiver(&self, file: FileId, call: ExprId, default: u16) -> Code {
        let module = self.module(file);
        let given = |args: List<Arg>| match module.list(args).first() {
            Some(arg) => self.status_code(file, arg.value, default),
            None => Code::Computed,
        };
        let Expr::Call { callee, args } = module.expr(call) else { return Code::Computed };
        let Expr::Member { of, name } = module.expr(callee) else { return Code::Computed };
        if module.name(name) == "sendStatus" {
            return given(args);
        }
        let mut receiver = of;
        for _ in 0..WRAPPERS {
            let Expr::Call { callee, args } = module.expr(receiver) else { return Code::Known(default) };
            let Expr::Member { of, name } = module.expr(callee) else { return Code::Known(default) };
            if ["status", "code"].contains(&module.name(name)) {
                return given(args);
            }
            receiver = of;
        }
        Code::Computed
    }

    /// The status of a value that is returned: a response, or one inside wrappers such as
    /// `withCors(Response.json(..))`.
    pub fn status_of_value(&self, file: FileId, value: ExprId) -> Option<Status> {
        self.built_value(file, value, BUILDERS).map(status)
    }

    fn built_value(&self, file: FileId, value: ExprId, depth: u32) -> Option<(Code, bool)> {
        let module = self.module(file);
        let mut value = value;
        let mut guessed = false;
        for _ in 0..WRAPPERS {
            value = module.awaited(value);
            if let Expr::Read(binding) = module.expr(value) {
                value = self.value_of(file, binding)?;
                continue;
            }
            let call = self.call(ExprKey { file, expr: value })?;
            if let Some((code, own)) = self.built(file, call, depth) {
                return Some((code, own || guessed));
            }
            let args = self.args(ExprKey { file, expr: value });
            let (index, arg) =
                args.iter().enumerate().find(|(_, arg)| self.is_response_like(file, arg.value, depth))?;
            guessed |= !self.passes_status_on(&call.callee, index);
            value = arg.value;
        }
        None
    }

    /// Whether a value may be a response: a call that builds one, or a call around such a call.
    fn is_response_like(&self, file: FileId, value: ExprId, depth: u32) -> bool {
        let mut value = value;
        for _ in 0..WRAPPERS {
            let key = ExprKey { file, expr: value };
            let Some(call) = self.call(key) else { return false };
            if self.built(file, call, depth).is_some() {
                return true;
            }
            match self.args(key).first() {
                Some(first) => value = first.value,
                None => return false,
            }
        }
        false
    }
}

fn status((code, guessed): (Code, bool)) -> Status {
    let code = match code {
        Code::Known(code) => Some(code),
        Code::Param(_) | Code::Computed => None,
    };
    Status { code, guessed }
}
