//! Literals: from their text to their value.
//!
//! In: the text between quotes, the digits. Out: the cooked text, the number.

use std::borrow::Cow;

/// Replaces escape sequences. An invalid one stands for itself.
pub(super) fn cook(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('v') => out.push('\u{b}'),
            Some('0') => out.push('\0'),
            Some('\r') => {
                chars.next_if_eq(&'\n');
            }
            Some('\n') | None => {}
            Some('x') => out.push(code(&mut chars, 2)),
            Some('u') if chars.next_if_eq(&'{').is_some() => {
                let digits: String = std::iter::from_fn(|| chars.next_if(char::is_ascii_hexdigit)).collect();
                chars.next_if_eq(&'}');
                out.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or('\u{FFFD}'));
            }
            Some('u') => out.push(code(&mut chars, 4)),
            Some(other) => out.push(other),
        }
    }
    Cow::Owned(out)
}

fn code(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, digits: usize) -> char {
    let mut text = String::new();
    while text.len() < digits {
        match chars.next_if(char::is_ascii_hexdigit) {
            Some(digit) => text.push(digit),
            None => break,
        }
    }
    u32::from_str_radix(&text, 16).ok().and_then(char::from_u32).unwrap_or('\u{FFFD}')
}

/// The value of a number literal; big integers lose their precision.
pub(super) fn number(text: &str) -> f64 {
    let text: String = text.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    let radix = |digits: &str, radix: u32| {
        let digits = digits.trim_end_matches('n');
        digits
            .chars()
            .filter_map(|c| c.to_digit(radix))
            .fold(0.0, |sum, digit| sum * f64::from(radix) + f64::from(digit))
    };
    if let Some(digits) = text.strip_prefix("0x") {
        radix(digits, 16)
    } else if let Some(digits) = text.strip_prefix("0o") {
        radix(digits, 8)
    } else if let Some(digits) = text.strip_prefix("0b") {
        radix(digits, 2)
    } else {
        text.trim_end_matches('n').parse().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_cooked() {
        assert_eq!(cook(r"a\n\x41\u0042\u{43}\'\\"), "a\nABC'\\");
        assert_eq!(cook("a\\\nb\\"), "ab");
    }

    #[test]
    fn numbers_of_every_form_are_read() {
        let texts = ["1_000", "0xFF", "0b11", "0o17", "1e3", ".5", "10n"];
        let values: Vec<f64> = texts.iter().map(|text| number(text)).collect();
        assert_eq!(values, [1000.0, 255.0, 3.0, 15.0, 1000.0, 0.5, 10.0]);
    }
}
