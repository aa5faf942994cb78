//! Names in capital letters, as variables of the environment have: which of them a text says.
//!
//! In: text. Out: whole words of capital letters, digits and underscores, with a letter and an underscore in each. They
//! stand at underscores, which are few, so that looking for all of them costs next to nothing.

use memchr::memchr_iter;

/// Whether a character can be part of a name.
pub fn of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Whether a word is one of those that [`shouted`] finds.
pub fn is_shouted(word: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    word.bytes().all(fits) && word.contains('_') && word.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// The names in capital letters that stand in a text as whole words, in order.
pub fn shouted(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let of_ascii = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let mut done = 0;
    memchr_iter(b'_', bytes).filter_map(move |at| {
        if at < done {
            return None;
        }
        let start = at - bytes[done..at].iter().rev().take_while(|byte| of_ascii(byte)).count();
        let end = at + bytes[at..].iter().take_while(|byte| of_ascii(byte)).count();
        done = end;
        let word = text.get(start..end).filter(|word| is_shouted(word))?;
        let is_whole = !text[..start].ends_with(of_name) && !text[end..].starts_with(of_name);
        is_whole.then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_capitals_are_found_as_whole_words() {
        let all = |text: &'static str| shouted(text).collect::<Vec<_>>();
        assert_eq!(all("A_B=1; env.C_D, `${E_2}` \u{2192}F_G"), ["A_B", "C_D", "E_2", "F_G"]);
        assert_eq!(all("_A A_ __A__"), ["_A", "A_", "__A__"]);
        for none in ["a_B", "A_b", "_", "__1", "A$_B", "\u{e9}A_B", "A_B\u{e9}", "AB", "aA_B"] {
            assert!(shouted(none).next().is_none(), "{none}");
        }
    }

    #[test]
    fn what_is_shouted_is_what_is_found() {
        for word in ["A_B", "_A", "A_", "1_A", "a_B", "_", "A", "", "A_B$"] {
            assert_eq!(is_shouted(word), shouted(word).any(|found| found == word), "{word}");
        }
    }
}
