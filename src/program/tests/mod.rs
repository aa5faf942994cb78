//! Programs from texts, and readable answers of the failure analysis about them.
//!
//! In: TypeScript. Out: failures, fates, routes and origins as text.

mod again;
mod entries;
mod guards;
mod look_alikes;
mod origins;
mod parts;
mod responses;
mod robust;
mod skipped;
mod values;
mod wrappers;

use super::escape::Class;
use super::route::{Caught, End};
use super::{ExprKey, FileId, FnKey, Origin, Program};
use crate::model::Models;
use crate::source::Source;
use crate::syntax::manifest::Manifest;
use crate::syntax::{Dialect, FnId, typescript};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The client that most texts fail with.
const SLACK: &str = "import { WebClient } from '@slack/web-api';\nconst client = new WebClient('t');\n";

/// A program of files; `package.json` is read as a manifest.
fn program_of(files: &[(&str, &str)]) -> Program {
    static MODELS: OnceLock<Arc<Models>> = OnceLock::new();
    let models = MODELS.get_or_init(|| Arc::new(Models::load(&[]).unwrap())).clone();
    let (mut modules, mut manifests) = (Vec::new(), BTreeMap::new());
    for (path, text) in files {
        if let Some(folder) = path.strip_suffix("package.json") {
            manifests.insert(folder.trim_end_matches('/').to_owned(), Manifest::read(text).unwrap());
            continue;
        }
        let dialect = Dialect::of_path(path).unwrap();
        let module = typescript::lower(text, dialect).unwrap();
        assert!(module.lost.is_empty(), "{path}: {:?}", module.lost);
        modules.push(((*path).to_owned(), Arc::new(Source::new(String::new(), (*text).to_owned())), Arc::new(module)));
    }
    Program::new(modules, models, manifests)
}

/// A program of one file that has a Slack `client`.
fn program(text: &str) -> Program {
    program_of(&[("src/a.ts", &format!("{SLACK}{text}"))])
}

fn function(program: &Program, name: &str) -> FnKey {
    for file in program.file_ids() {
        let module = program.module(file);
        let is_it = |id: &FnId| module.function(*id).name.is_some_and(|known| module.name(known) == name);
        if let Some(function) = module.function_ids().find(is_it) {
            return FnKey { file, function };
        }
    }
    panic!("no function {name}");
}

fn class(program: &Program, class: &Class, sink: ExprKey) -> String {
    let written = program.call(sink).map_or("", |call| call.written.as_str());
    match class {
        Class::Param { index, path, .. } => format!("param {index}{path}"),
        Class::Auth(name) => format!("auth {name}"),
        Class::Api => format!("api {}", written.rsplit("client.").next().unwrap()),
        Class::Thrown(name) => format!("thrown {name}"),
        Class::Unknown => format!("unknown {written}"),
    }
}

/// What escapes a function: `api users.info, auth Forbidden`.
fn escapes_in(program: &Program, name: &str) -> String {
    let summary = program.summary(function(program, name));
    let all: Vec<String> = summary.escape.iter().map(|failure| class(program, &failure.class, failure.sink)).collect();
    all.join(", ")
}

/// What escapes the function `f` of a text.
fn escapes(text: &str) -> String {
    escapes_in(&program(text), "f")
}

/// The first call that is written like this.
fn call(program: &Program, written: &str) -> ExprKey {
    for file in program.file_ids() {
        if let Some(call) = program.calls(file).iter().find(|call| call.written == written) {
            return ExprKey { file, expr: call.expr };
        }
    }
    panic!("no call {written}");
}

/// Where the failure of a call gets: `lost handler`, `catch in f`.
fn routes(program: &Program, written: &str) -> Vec<String> {
    let mut all: Vec<String> = program
        .routes(call(program, written), &Class::Api)
        .iter()
        .map(|route| match &route.end {
            End::Entry(entry, on_throw) => format!("{} {}", on_throw.name(), entry.name),
            End::Catch(function, caught) => {
                let module = program.module(function.file);
                let name = module.function(function.function).name.map_or("", |name| module.name(name));
                let kind = if matches!(caught, Caught::Try(_)) { "catch" } else { "handler" };
                format!("{kind} in {name}")
            }
        })
        .collect();
    all.sort();
    all.dedup();
    all
}

/// The calls that are skipped when this one fails, in its own function.
fn after(text: &str, written: &str) -> Vec<String> {
    let program = program(text);
    let at = call(&program, written);
    program
        .after(at)
        .iter()
        .copied()
        .filter_map(|expr| Some(program.call(ExprKey { file: at.file, expr })?.written.clone()))
        .collect()
}

/// The entries of a program: `event lost app.message`.
fn entries(program: &Program) -> Vec<String> {
    let entries = program.entries.iter();
    entries.map(|entry| format!("{} {} {}", entry.kind, entry.on_throw.name(), entry.name)).collect()
}

/// The origin of what a call calls.
fn origin(program: &Program, written: &str) -> String {
    describe(program, &program.call(call(program, written)).unwrap().callee)
}

fn describe(program: &Program, origin: &Origin) -> String {
    let name = |file: FileId, name| program.module(file).name(name).to_owned();
    match origin {
        Origin::Outside(text) => text.clone(),
        Origin::Import(from, what) => format!("{what} from {from}"),
        Origin::Function(key) => {
            let function = program.module(key.file).function(key.function);
            format!("function {}", function.name.map_or_else(String::new, |known| name(key.file, known)))
        }
        Origin::Class(file, id) | Origin::Instance(file, id) => {
            let class = program.module(*file).class(*id).name;
            let kind = if matches!(origin, Origin::Class(..)) { "class" } else { "instance" };
            format!("{kind} {}", class.map_or_else(String::new, |known| name(*file, known)))
        }
        Origin::Literal(_) => "literal".to_owned(),
        Origin::Module(file) => format!("all of {}", program.file(*file).path),
        Origin::Param { index, path, .. } => format!("param {index}{path}"),
        Origin::Unknown => "unknown".to_owned(),
    }
}
