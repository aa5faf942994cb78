//! Patterns: flattened to leaves, each with the steps from the root to it.
//!
//! In: parts of pattern nodes. Out: leaves, and the steps' lists.

use super::kind::{Kind, Slot};
use super::value::{Frame, Leaf, Part, Value};
use super::walk::Lowering;
use crate::limits::PATTERN_DEPTH;
use crate::syntax::{Expr, ExprId, Key, List, LostWhy, Step, Target};
use crate::text::Span;

impl Lowering<'_> {
    /// A pattern node is complete.
    pub(super) fn leave_pattern(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let mut leaves = Vec::new();
        match frame.kind {
            Kind::ArrayPattern => {
                let mut index = 0;
                for part in parts {
                    match part.kind {
                        Kind::TComma => index += 1,
                        Kind::RestPattern => leaves.append(&mut self.leaves(*part)),
                        _ => self.step_into(*part, Some(Step::Index(index)), &mut leaves),
                    }
                }
            }
            Kind::ObjectPattern => {
                for part in parts {
                    match (part.kind, part.value) {
                        (Kind::ShorthandPattern, Value::Ident(name)) => {
                            self.step_into(*part, Some(Step::Key(name)), &mut leaves);
                        }
                        (_, Value::Pattern(_)) => leaves.append(&mut self.leaves(*part)),
                        _ => {}
                    }
                }
            }
            Kind::PairPattern => {
                let find = |slot| parts.iter().find(|part| part.slot == slot).copied();
                let step = find(Slot::Key).and_then(|key| match self.key(key) {
                    Key::Name(name) => Some(Step::Key(name)),
                    Key::Computed(expr) => Some(Step::Computed(expr)),
                    Key::None => None,
                });
                if let (Some(value), Some(step)) = (find(Slot::Value), step) {
                    self.step_into(value, Some(step), &mut leaves);
                }
            }
            Kind::RestPattern => {
                for part in parts {
                    self.step_into(*part, Some(Step::Rest), &mut leaves);
                }
            }
            _ => self.leave_default(parts, &mut leaves),
        }
        self.heap.patterns.push(leaves);
        Value::Pattern(self.heap.patterns.len() as u32 - 1)
    }

    /// `left = right` inside a pattern.
    fn leave_default(&mut self, parts: &[Part], leaves: &mut Vec<Leaf>) {
        let find = |slot| parts.iter().find(|part| part.slot == slot).copied();
        let Some(left) = find(Slot::Left) else { return };
        if let Some(right) = find(Slot::Right) {
            let default = self.expr(right);
            if let Value::Ident(name) = left.value {
                self.infer_name(default, name);
            }
            self.step_into(left, Some(Step::Default(default)), leaves);
        } else {
            self.step_into(left, None, leaves);
        }
        if let (Kind::ShorthandPattern, Value::Ident(name)) = (left.kind, left.value) {
            leaves.iter_mut().for_each(|leaf| leaf.steps.push(Step::Key(name)));
        }
    }

    /// The leaves of a part of a pattern, with a further step before theirs.
    fn step_into(&mut self, part: Part, step: Option<Step>, leaves: &mut Vec<Leaf>) {
        let mut inner = self.leaves(part);
        let too_deep = inner.iter().any(|leaf| leaf.steps.len() >= 2 * PATTERN_DEPTH);
        if too_deep {
            self.lost(part.at, LostWhy::Depth);
            inner.retain(|leaf| leaf.steps.len() < 2 * PATTERN_DEPTH);
        }
        for leaf in &mut inner {
            leaf.steps.extend(step);
        }
        leaves.append(&mut inner);
    }

    /// The leaves of a part: a pattern's own, or the part itself.
    pub(super) fn leaves(&mut self, part: Part) -> Vec<Leaf> {
        match part.value {
            Value::Pattern(index) => std::mem::take(&mut self.heap.patterns[index as usize]),
            Value::Ident(_) | Value::Expr(_) | Value::Open(_) => vec![Leaf { to: part, steps: Vec::new() }],
            _ => Vec::new(),
        }
    }

    /// The steps of a leaf, outermost first.
    pub(super) fn steps(&mut self, leaf: &Leaf) -> List<Step> {
        self.b.list(leaf.steps.iter().rev().copied())
    }

    /// A pattern that is assigned to.
    pub(super) fn assigned_pattern(&mut self, index: u32, at: Span) -> ExprId {
        let leaves = std::mem::take(&mut self.heap.patterns[index as usize]);
        let mut targets = Vec::new();
        for leaf in leaves {
            let to = self.expr(leaf.to);
            self.scopes.write(to);
            let steps = self.steps(&leaf);
            targets.push(Target { to, steps });
        }
        let list = self.b.list(targets);
        self.b.expr(Expr::Pattern(list), at)
    }

    /// A property name.
    pub(super) fn key(&mut self, part: Part) -> Key {
        match part.value {
            Value::Key(key) => key,
            Value::Text(name) | Value::Ident(name) | Value::TypeName(name) => Key::Name(name),
            Value::Expr(_) => Key::Name(self.name_at(part.at)),
            _ => Key::None,
        }
    }
}
