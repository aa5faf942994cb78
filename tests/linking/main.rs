//! Imports and calls across files: an auth check in another file is known by what it does, not by its
//! name. Every form stands here twice: throwing, and with the same name but not throwing.

#![allow(clippy::unwrap_used)]

mod forms;
mod loading;
mod places;

use failpath::git::{Reader, compare_texts};
use failpath::model::Models;
use failpath::program::escape::Class;
use failpath::program::links::resolve_all;
use failpath::program::resolve::Resolver;
use failpath::program::{ExprKey, Program};
use failpath::source::{At, Sources};
use failpath::syntax::load;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files of one side. `FAIL` in a text becomes a throw, or something harmless.
type Files<'a> = &'a [(&'a str, &'a str)];

const FAIL: &str = "throw new UnauthorizedError('no')";

fn reader(files: Files, fails: bool) -> Reader {
    let by = if fails { FAIL } else { "return null" };
    let texts = files.iter().map(|(path, text)| ((*path).to_owned(), text.replace("FAIL", by))).collect();
    let (_, reader) = compare_texts(&BTreeMap::new(), &texts).expect("compared");
    reader
}

fn program(reader: &Reader) -> (Program, Resolver) {
    let mut sources = Sources::default();
    for path in reader.list(At::Head) {
        sources.head.insert(path.to_owned(), reader.read(At::Head, path).expect("readable"));
    }
    let modules = load::load(&sources).head;
    let resolver = Resolver::new(reader, At::Head);
    let resolutions = resolve_all(&resolver, &modules);
    let files = modules.iter().map(|(path, module)| (path.clone(), sources.head[path].clone(), module.clone()));
    let models = Arc::new(Models::load(&[]).expect("models"));
    let program = Program::linked(files.collect(), models, BTreeMap::new(), &resolutions, resolver.scopes());
    (program, resolver)
}

/// Whether the call written as `callee` in `path` can fail with an auth error; `Some(true)` is a guess.
fn auth(program: &Program, path: &str, callee: &str) -> Option<bool> {
    let file = program.file_ids().find(|id| program.file(*id).path == path).expect("the file");
    let call = program.calls(file).iter().find(|call| call.written == callee);
    let call = call.unwrap_or_else(|| panic!("no call of {callee} in {path}"));
    let failures = program.outer_failures(ExprKey { file, expr: call.expr });
    failures.iter().filter(|failure| matches!(failure.class, Class::Auth(_))).map(|failure| failure.guessed).min()
}

/// Both twins of `files`: known to fail, and known not to.
fn twins(callee: &str, files: Files) {
    let (bad, _) = program(&reader(files, true));
    assert_eq!(auth(&bad, files[0].0, callee), Some(false), "throwing: {files:#?}");
    let (good, _) = program(&reader(files, false));
    assert_eq!(auth(&good, files[0].0, callee), None, "not throwing: {files:#?}");
}

const AUTH: (&str, &str) = ("lib/auth.ts", "export async function requireAuth(r: Request) { FAIL }");
