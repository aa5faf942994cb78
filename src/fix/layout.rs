//! The layout of the text around a place.
//!
//! In: a text and an offset. Out: the white space that a line begins with, and its end.

/// The white space between the beginning of the line and `at`; `None` if anything else stands there.
pub fn indentation(text: &str, at: u32) -> Option<&str> {
    let before = text.get(..at as usize)?;
    let line = before.rsplit('\n').next()?;
    line.chars().all(|c| c == ' ' || c == '\t').then_some(line)
}

/// How lines of the text end.
pub fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_alone_is_indentation() {
        assert_eq!(indentation("a;\n  b;", 5), Some("  "));
        assert_eq!(indentation("a;\n  b; c;", 8), None);
        assert_eq!(indentation("b", 0), Some(""));
        assert_eq!(line_end("a\r\nb"), "\r\n");
        assert_eq!(line_end("a"), "\n");
    }
}
