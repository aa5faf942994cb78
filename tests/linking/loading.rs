//! What a change reaches in files that it does not touch, and which of them are read for it.
//!
//! In: both sides. Out: the findings that count, and what was read.

use failpath::change::Side;
use failpath::git::compare_texts;
use failpath::pipeline::{Catalogue, Log, Setup};
use failpath::verdict::Report;
use failpath::{View, judge};
use std::collections::BTreeMap;

/// A file: its path, its text on base, and on head.
type File<'a> = (&'a str, &'a str, &'a str);

fn report(files: &[File]) -> (Report, String) {
    let side = |text: fn(&File) -> String| {
        let all = files.iter().map(|file| (file.0.to_owned(), text(file)));
        all.filter(|(_, text)| !text.is_empty()).collect::<BTreeMap<_, _>>()
    };
    let (mut change, reader) = compare_texts(&side(|file| file.1.to_owned()), &side(|file| file.2.to_owned())).unwrap();
    // Of texts at hand all are read; here they stand for a repository.
    change.head = Side::Index;
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
fn only_what_a_difference_reaches_is_read() {
    let route = same("app/api/route.ts", ROUTE);
    let quiet = same("lib/quiet.ts", "export const unrelated = 1");
    let text = |note: &str| format!("import {{ x }} from './quiet';\n// {note}\n{THROWS}");
    let (before, after) = (text("a"), text("b"));
    assert_eq!(loaded(&[route, quiet, ("lib/auth.ts", &before, &after), APPS, TSCONFIG]), 0);
}

fn loaded(files: &[File]) -> usize {
    let (_, stats) = report(files);
    let line = stats.lines().find(|line| line.starts_with("loaded")).unwrap();
    line.split_whitespace().last().unwrap().parse().unwrap()
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
