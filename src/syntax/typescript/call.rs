//! Calls, members, optional chains.
//!
//! In: parts of call, member and subscript nodes. Out: expressions; a chain stays open until
//! something other than a further link takes it.

use super::expr::in_slot;
use super::kind::{Kind, Slot};
use super::value::{Frame, Part, Value};
use super::walk::Lowering;
use crate::syntax::{Arg, Expr, ExprId, Key, List};
use crate::text::Span;

impl Lowering<'_> {
    /// The object or callee of a link, and whether it is part of an open chain.
    fn link(&mut self, part: Option<Part>, optional: bool, frame: &Frame) -> (ExprId, bool) {
        let (id, open) = match part {
            Some(Part { value: Value::Open(id), .. }) => (id, true),
            Some(part) => (self.expr(part), false),
            None => (self.b.expr(Expr::Lost, frame.at), false),
        };
        if optional {
            let at = self.b.module.expr_span(id);
            return (self.b.expr(Expr::OptionalLink(id), at), true);
        }
        (id, open)
    }

    fn linked(&mut self, expr: Expr, open: bool, frame: &Frame) -> Value {
        let id = self.b.expr(expr, frame.at);
        if open { Value::Open(id) } else { Value::Expr(id) }
    }

    /// A call, `new`, member or subscript is complete.
    pub(super) fn leave_link(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let optional = parts.iter().any(|part| matches!(part.kind, Kind::OptionalChain | Kind::TOptional));
        match frame.kind {
            Kind::Member | Kind::NestedIdentifier => {
                let object = in_slot(parts, Slot::Object);
                if object.is_some_and(|object| object.kind == Kind::Import) {
                    let name = self.name_at(frame.at);
                    return self.out(Expr::Meta(name), frame.at);
                }
                let (of, open) = self.link(object, optional, frame);
                let key = in_slot(parts, Slot::Property).map_or(Key::None, |part| self.key(part));
                let Key::Name(name) = key else { return self.linked(Expr::Lost, open, frame) };
                self.linked(Expr::Member { of, name }, open, frame)
            }
            Kind::Subscript => {
                let (of, open) = self.link(in_slot(parts, Slot::Object), optional, frame);
                match in_slot(parts, Slot::Index) {
                    Some(Part { value: Value::Text(name), .. }) => self.linked(Expr::Member { of, name }, open, frame),
                    index => {
                        let key = match index {
                            Some(part) => self.expr(part),
                            None => self.b.expr(Expr::Lost, frame.at),
                        };
                        self.linked(Expr::Index { of, key }, open, frame)
                    }
                }
            }
            Kind::New => {
                let callee = self.expr_in(parts, Slot::Constructor, frame.at);
                let args = self.args(parts);
                self.out(Expr::New { callee, args }, frame.at)
            }
            _ => self.leave_call(frame, parts, optional),
        }
    }

    fn leave_call(&mut self, frame: &Frame, parts: &[Part], optional: bool) -> Value {
        let function = in_slot(parts, Slot::Function);
        if function.is_some_and(|function| function.kind == Kind::Import) {
            let args = self.args(parts);
            let values: Vec<ExprId> = self.b.module.list(args).iter().map(|arg| arg.value).collect();
            let value = match values[..] {
                [value] => value,
                [] => self.b.expr(Expr::Lost, frame.at),
                _ => {
                    // `import(x, { with: .. })`: the module is the first, the options are still seen.
                    let module = values[0];
                    let import = self.b.expr(Expr::ImportCall(module), frame.at);
                    let parts = self.b.list(std::iter::once(import).chain(values[1..].iter().copied()));
                    return self.out(Expr::Parts(parts), frame.at);
                }
            };
            return self.out(Expr::ImportCall(value), frame.at);
        }
        let (callee, open) = self.link(function, optional, frame);
        let args = self.args(parts);
        // `await f<T>(x)` is read by the grammar as a call of `await f`.
        if let (Some(Kind::Await), Expr::Await(inner)) =
            (function.map(|function| function.kind), self.b.module.expr(callee))
        {
            self.b.module.exprs[callee.index()] = Expr::Undefined;
            let at = Span::new(self.b.module.expr_span(inner).start, frame.at.end);
            let call = self.b.expr(Expr::Call { callee: inner, args }, at);
            return self.out(Expr::Await(call), frame.at);
        }
        self.linked(Expr::Call { callee, args }, open, frame)
    }

    fn args(&mut self, parts: &[Part]) -> List<Arg> {
        match in_slot(parts, Slot::Arguments) {
            Some(Part { value: Value::Args(args), .. }) => args,
            Some(part) if Self::is_expr(&part) => {
                let value = self.expr(part);
                self.b.list([Arg { value, spread: false }])
            }
            _ => List::EMPTY,
        }
    }
}
