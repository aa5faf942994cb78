//! What only tests may do.
//!
//! In: a file. Out: where it gives up, prints past its caller, or ends the process.

use crate::source::SourceFile;

/// Methods that panic.
const METHODS: [&str; 4] = ["unwrap", "expect", "unwrap_err", "expect_err"];
/// Macros that panic or print.
const MACROS: [&str; 9] =
    ["panic", "todo", "unimplemented", "unreachable", "dbg", "print", "println", "eprint", "eprintln"];
/// Functions that end the process.
const ENDS: [[&str; 2]; 2] = [["process", "exit"], ["process", "abort"]];

/// Every use of one of these.
pub fn faults(file: &SourceFile) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |line: usize, what: String| faults.push(format!("{}:{line}: {what}", file.path));
    for method in file.methods.iter().filter(|method| METHODS.contains(&method.path[0].as_str())) {
        fault(method.line, format!("`.{}()` panics", method.path[0]));
    }
    for call in &file.macros {
        if let Some(name) = call.path.last().filter(|name| MACROS.contains(&name.as_str())) {
            fault(call.line, format!("`{name}!`"));
        }
    }
    for mention in &file.named {
        if ENDS.iter().any(|end| mention.path.ends_with(&end.map(str::to_owned))) {
            fault(mention.line, format!("`{}`", mention.text()));
        }
    }
    faults
}

#[test]
fn giving_up_is_found_also_in_macros_and_not_in_tests() {
    let faults = |text: &str| faults(&SourceFile::read("src/text.rs", text));
    assert_eq!(faults("fn f() {\n x.unwrap() }"), ["src/text.rs:2: `.unwrap()` panics"]);
    assert_eq!(faults("fn f() { format!(\"{}\", x.expect(\"y\")) }").len(), 1);
    assert_eq!(faults("fn f() { matches!(x, Y if panic!()) }").len(), 1);
    assert_eq!(faults("fn f() { std::println!(); todo!() }").len(), 2);
    assert_eq!(faults("use std::process::exit; fn f() { std::process::abort() }").len(), 2);
    assert!(faults("fn f() { x.unwrap_or(1); x.expects(); write!(out, \"panic!\") }").is_empty());
    assert!(faults("#[cfg(test)] mod tests { fn f() { x.unwrap() } }").is_empty());
}
