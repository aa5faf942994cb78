//! What the lowering makes of each construct, and that no text can break it.

mod alike;
mod corpus;
mod dump;
mod outside;
mod repaired;
mod robust;
mod statements;
mod values;

use super::lower;
use crate::syntax::visit::{self, Node};
use crate::syntax::{Dialect, Module};

/// Compares what a text is lowered to.
fn check(text: &str, expected: &str) {
    same(text, Dialect::Tsx, expected);
}

/// The same for syntax that markup rules out.
fn check_ts(text: &str, expected: &str) {
    same(text, Dialect::TypeScript, expected);
}

fn same(text: &str, dialect: Dialect, expected: &str) {
    let module = lower(text, dialect).expect("it is lowered");
    assert!(module.lost.is_empty(), "{text}: {:?}", module.lost);
    consistent(&module);
    let found = dump::module(&module);
    assert!(found.trim_end() == expected, "{text}\nis lowered to\n{found}\nexpected\n{expected}");
}

/// Every node is reached at most once, from one function, and stands after its children.
fn consistent(module: &Module) {
    let mut seen = std::collections::BTreeSet::new();
    let parents = visit::Parents::new(module);
    for function in module.function_ids() {
        visit::walk_function(module, function, &mut |node| {
            assert!(seen.insert(node), "{node:?} is reached twice");
            assert_eq!(parents.function(node), function, "{node:?}");
            visit::children(module, node, &mut |child| {
                assert_eq!(parents.of(child), Some(node), "{child:?}");
                if let (Node::Expr(parent), Node::Expr(child)) = (node, child) {
                    assert!(child < parent, "{child:?} stands after {parent:?}");
                }
            });
            true
        });
    }
}
