//! Makes text of a change harmless where it is printed: names, paths and code are written by
//! whoever wants the change merged, and terminals, CI runners and Markdown all obey what they read.
//!
//! In: any text. Out: text that shows the same thing and commands nothing.

use std::borrow::Cow;
use std::fmt::Write;

/// A visible stand-in with as many UTF-8 bytes as `c`, or `None` where `c` is harmless.
fn substitute(c: char) -> Option<char> {
    let hidden = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    (hidden || c.is_control()).then(|| match c.len_utf8() {
        1 => '?',
        2 => '\u{bf}',
        3 => '\u{fffd}',
        _ => '\u{1f6ab}',
    })
}

fn replace(text: &str, keep: impl Fn(char, Option<char>) -> bool) -> Cow<'_, str> {
    let changed = |c, next| if keep(c, next) { None } else { substitute(c) };
    let pairs = || text.chars().zip(text.chars().skip(1).map(Some).chain([None]));
    if pairs().all(|(c, next)| changed(c, next).is_none()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(pairs().map(|(c, next)| changed(c, next).unwrap_or(c)).collect())
}

/// Source text for a terminal: control characters, escapes and characters that reorder or hide text
/// become visible ones of the same length in bytes, so that spans still fit. Tabs and line ends stay.
pub fn safe_terminal(text: &str) -> Cow<'_, str> {
    replace(text, |c, next| matches!(c, '\n' | '\t') || (c == '\r' && next == Some('\n')))
}

/// A name, path or message for one line of a terminal: as [`safe_terminal`], without line ends and tabs.
pub fn safe_line(text: &str) -> Cow<'_, str> {
    replace(text, |_, _| false)
}

/// The message of a workflow command (`::error ..::message`).
pub fn safe_workflow(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command (`file=..`).
pub fn safe_workflow_property(text: &str) -> String {
    safe_workflow(text).replace(':', "%3A").replace(',', "%2C")
}

/// Text that is printed to the log of a workflow: no line of it is a command any more. The runner
/// obeys `::name::` at the start of a line (after white space) and `##[name]` anywhere.
pub fn break_workflow_commands(text: &str) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("##[") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive(['\n', '\r']) {
        let body = line.trim_start();
        let indent = &line[..line.len() - body.len()];
        out.push_str(indent);
        match body.strip_prefix("::") {
            Some(rest) => {
                out.push_str(": :");
                out.push_str(&rest.replace("##[", "# #["));
            }
            None => out.push_str(&body.replace("##[", "# #[")),
        }
    }
    Cow::Owned(out)
}

/// JSON on a terminal: the same value, with what could hide or reorder text written as escapes.
pub fn safe_json(json: &str) -> Cow<'_, str> {
    let hidden = |c: char| c != '\n' && substitute(c).is_some();
    if !json.contains(hidden) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if hidden(c) {
            // Such characters stand inside strings only. Writing to a String cannot fail.
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                let _ = write!(out, "\\u{unit:04x}");
            });
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// JSON that is printed to the log of a workflow: the same value, spelt so that the runner sees no
/// command. `##[` can only stand inside a string there.
pub fn break_workflow_commands_in_json(json: &str) -> String {
    json.replace("##[", "#\\u0023[")
}

/// Plain text inside Markdown: everything that could become markup, a link, a mention or HTML is an
/// entity, and line ends are spaces.
pub fn safe_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in safe_line(&text.replace(['\n', '\r', '\t'], " ")).chars() {
        match c {
            '&' | '<' | '>' | '"' | '\'' | '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '!' | '|' | '~'
            | '@' | '$' | '=' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "&#{};", c as u32);
            }
            _ => out.push(c),
        }
    }
    // GitHub links these without any markup around them.
    out.replace("://", ":&#47;&#47;").replace("www.", "www&#46;").replace("WWW.", "WWW&#46;")
}

/// Code inside Markdown, as `<code>`: backticks in the text cannot end it.
pub fn safe_markdown_code(text: &str) -> String {
    format!("<code>{}</code>", safe_markdown(text))
}

/// A message with `code` in backticks, as Markdown.
pub fn safe_markdown_message(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return safe_markdown(text);
    }
    let part = |(at, part): (usize, &&str)| if at % 2 == 0 { safe_markdown(part) } else { safe_markdown_code(part) };
    parts.iter().enumerate().map(part).collect()
}

/// A plain-text message in SARIF, where `[text](1)` would be a link.
pub fn safe_sarif(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in replace(text, |c, _| c == '\n').chars() {
        if matches!(c, '[' | ']' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn substitutes_have_the_same_length_and_can_be_seen() {
        let nasty = "a\u{1b}[31mb\u{7}\u{9b}\u{202e}c\u{2066}\u{200b}\u{feff}\r\td\r\ne\u{e0041}\u{61c}\u{7f}";
        let safe = safe_terminal(nasty);
        assert_eq!(safe.len(), nasty.len());
        assert_eq!(safe, "a?[31mb?\u{bf}\u{fffd}c\u{fffd}\u{fffd}\u{fffd}?\td\r\ne\u{1f6ab}\u{bf}?");
        assert_eq!(safe_line("a\nb\tc"), "a?b?c");
        let plain = "const \u{e9} = '\u{1f600}';\n\tok\r\n";
        assert!(matches!(safe_terminal(plain), Cow::Borrowed(_)));
    }

    #[test]
    fn every_scalar_keeps_its_length() {
        for c in '\0'..=char::MAX {
            assert!(substitute(c).is_none_or(|s| s.len_utf8() == c.len_utf8()), "{c:?}");
        }
    }

    #[test]
    fn workflow_commands_lose_their_force() {
        assert_eq!(safe_workflow("50%\r\n::error::x"), "50%25%0D%0A::error::x");
        assert_eq!(safe_workflow_property("a,b:c%\n.ts"), "a%2Cb%3Ac%25%0A.ts");
        let log = "x\n  ::set-output name=a::b\r::add-mask::1\nfoo ##[error]bar\n\u{2003}::stop-commands::t\na::b";
        let broken = break_workflow_commands(log);
        assert!(!broken.contains("##["));
        assert!(broken.split(['\n', '\r']).all(|line| !line.trim_start().starts_with("::")), "{broken}");
        assert!(broken.ends_with("a::b"));
        let json = break_workflow_commands_in_json("{\"a\":\"x###[y]##[z]\"}");
        assert!(!json.contains("##["));
        let value: serde_json::Value = serde_json::from_str(&json).expect("still JSON");
        assert_eq!(value["a"], "x###[y]##[z]");
    }

    #[test]
    fn json_keeps_its_value_but_hides_nothing() {
        let value = serde_json::json!({ "a": "\u{202e}x\u{7f}\u{e0041}\u{1f600}" });
        let text = serde_json::to_string_pretty(&value).expect("a value");
        let safe = safe_json(&text);
        assert!(safe.chars().all(|c| c == '\n' || substitute(c).is_none()), "{safe}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).expect("still JSON"), value);
    }

    #[test]
    fn markdown_stays_text() {
        let safe = safe_markdown("a](javascript:x)`|<img src=x>\n# h @team www.x.y https://z $m$ \u{202e}");
        for bad in ["](", "`", "|", "<", "\n", "@", "www.", "://", "$m", "\u{202e}"] {
            assert!(!safe.contains(bad), "{bad:?} in {safe}");
        }
        assert!(!safe.contains("# h"), "{safe}");
        assert_eq!(safe_markdown_message("if `a|b` fails"), "if <code>a&#124;b</code> fails");
        assert_eq!(safe_markdown_message("odd ` one"), "odd &#96; one");
    }

    #[test]
    fn sarif_messages_hold_no_links() {
        assert_eq!(safe_sarif("a[b](1)\\ \u{1b}"), "a\\[b\\](1)\\\\ ?");
    }
}
