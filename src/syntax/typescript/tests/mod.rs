//! What the lowering makes of each construct, and that no text can break it.

mod corpus;
mod dump;
mod forms;
mod robust;

use super::lower;
use crate::syntax::visit::{self, Node};
use crate::syntax::{Dialect, Module};

/// Lowers a text of which every part is understood, and checks the form's inner order.
fn module(text: &str) -> Module {
    let module = lower(text, Dialect::Tsx).expect("it is lowered");
    assert!(module.lost.is_empty(), "{text}: {:?}", module.lost);
    consistent(&module);
    module
}

/// The module as text.
fn dump(text: &str) -> String {
    dump::module(&module(text))
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
