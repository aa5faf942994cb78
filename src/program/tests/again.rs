//! A program with a file rewritten says what the program says that is built of all files.
//!
//! In: files that import each other, and another text for one. Out: the same summaries, calls and callers.

use crate::model::Models;
use crate::program::again::Rewritten;
use crate::program::links::Resolutions;
use crate::program::part::{Counting, Parts};
use crate::program::prepared::Prepared;
use crate::program::resolve::Resolved;
use crate::program::{ExprKey, FnKey, Program, Start};
use crate::source::Source;
use crate::syntax::{Dialect, Module, typescript};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

const FILES: [(&str, &str); 5] = [
    ("api.ts", "export async function ask() { return await fetch('https://example.com') }\n"),
    ("apart.ts", "import { ask } from './api'\nexport class Lost extends Error {}\nexport const apart = () => ask()\n"),
    ("mid.ts", "import { ask } from './api'\nexport async function mid(run: () => void) { run(); return ask() }\n"),
    ("top.ts", "import { mid } from './mid'\nexport async function top() { return await mid(() => {}) }\n"),
    (
        "up.ts",
        "import { Hono } from 'hono'\nimport { top } from './top'\nnew Hono().get('/', async () => { await top() })\n",
    ),
];

/// In which file, and what it becomes.
const OTHERS: [(&str, &str); 4] = [
    (
        "mid.ts",
        "import { ask } from './api'\nexport async function mid(run: () => void) { try { return await ask() } catch { return } }\n",
    ),
    (
        "up.ts",
        "import { Hono } from 'hono'\nimport { top } from './top'\nnew Hono().post('/', async () => { top() })\n",
    ),
    ("api.ts", "export function first() {}\nexport async function ask() { throw new Error('none') }\n"),
    (
        "apart.ts",
        "import { ask } from './api'\nexport class Found extends Error {}\nexport const apart = () => mend(ask())\n",
    ),
];

type Lowered = (Arc<Source>, Arc<Module>);

fn file(text: &str) -> Lowered {
    let source = Source::new(String::new(), text.to_owned());
    (Arc::new(source), Arc::new(typescript::lower(text, Dialect::TypeScript).unwrap()))
}

fn resolutions() -> Resolutions {
    let to = |(path, text): &(&str, &str)| {
        let names = FILES.iter().map(|(path, _)| path.trim_end_matches(".ts"));
        let imported = names.filter(|name| text.contains(&format!("'./{name}'")));
        let all = imported.map(|name| (format!("./{name}"), Resolved::File(format!("{name}.ts"))));
        ((*path).to_owned(), all.collect::<BTreeMap<_, _>>())
    };
    FILES.iter().map(to).collect()
}

/// Everything that is known of a program across its functions.
fn told(program: &Program) -> String {
    let mut text = format!("{:?}\n", program.entries);
    for file in program.file_ids() {
        for function in program.module(file).function_ids() {
            let key = FnKey { file, function };
            let callers: Vec<ExprKey> = program.callers(key).collect();
            writeln!(text, "{key:?} {:?} {callers:?}", program.summary(key)).unwrap();
        }
        for call in program.calls(file) {
            let ways = program.ways(ExprKey { file, expr: call.expr });
            writeln!(text, "{} {:?} {} {ways:?}", call.written, call.callee, call.roles).unwrap();
        }
    }
    text
}

#[test]
fn a_rewritten_file_makes_the_program_that_all_files_make() {
    let models = Arc::new(Models::load(&[]).unwrap());
    let (resolutions, scopes) = (resolutions(), BTreeSet::new());
    let of = |files: Vec<(&str, &str)>| {
        let files = files.into_iter().map(|(path, text)| {
            let (source, module) = file(text);
            (path.to_owned(), source, module)
        });
        Program::linked(files.collect(), Arc::clone(&models), BTreeMap::new(), &resolutions, &scopes)
    };
    let before = of(FILES.to_vec());
    for (path, text) in OTHERS {
        let after = of(FILES.iter().map(|(known, old)| (*known, if *known == path { text } else { *old })).collect());
        let id = before.file_ids().find(|id| before.file(*id).path == path).unwrap();
        let rewritten = Rewritten::from([(id, file(text))]);
        let again = before.again(&rewritten, &resolutions, &scopes, &Prepared::default());
        assert_eq!(told(&again), told(&after), "{path}");
        assert_ne!(told(&again), told(&before), "{path}");
    }
}

#[test]
fn what_is_known_is_taken_over_wherever_files_stand() {
    let models = Arc::new(Models::load(&[]).unwrap());
    let scopes = BTreeSet::new();
    let (parts, prepared) = (Parts::new(), Prepared::default());
    let lowered: BTreeMap<&str, _> = FILES.iter().map(|(path, text)| (*path, file(text))).collect();
    // One of them goes, another one comes, and one is rewritten.
    let more = ("a.ts", "import { top } from './top'\nexport const more = () => top()\n");
    for gone in ["", "up.ts", "mid.ts", "api.ts"] {
        for (path, text) in OTHERS {
            let of = |files: Vec<(&str, Lowered)>, like: Option<&Program>| {
                let names: BTreeSet<&str> = files.iter().map(|(path, _)| *path).collect();
                let mut resolutions = resolutions();
                resolutions
                    .insert(more.0.to_owned(), BTreeMap::from([("./top".into(), Resolved::File("top.ts".into()))]));
                resolutions.retain(|path, _| names.contains(path.as_str()));
                let files = files.into_iter().map(|(path, (source, module))| (path.to_owned(), source, module));
                let start = Start { parts: &parts, prepared: &prepared, like: like.as_slice() };
                Program::prepared(files.collect(), Arc::clone(&models), BTreeMap::new(), &resolutions, &scopes, start)
            };
            let before = of(lowered.iter().map(|(path, known)| (*path, known.clone())).collect(), None);
            let kept = lowered.iter().filter(|(known, _)| ![gone, path].contains(known));
            let mut files: Vec<_> = kept.map(|(path, known)| (*path, known.clone())).collect();
            files.extend([(path, file(text)), (more.0, file(more.1))]);
            files.dedup_by_key(|(path, _)| *path);
            assert_eq!(told(&of(files.clone(), Some(&before))), told(&of(files, None)), "{path} without {gone}");
        }
    }
}

#[test]
fn what_is_analysed_besides_shows_wherever_it_matters() {
    const LIB: &str = "import { ask } from './api'\nlet kept\nexport const list = []\n\
        export async function one(run: () => void) { run(); kept = two(); return 1 }\n\
        export async function two() { list.push(ask()); return await ask() }\n\
        export function late() { return kept.catch(list.length ? two : one) }\n\
        export class Store { async find() { return await ask() }\n async drop() { return await this.find() } }\n";
    const TOP: &str = "import { one, two, late, Store } from './lib'\nexport const top = async () => await one(() => {})\n\
        export async function other() { await two(); await late() }\n\
        export const store = async (of: Store) => await of.drop()\n";
    let models = Arc::new(Models::load(&[]).unwrap());
    let lowered = BTreeMap::from([("api.ts", file(FILES[0].1)), ("lib.ts", file(LIB)), ("top.ts", file(TOP))]);
    let to = |name: &str| BTreeMap::from([(format!("./{name}"), Resolved::File(format!("{name}.ts")))]);
    let resolutions = BTreeMap::from([("lib.ts".to_owned(), to("api")), ("top.ts".to_owned(), to("lib"))]);
    let prepared = Prepared::default();
    let of = |names: &[&str], like: &[&Program]| {
        let nodes = |of: &&str| prepared.of(&lowered["lib.ts"].1).refs().behind([*of]).nodes;
        let counting = Counting { known: names.iter().flat_map(nodes).collect(), touched: BTreeSet::new() };
        let parts = Parts::from([("lib.ts".to_owned(), counting)]);
        let files =
            lowered.iter().map(|(path, (source, module))| ((*path).to_owned(), Arc::clone(source), Arc::clone(module)));
        let start = Start { parts: &parts, prepared: &prepared, like };
        Program::prepared(files.collect(), Arc::clone(&models), BTreeMap::new(), &resolutions, &BTreeSet::new(), start)
    };
    let all: [&[&str]; 6] = [&[], &["one"], &["two"], &["late"], &["Store.drop"], &["one", "late", "Store"]];
    for before in all {
        let known = of(before, &[]);
        for now in all {
            let fresh = told(&of(now, &[]));
            assert_eq!(told(&of(now, &[&known])), fresh, "{before:?} {now:?}");
            let between = of(&["two", "late"], &[&known]);
            assert_eq!(told(&of(now, &[&between, &known])), fresh, "{before:?} {now:?}");
        }
    }
}
