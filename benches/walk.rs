//! The yardstick for whole repositories: reads, parses and walks every source file of a folder with
//! two threads, and does nothing else. What a run of failpath takes is told as a multiple of this.
//!
//! In: a folder. Out: one line with files, bytes and nodes. `cargo run --release --example walk -- DIR`

use failpath::syntax::Dialect;
use rayon::prelude::*;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tree_sitter::{Language, Parser};

/// The same for every machine, so that figures can be compared.
const THREADS: usize = 2;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os().nth(1).ok_or("usage: walk DIR")?;
    let files = files(Path::new(&folder));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(THREADS).build()?;
    let (bytes, nodes) = pool.install(|| {
        let each = files.par_iter().map_init(Parser::new, |parser, (path, language)| walk(parser, path, language));
        each.reduce(|| (0, 0), |one, other| (one.0 + other.0, one.1 + other.1))
    });
    writeln!(std::io::stdout(), "{} files, {bytes} bytes, {nodes} nodes", files.len())?;
    Ok(())
}

/// The source files below a folder, as failpath would find them without a repository.
fn files(folder: &Path) -> Vec<(PathBuf, Language)> {
    let mut walk = ignore::WalkBuilder::new(folder);
    walk.standard_filters(false).git_ignore(true).require_git(false);
    walk.filter_entry(|entry| !matches!(entry.file_name().to_str(), Some("node_modules" | ".git")));
    let source = |entry: ignore::DirEntry| {
        let language = match Dialect::of_path(entry.path().to_str()?)? {
            Dialect::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
            Dialect::Tsx => tree_sitter_typescript::LANGUAGE_TSX,
        };
        entry.file_type()?.is_file().then(|| (entry.into_path(), language.into()))
    };
    walk.build().filter_map(|entry| source(entry.ok()?)).collect()
}

/// Bytes and nodes of one file; nothing of one that cannot be read.
fn walk(parser: &mut Parser, path: &Path, language: &Language) -> (usize, usize) {
    let Ok(text) = std::fs::read(path) else { return (0, 0) };
    let tree = parser.set_language(language).ok().and_then(|()| parser.parse(&text, None));
    let Some(tree) = tree else { return (text.len(), 0) };
    let mut cursor = tree.walk();
    let mut nodes = 1;
    loop {
        if cursor.goto_first_child() {
            nodes += 1;
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return (text.len(), nodes);
            }
        }
        nodes += 1;
    }
}
