//! Comes to the nodes of a tree-sitter tree, in the order of the text.
//!
//! In: a text and its tree, which may hold errors. Out: the module.

use super::kind::{Kind, Kinds};
use super::repair::Note;
use super::value::Part;
use super::walk::{Entered, Lowering, Seen};
use crate::syntax::{Dialect, Module};
use crate::text::Span;
use tree_sitter::{Node, Tree, TreeCursor};

/// Lowers a parsed text.
pub(super) fn lower(text: &str, dialect: Dialect, tree: &Tree, notes: Vec<(Span, Note)>) -> Module {
    let mut lowering = Lowering::new(text, dialect, notes);
    run(&mut lowering, Kinds::of(dialect), tree);
    lowering.finish()
}

/// The text of a node.
pub(super) fn span(node: &Node<'_>) -> Span {
    Span::new(node.start_byte() as u32, node.end_byte() as u32)
}

fn run(lowering: &mut Lowering<'_>, kinds: &Kinds, tree: &Tree) {
    let mut cursor = tree.walk();
    let mut parts: Vec<Part> = Vec::new();
    loop {
        let node = cursor.node();
        let (kind, slot, at) = (kinds.kind(&node), kinds.slot(cursor.field_id()), span(&node));
        if matches!(kind, Kind::Comment | Kind::HtmlComment) {
            lowering.comment(at);
        } else {
            let seen = Seen { kind, slot, at, missing: node.is_missing(), empty: node.child_count() == 0 };
            if lowering.enter(seen, &mut parts) == Entered::Open {
                if cursor.goto_first_child() {
                    continue;
                }
                lowering.close(&mut parts);
            }
        }
        if !advance(lowering, &mut cursor, &mut parts) {
            return;
        }
    }
}

/// Moves on to the next node in order, leaving those that are finished; false at the end.
fn advance(lowering: &mut Lowering<'_>, cursor: &mut TreeCursor<'_>, parts: &mut Vec<Part>) -> bool {
    while !cursor.goto_next_sibling() {
        if !cursor.goto_parent() {
            return false;
        }
        lowering.close(parts);
    }
    true
}
