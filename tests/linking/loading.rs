//! What a change reaches in files that it does not touch, and which of them are read for it.
//!
//! In: both sides. Out: the findings that count, and what was read.

use failpath::change::{Change, Side};
use failpath::git::{Reader, compare_texts};
use failpath::pipeline::{self, Catalogue, Log, Programs, Setup};
use failpath::rule;
use failpath::syntax::load::Nothing;
use failpath::verdict::Report;
use failpath::{View, judge};
use std::collections::BTreeMap;

/// A file: its path, its text on base, and on head.
type File<'a> = (&'a str, &'a str, &'a str);

fn sides(files: &[File]) -> (Change, Reader) {
    let side = |text: fn(&File) -> String| {
        let all = files.iter().map(|file| (file.0.to_owned(), text(file)));
        all.filter(|(_, text)| !text.is_empty()).collect::<BTreeMap<_, _>>()
    };
    let (mut change, reader) = compare_texts(&side(|file| file.1.to_owned()), &side(|file| file.2.to_owned())).unwrap();
    // Of texts at hand all are read; here they stand for a repository.
    change.head = Side::Index;
    (change, reader)
}

fn report(files: &[File]) -> (Report, String) {
    let (change, reader) = sides(files);
    let setup = Setup::new(Catalogue::read(&[]).unwrap(), None, &[]).unwrap();
    let mut log = Log::default();
    let report = judge(&change, &reader, &setup, &View::default(), &mut log);
    (report, log.stats())
}

/// The findings that count, as `rule path`.
fn found(files: &[File]) -> Vec<String> {
    let (report, _) = report(files);
    let counting = report.findings.iter().filter(|judged| judged.verdict.counts());
    counting.map(|judged| format!("{} {}", judged.finding.rule, judged.finding.place.path)).collect()
}

fn same<'a>(path: &'a str, text: &'a str) -> File<'a> {
    (path, text, text)
}

const ROUTE: &str = "import { requireAuth } from '@/lib/auth';
import { apps } from '@/lib/apps';
export async function POST(request: Request) {
  const [user, app] = await Promise.all([requireAuth(request), apps.find(1)]);
  return Response.json({ app, user });
}";
const APPS: File = ("lib/apps.ts", APPS_TEXT, APPS_TEXT);
const APPS_TEXT: &str = "export const apps = { find: async (id) => await (await fetch('https://x.y/' + id)).json() };";
const TSCONFIG: File = ("tsconfig.json", PATHS, PATHS);
const PATHS: &str = r#"{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }"#;
const THROWS: &str = "export async function requireAuth(request) { throw new Error('Unauthorized: no key') }";
const ANSWERS: &str = "export async function requireAuth(request) { return { ok: false } }";

#[test]
fn what_a_changed_file_calls_is_read() {
    let auth = same("lib/auth.ts", THROWS);
    assert_eq!(
        found(&[("app/api/route.ts", "", ROUTE), auth, APPS, TSCONFIG]),
        ["auth-in-promise-all app/api/route.ts"]
    );
    let auth = same("lib/auth.ts", ANSWERS);
    assert_eq!(found(&[("app/api/route.ts", "", ROUTE), auth, APPS, TSCONFIG]), Vec::<String>::new());
}

#[test]
fn a_callee_that_begins_to_throw_is_told_at_the_caller_that_nobody_touched() {
    let route = same("app/api/route.ts", ROUTE);
    assert_eq!(
        found(&[route, ("lib/auth.ts", ANSWERS, THROWS), APPS, TSCONFIG]),
        ["auth-in-promise-all app/api/route.ts"]
    );
    // What was there before is not new, whatever else changes in the file.
    let more = format!("{THROWS}\nexport const other = () => fetch('https://x.y')");
    assert_eq!(found(&[route, ("lib/auth.ts", THROWS, &more), APPS, TSCONFIG]), Vec::<String>::new());
}

#[test]
fn the_way_to_the_caller_may_lead_through_files_between() {
    let route = same("app/api/route.ts", ROUTE);
    let barrel = same("lib/auth/index.ts", "export * from './check'");
    let check = same(
        "lib/auth/check.ts",
        "import { keys } from './keys'; export const requireAuth = async (r) => await keys.verify(r)",
    );
    let service = same("lib/auth/keys.ts", "import { Keys } from '../keys'; export const keys = new Keys()");
    let class = |body: &str| format!("export class Keys {{ async verify(r) {{ {body} }} }}");
    let (before, after) = (class("return null"), class("throw new Error('Forbidden')"));
    let files = [route, barrel, check, service, ("lib/keys.ts", &before, &after), APPS, TSCONFIG];
    assert_eq!(found(&files), ["auth-in-promise-all app/api/route.ts"]);
}

#[test]
fn a_type_that_is_imported_where_it_stands_leads_to_its_file() {
    let keys = same("lib/keys.ts", "export class Keys { async verify(r) { throw new Error('Unauthorized') } }");
    let route = ROUTE
        .replace("import { requireAuth } from '@/lib/auth';", "declare const keys: import('@/lib/keys').Keys;")
        .replace("requireAuth(", "keys.verify(");
    assert_eq!(
        found(&[("app/api/route.ts", "", &route), keys, APPS, TSCONFIG]),
        ["auth-in-promise-all app/api/route.ts"]
    );
}

#[test]
fn only_what_a_difference_reaches_is_read() {
    let route = same("app/api/route.ts", ROUTE);
    let quiet = same("lib/quiet.ts", "export const unrelated = 1");
    let text = |note: &str| format!("import {{ x }} from './quiet';\n// {note}\n{THROWS}");
    let (before, after) = (text("a"), text("b"));
    assert_eq!(loaded(&[route, quiet, ("lib/auth.ts", &before, &after), APPS, TSCONFIG]), 0);
}

fn loaded(files: &[File]) -> usize {
    count("loaded", files)
}

/// One of the counts of `--stats`.
fn count(name: &str, files: &[File]) -> usize {
    let (_, stats) = report(files);
    let line = stats.lines().find(|line| line.split_whitespace().next() == Some(name)).unwrap();
    line.split_whitespace().last().unwrap().parse().unwrap()
}

#[test]
fn callers_are_read_only_for_what_they_can_notice() {
    let caller = same("app/hook.ts", "import { note } from '../lib/note'; export const hook = (x) => note(x)");
    let store = same("lib/store.ts", "export const store = { save: async (x) => await db.insert(x) }");
    let note = |body: &str| format!("import {{ store }} from './store'; export async function note(x) {{ {body} }}");
    let read = |before: &str, after: &str| {
        let (before, after) = (note(before), note(after));
        count("tried", &[caller, store, ("lib/note.ts", &before, &after)]) > 0
    };
    let before = "await store.save(x.id)";
    assert!(!read(before, "const at = new Date().toISOString(); await store.save(x.id)"));
    assert!(!read(before, "const id = String(x.id); await store.save(id)"));
    assert!(read(before, "await store.save(x.id); await store.save(x.name)"));
    assert!(read(before, "await store.save(x.id); if (!x.id) throw new Error('none')"));
    assert!(read(before, "return x.id"));
}

#[test]
fn another_status_is_told_where_it_answers() {
    let route = same(
        "app/api/route.ts",
        "import { requireAuth } from '@/lib/auth';\nimport { failed } from '@/lib/failed';\n\
         export async function POST(request: Request) {\n  try {\n    const user = await requireAuth(request);\n    \
         return Response.json({ user });\n  } catch (error) {\n    return failed();\n  }\n}",
    );
    let failed = |status: u32| format!("export const failed = () => Response.json({{}}, {{ status: {status} }});");
    let (right, wrong) = (failed(401), failed(500));
    let auth = same("lib/auth.ts", THROWS);
    let files = |before, after| [route, auth, ("lib/failed.ts", before, after), TSCONFIG];
    assert_eq!(found(&files(&right, &wrong)), ["auth-error-as-500 app/api/route.ts"]);
    assert_eq!(found(&files(&wrong, &right)), Vec::<String>::new());
}

#[test]
fn nobody_is_asked_for_a_name_that_was_not_there() {
    let caller = same("app/hook.ts", "import { find } from '../lib/find'; export const hook = (x) => find(x)");
    let old = "export const find = async (x) => await (await fetch('https://x.y/' + x)).json();";
    let new = format!("{old}\nexport const other = async () => await fetch('https://x.y');");
    let changed =
        format!("{}\nexport const other = 1;", old.replace("await (", "await fetch('https://z.y'); return await ("));
    assert_eq!(count("scanned", &[caller, ("lib/find.ts", old, &new)]), 0);
    assert_eq!(count("scanned", &[caller, ("lib/more.ts", "", old)]), 0);
    assert_eq!(count("scanned", &[caller, ("lib/find.ts", old, &changed)]), 2);
}

#[test]
fn a_new_file_may_take_the_place_of_another_one() {
    let route = same("app/api/route.ts", ROUTE);
    let folder = same("lib/auth/index.ts", ANSWERS);
    // `@/lib/auth` led to the folder before.
    assert_eq!(
        found(&[route, folder, ("lib/auth.ts", "", THROWS), APPS, TSCONFIG]),
        ["auth-in-promise-all app/api/route.ts"]
    );
}

#[test]
fn settings_that_are_laid_out_anew_move_nothing() {
    let files = |settings| [same("app/api/route.ts", ROUTE), same("lib/auth.ts", ANSWERS), APPS, settings];
    let laid_out = PATHS.replace("{ ", "{\n  // As before.\n  ");
    let moved = PATHS.replace("./*", "./lib/*");
    assert_eq!(count("scanned", &files(("tsconfig.json", PATHS, &laid_out))), 0);
    assert_eq!(count("relinked", &files(("tsconfig.json", PATHS, &moved))), 1);
}

#[test]
fn base_is_asked_where_it_may_say_something_else() {
    let route = same("app/api/route.ts", ROUTE);
    let quiet = ROUTE.replace("requireAuth(request)", "apps.find(2)");
    let quiet = same("app/api/quiet/route.ts", &quiet);
    let more = format!("{THROWS}\nexport const other = () => fetch('https://x.y')");
    for (before, after) in [(ANSWERS, THROWS), (THROWS, ANSWERS), (THROWS, more.as_str())] {
        let auth = ("lib/auth.ts", before, after);
        let (change, reader) = sides(&[route, quiet, auth, APPS, TSCONFIG]);
        let setup = Setup::new(Catalogue::read(&[]).unwrap(), None, &[]).unwrap();
        let mut log = Log::default();
        let mut loaded = pipeline::load(&change, &reader, &setup, &Nothing, &mut log);
        let programs = Programs::build(&change, &reader, &mut loaded, &setup);
        let base = programs.base.as_ref().unwrap();
        let together = rule::run_sides(&setup.rules, base, &programs.head);
        let apart = (rule::run(&setup.rules, base, None), rule::run(&setup.rules, &programs.head, None));
        assert_eq!(together, apart);
    }
}

#[test]
fn a_declaration_that_is_only_laid_out_anew_wants_nothing() {
    let auth = same("lib/auth.ts", THROWS);
    let laid_out = ROUTE.replace("[user, app]", "[\n    user,\n    app,\n  ]");
    let more = |text: &str| format!("{text}\nexport const other = 1;");
    let (of_layout, of_code) = (more(&laid_out), more(&laid_out.replace("find(1)", "find(2)")));
    assert_eq!(loaded(&[("app/api/route.ts", ROUTE, &of_layout), auth, APPS, TSCONFIG]), 0);
    assert_eq!(loaded(&[("app/api/route.ts", ROUTE, &of_code), auth, APPS, TSCONFIG]), 2);
}

#[test]
fn components_that_markup_names_are_not_read() {
    let page = "import { List } from './list'; import { load } from './load';
export default async function Page() { return <List of={await load()} /> }";
    let files = [
        same("app/list.tsx", "export const List = (p) => <ul>{p.of}</ul>"),
        same("app/load.ts", "export const load = async () => 1"),
    ];
    assert_eq!(loaded(&[&[("app/page.tsx", "", page)], &files[..]].concat()), 1);
}

#[test]
fn another_version_of_a_framework_is_told_at_the_handlers_that_nobody_touched() {
    let app = same(
        "src/app.ts",
        "import express from 'express';\nimport { PrismaClient } from '@prisma/client';\nconst app = express();\n\
         const prisma = new PrismaClient();\napp.post('/hook', async (req, res) => {\n\
         const r = await fetch('https://x.y'); await prisma.message.create({ data: { r } }); res.send('ok') });",
    );
    let manifest = |version: &str| format!("{{\"name\":\"x\",\"dependencies\":{{\"express\":\"{version}\"}}}}");
    let (old, new) = (manifest("^4.18.0"), manifest("^5.0.0"));
    // Only from version 5 on does a failure answer; before, nobody does.
    assert_eq!(found(&[app, ("package.json", &new, &old)]), ["unguarded-ingress-call src/app.ts"]);
    assert_eq!(found(&[app, ("package.json", &old, &old.replace("\"x\"", "\"y\""))]), Vec::<String>::new());
}

#[test]
fn reading_ends_at_the_bound_and_says_so() {
    let callers: Vec<(String, String)> = (0..450).map(|at| (format!("app/r{at}/route.ts"), ROUTE.to_owned())).collect();
    let mut files: Vec<File> = callers.iter().map(|(path, text)| same(path, text)).collect();
    files.extend([("lib/auth.ts", ANSWERS, THROWS), APPS, TSCONFIG]);
    let (all, stats) = report(&files);
    assert!(all.limits.iter().any(|limit| limit.name == "loaded"), "{:?} {stats}", all.limits);
    let findings = all.findings.iter().filter(|judged| judged.verdict.counts()).count();
    assert!((300..=400).contains(&findings), "{findings}");
}
