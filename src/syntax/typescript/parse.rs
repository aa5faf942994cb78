//! Text to tree, with care for texts that are made to keep the parser busy.
//!
//! In: text and dialect. Out: a tree, or why there is none.

use super::LowerError;
use super::kind::Kinds;
use crate::limits::{OPEN_TYPE_ARGUMENTS, PARSER_STEP_BYTES, PARSER_STEPS_BASE};
use crate::syntax::Dialect;
use std::ops::ControlFlow;
use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

/// Parses a text.
pub(super) fn parse(text: &str, dialect: Dialect) -> Result<Tree, LowerError> {
    let count = open_type_arguments(text);
    if count > OPEN_TYPE_ARGUMENTS {
        return Err(LowerError::Hostile { count });
    }
    let mut parser = Parser::new();
    parser.set_language(&Kinds::of(dialect).language).map_err(|_| LowerError::Aborted)?;
    let bytes = text.as_bytes();
    let most = PARSER_STEPS_BASE + bytes.len() as u64 / PARSER_STEP_BYTES;
    let mut steps = 0;
    let mut progress = |_: &ParseState| {
        steps += 1;
        if steps > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let tree = parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or(&[]), None, Some(options));
    tree.ok_or(LowerError::Aborted)
}

/// The most `name<` that are open at once. A bracket that closes takes those inside it with it, a
/// semicolon those before it in its bracket. Strings and comments are counted too: leaving them out
/// would need a lexer, whose errors a hostile text could use.
fn open_type_arguments(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let (mut open, mut most): (u32, u32) = (0, 0);
    let mut brackets: Vec<u32> = Vec::new();
    let mut after_name = false;
    for (at, byte) in bytes.iter().enumerate() {
        let before = if at == 0 { 0 } else { bytes[at - 1] };
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        match byte {
            b'<' if after_name && !matches!(next, b'<' | b'=') => {
                open += 1;
                most = most.max(open);
            }
            b'>' if before != b'=' && next != b'=' => open = open.saturating_sub(1),
            b'(' | b'[' | b'{' => brackets.push(open),
            b')' | b']' | b'}' => open = open.min(brackets.pop().unwrap_or(0)),
            b';' => open = open.min(brackets.last().copied().unwrap_or(0)),
            _ => {}
        }
        after_name = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => after_name,
            _ => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..),
        };
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_open_type_arguments_is_refused() {
        for unit in ["f<a,", "f < a,\n", "f<(a,"] {
            let text = format!("x={}", unit.repeat(20_000));
            assert!(matches!(parse(&text, Dialect::TypeScript), Err(LowerError::Hostile { .. })), "{unit}");
        }
    }

    #[test]
    fn real_code_is_not_refused() {
        let generics = format!("type A = {}string{};", "Array<".repeat(50), ">".repeat(50));
        assert!(parse(&generics, Dialect::TypeScript).is_ok());
        let markup = format!("const a = {}x{};", "<div><span>text <b>".repeat(300), "</b></span></div>".repeat(300));
        assert!(parse(&markup, Dialect::Tsx).is_ok());
        let comparisons = "if (a < b) { c = d < e; }\nfor (let i = 0; i < n; i++) {}\n".repeat(500);
        assert_eq!(open_type_arguments(&comparisons), 1);
    }
}
