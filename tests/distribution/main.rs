//! What surrounds the program and can break without it noticing: documents, the action, the hook.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

#[cfg(unix)]
mod action;
mod documents;
#[cfg(unix)]
mod runner;

/// Text of a file of the project.
fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Fails unless the command line is one that failpath understands.
fn understood(words: &[String]) {
    assert_eq!(words[0], "failpath");
    if let Err(stop) = failpath::cli::parse(words.iter().map(Into::into)) {
        panic!("{}: {}", words.join(" "), stop.text);
    }
}
