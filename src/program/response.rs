//! Responses: which calls answer a request, and with what status.
//!
//! In: calls and models. Out: statuses, also through wrappers that pass a response on.

use super::calls::Call;
use super::{ExprKey, FileId, Origin, Program};
use crate::model::ResponseStatus;
use crate::syntax::{Expr, ExprId, Key};

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

impl Program {
    /// The status of the response that a call builds, if it builds one.
    pub fn response(&self, file: FileId, call: &Call) -> Option<Status> {
        let Origin::Outside(text) = &call.callee else { return None };
        let (place, default) = self.models.response(text)?;
        let at = ExprKey { file, expr: call.expr };
        let sure = |code: Option<u16>| Some(Status { code, guessed: false });
        match place {
            ResponseStatus::Fixed => sure(Some(*default)),
            ResponseStatus::Argument(index) => match self.args(at).get(*index) {
                Some(arg) => sure(self.status_code(file, arg.value, *default)),
                None => sure(Some(*default)),
            },
            ResponseStatus::Field(index, name) => match self.args(at).get(*index) {
                Some(arg) => sure(self.status_field(file, arg.value, name, *default)),
                None => sure(Some(*default)),
            },
            ResponseStatus::Receiver => sure(self.status_of_receiver(file, call.expr, *default)),
        }
    }

    /// The number in an argument that is a status, or an object with a field `status`.
    fn status_code(&self, file: FileId, value: ExprId, default: u16) -> Option<u16> {
        let module = self.module(file);
        match module.expr(value) {
            Expr::Number(id) => Some(module.numbers[id.index()] as u16),
            Expr::Object(_) => self.status_field(file, value, "status", default),
            _ => None,
        }
    }

    fn status_field(&self, file: FileId, value: ExprId, name: &str, default: u16) -> Option<u16> {
        let module = self.module(file);
        let Expr::Object(fields) = module.expr(value) else { return None };
        let fields = module.list(fields);
        let field = fields.iter().rev().find(|f| matches!(f.key, Key::Name(key) if module.name(key) == name));
        match field {
            Some(field) => match module.expr(field.value) {
                Expr::Number(id) => Some(module.numbers[id.index()] as u16),
                _ => None,
            },
            None if fields.iter().any(|f| f.key == Key::None) => None,
            None => Some(default),
        }
    }

    /// `res.status(401).json(..)`, `res.sendStatus(401)`: the number given earlier in the chain.
    fn status_of_receiver(&self, file: FileId, call: ExprId, default: u16) -> Option<u16> {
        let module = self.module(file);
        let Expr::Call { callee, args } = module.expr(call) else { return None };
        let Expr::Member { of, name } = module.expr(callee) else { return None };
        if module.name(name) == "sendStatus" {
            return self.status_code(file, module.list(args).first()?.value, default);
        }
        let mut receiver = of;
        for _ in 0..WRAPPERS {
            let Expr::Call { callee, args } = module.expr(receiver) else { return Some(default) };
            let Expr::Member { of, name } = module.expr(callee) else { return Some(default) };
            if ["status", "code"].contains(&module.name(name)) {
                return self.status_code(file, module.list(args).first()?.value, default);
            }
            receiver = of;
        }
        None
    }

    /// The status of a value that is returned: a response, or one inside wrappers such as
    /// `withCors(Response.json(..))`.
    pub fn status_of_value(&self, file: FileId, value: ExprId) -> Option<Status> {
        let module = self.module(file);
        let mut value = value;
        let mut guessed = false;
        for _ in 0..WRAPPERS {
            while let Expr::Await(inner) | Expr::Cast { value: inner, .. } = module.expr(value) {
                value = inner;
            }
            if let Expr::Read(binding) = module.expr(value) {
                value = self.value_of(file, binding)?;
                continue;
            }
            let call = self.call(ExprKey { file, expr: value })?;
            if let Some(status) = self.response(file, call) {
                return Some(Status { guessed: status.guessed || guessed, ..status });
            }
            let args = self.args(ExprKey { file, expr: value });
            let (index, arg) = args.iter().enumerate().find(|(_, arg)| self.is_response_like(file, arg.value))?;
            guessed |= !self.passes_status_on(&call.callee, index);
            value = arg.value;
        }
        None
    }

    /// Whether a value may be a response: a call that builds one, or a call around such a call.
    fn is_response_like(&self, file: FileId, value: ExprId) -> bool {
        let mut value = value;
        for _ in 0..WRAPPERS {
            let key = ExprKey { file, expr: value };
            let Some(call) = self.call(key) else { return false };
            if self.response(file, call).is_some() {
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
