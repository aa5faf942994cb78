//! A run with a cache, with a filled cache, with a damaged cache and without one gives the same bytes,
//! whatever the number of threads; and how many files a change makes it parse.
//!
//! In: a repository with a history, made here. Out: reports and counts.

#![allow(clippy::unwrap_used)]

use failpath::cache::Choice;
use failpath::change::{Range, RepoPath};
use failpath::finding::Confidence;
use failpath::git::{self, Env};
use failpath::pipeline::{Log, with_threads};
use failpath::report::{Format, RenderOptions, render};
use failpath::request::{Color, Comparison, SettingsChoice};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

type Files = BTreeMap<RepoPath, String>;

const SERVICES: usize = 12;
const METHODS: usize = 5;

/// Routes that each use one method of a service, which uses one of a store, behind barrels.
fn repository() -> Files {
    let mut files = Files::new();
    let mut put = |path: String, text: String| _ = files.insert(path, text);
    put(
        "tsconfig.json".into(),
        r#"{"compilerOptions":{"paths":{"@/*":["./src/*"],"@all":["./src/services/index.ts"]}}}"#.into(),
    );
    put("package.json".into(), r#"{"name":"shop","dependencies":{"next":"15.0.0"}}"#.into());
    let mut barrel = String::new();
    for service in 0..SERVICES {
        let method = |at| format!("  async load{at}(id: string) {{ return this.store.read{at}(id); }}\n");
        let methods: String = (0..METHODS).map(method).collect();
        put(
            format!("src/services/s{service}.ts"),
            format!(
                "import {{ Store{service} }} from '../stores/t{service}';\nexport class Service{service} {{\n  \
                 store = new Store{service}();\n{methods}}}\nexport const service{service} = new Service{service}();\n"
            ),
        );
        writeln!(barrel, "export * from './s{service}';").unwrap();
        let read =
            |at| format!("  async read{at}(id: string) {{ return (await fetch('https://x.y/' + id)).json(); }}\n");
        let reads: String = (0..METHODS).map(read).collect();
        put(format!("src/stores/t{service}.ts"), format!("export class Store{service} {{\n{reads}}}\n"));
        for at in 0..METHODS {
            let from = ["@all", "@/services", &format!("@/services/s{service}")][at % 3].to_owned();
            put(
                format!("app/api/r{service}x{at}/route.ts"),
                format!(
                    "import {{ service{service} }} from '{from}';\nimport {{ helper{at} }} from '@/helpers/h{at}';\n\
                     export async function POST(request: Request) {{\n  const [one, two] = await Promise.all([\
                     service{service}.load{at}('a'), fetch('https://z.y')]);\n  \
                     return Response.json({{ one, two, more: helper{at}() }});\n}}\n"
                ),
            );
        }
    }
    put("src/services/index.ts".into(), barrel);
    for at in 0..METHODS {
        put(format!("src/helpers/h{at}.ts"), format!("export function helper{at}() {{ return {at}; }}\n"));
    }
    files
}

fn edit(files: &mut Files, path: &str, from: &str, to: &str) {
    let text = files.get_mut(path).unwrap();
    assert!(text.contains(from), "{path} has no {from}");
    *text = text.replacen(from, to, 1);
}

/// One step after the other, each a commit.
fn history() -> Vec<Files> {
    let mut all = vec![repository()];
    let mut step = |change: &dyn Fn(&mut Files)| {
        let mut files = all.last().unwrap().clone();
        change(&mut files);
        all.push(files);
    };
    step(&|files| edit(files, "src/stores/t3.ts", "export class", "// nothing\nexport class"));
    step(&|files| {
        edit(files, "src/stores/t3.ts", "{ return (await", "{ throw new Error('Unauthorized'); return (await");
    });
    step(&|files| {
        let text = files.remove("src/helpers/h2.ts").unwrap();
        files.insert("src/helpers/moved.ts".into(), text);
        files.insert("src/helpers/h2.ts".into(), "export { helper2 } from './moved';\n".into());
    });
    step(&|files| edit(files, "tsconfig.json", "./src/services/index.ts", "./src/services/s1.ts"));
    step(&|files| _ = files.remove("app/api/r0x0/route.ts"));
    step(&|files| _ = files.insert("src/services/s4.ts".into(), "export const service4 = {{{ ;".into()));
    all
}

struct Ran {
    json: String,
    stats: BTreeMap<String, usize>,
}

fn run(folder: &Path, base: &str, head: &str, cache: Choice, threads: usize) -> Ran {
    ask(folder, base, head, cache, threads, None)
}

fn ask(folder: &Path, base: &str, head: &str, cache: Choice, threads: usize, least: Option<Confidence>) -> Ran {
    let comparison = Comparison {
        range: Range::Revs { base: base.to_owned(), head: Some(head.to_owned()) },
        settings: SettingsChoice { isolated: true, ..SettingsChoice::default() },
        levels: Vec::new(),
        threads: NonZeroUsize::new(threads),
        color: Color::Never,
        cache,
    };
    let mut log = Log::default();
    #[allow(clippy::result_large_err, reason = "the error of the library")]
    let ran = with_threads(comparison.threads, || {
        failpath::run(&comparison, &[], least, &Env::new(folder), &mut log).map(|(report, _)| report)
    });
    let options = RenderOptions { show_existing: true, ..RenderOptions::default() };
    let json = render(&ran.unwrap(), Format::Json, &options);
    let number = |line: &str| {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_owned(), words.next()?.parse().ok()?))
    };
    Ran { json, stats: log.stats().lines().filter_map(number).collect() }
}

fn build(folder: &Path, history: &[Files]) -> Vec<String> {
    let texts = |files: &Files| files.iter().map(|(path, text)| (path.clone(), text.clone())).collect::<Vec<_>>();
    let owned: Vec<_> = history.iter().map(texts).collect();
    let commits: Vec<BTreeMap<RepoPath, &str>> =
        owned.iter().map(|files| files.iter().map(|(path, text)| (path.clone(), text.as_str())).collect()).collect();
    git::build(folder, &commits).unwrap()
}

#[test]
fn a_cache_changes_no_answer() {
    let (repo, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let commits = build(repo.path(), &history());
    let at = || Choice::At(cache.path().to_owned());
    let mut findings = 0;
    for pair in commits.windows(2) {
        let run = |cache, threads| run(repo.path(), &pair[0], &pair[1], cache, threads);
        let plain = run(Choice::Off, 1);
        findings += plain.json.matches("\"rule\":").count();
        assert_eq!(plain.json, run(Choice::Off, 2).json, "threads");
        assert_eq!(plain.json, run(at(), 2).json, "cold");
        let known = run(at(), 1);
        assert_eq!(plain.json, known.json, "known answer");
        assert!(known.stats["answered"] == 1 && !known.stats.contains_key("parsed"), "{:?}", known.stats);
        // The threshold that holds anyway, named: another question, to which texts are known only.
        let warm = ask(repo.path(), &pair[0], &pair[1], at(), 1, Some(Confidence::Medium));
        assert_eq!(plain.json, warm.json, "warm");
        assert_eq!(warm.stats["answered"], 0, "{:?}", warm.stats);
        // A text that cannot be lowered as a whole is looked at again.
        assert!(warm.stats["parsed"] <= 1 && warm.stats["from-cache"] > 0, "{:?}", warm.stats);
        assert_eq!(warm.stats["outlined"], 0, "{:?}", warm.stats);
    }
    assert!(findings > 0, "the history has nothing to find");
    for folder in fs::read_dir(cache.path()).unwrap().flatten() {
        for file in fs::read_dir(folder.path()).unwrap().flatten() {
            let mut bytes = fs::read(file.path()).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle..].iter_mut().step_by(13).for_each(|byte| *byte ^= 0x55);
            fs::write(file.path(), bytes).unwrap();
        }
    }
    for pair in commits.windows(2) {
        let run = |cache, threads| run(repo.path(), &pair[0], &pair[1], cache, threads);
        assert_eq!(run(Choice::Off, 1).json, run(at(), 2).json, "damaged");
    }
}

#[test]
fn an_answer_is_known_for_the_same_files_and_settings_alone() {
    let (repo, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = repository();
    let mut second = first.clone();
    edit(&mut second, "src/stores/t3.ts", "read2(id: string) {", "read2(id: string) { throw new Error('Forbidden');");
    // The same files once more, under other commits.
    let commits = build(repo.path(), &[first.clone(), second.clone(), first, second]);
    let at = || Choice::At(cache.path().to_owned());
    let answered = |base: usize, head: usize, least| {
        ask(repo.path(), &commits[base], &commits[head], at(), 2, least).stats["answered"]
    };
    assert_eq!([answered(0, 1, None), answered(0, 1, None), answered(2, 3, None)], [0, 1, 1]);
    assert_eq!([answered(1, 2, None), answered(0, 1, Some(Confidence::Low))], [0, 0]);
    // Whatever cannot be an answer is none.
    for folder in fs::read_dir(cache.path()).unwrap().flatten() {
        for file in fs::read_dir(folder.path()).unwrap().flatten() {
            fs::write(file.path(), "failpk01").unwrap();
        }
    }
    assert_eq!(answered(0, 1, None), 0);
}

#[test]
fn of_a_changed_file_only_what_changes_is_followed() {
    let repo = tempfile::tempdir().unwrap();
    let route = |one: &str, two: &str| {
        format!(
            "import {{ service0 }} from '@/services/s0';\nimport {{ service1 }} from '@/services/s1';\n\
             export async function GET() {{\n  return Response.json({{ {one}: await service0.load0('a') }});\n}}\n\
             export async function POST() {{\n  return Response.json({{ {two}: await service1.load1('a') }});\n}}\n"
        )
    };
    let mut files = [repository(), repository(), repository()];
    for (at, text) in
        [route("a", "b"), route("c", "b"), route("c", "b").replace("{ ", "{\n    ")].into_iter().enumerate()
    {
        files[at].insert("app/api/both/route.ts".into(), text);
    }
    let commits = build(repo.path(), &files);
    let run = |base: usize, head: usize| run(repo.path(), &commits[base], &commits[head], Choice::Off, 2).stats;
    let changed = run(0, 1);
    // The route on both sides, the service and the store of what it changes, the manifest aside.
    assert_eq!((changed["parsed"], changed["loaded"]), (4, 2), "{changed:?}");
    // A file that is only laid out anew is not even parsed.
    let same = run(1, 2);
    assert_eq!((same["parsed"], same["laid-out"], same["loaded"]), (0, 1, 0), "{same:?}");
}

#[test]
fn only_what_a_change_reaches_is_parsed() {
    let repo = tempfile::tempdir().unwrap();
    let first = repository();
    // Ten files whose summaries stay the same: only they, what they use, and nobody who uses them.
    let mut quiet = first.clone();
    for service in 0..10 {
        edit(&mut quiet, &format!("src/services/s{service}.ts"), "export class", "// a note\nexport class");
    }
    // One method of one store begins to fail in another way: its service and one route.
    let mut loud = first.clone();
    edit(&mut loud, "src/stores/t3.ts", "read2(id: string) {", "read2(id: string) { throw new Error('Forbidden');");
    let commits = build(repo.path(), &[first.clone(), quiet, first, loud]);
    let parsed =
        |base: usize, head: usize| run(repo.path(), &commits[base], &commits[head], Choice::Off, 2).stats["parsed"];
    let quiet = parsed(0, 1);
    assert!(quiet <= 10 * 3, "{quiet} files were parsed for ten that say the same as before");
    let loud = parsed(2, 3);
    assert!(loud <= 20, "{loud} files were parsed for one method that fails");
    assert!(loud >= 4, "the route must have been parsed: {loud}");
}

#[test]
fn settings_that_move_imports_make_their_files_dirty() {
    let repo = tempfile::tempdir().unwrap();
    let first = repository();
    let mut moved = first.clone();
    edit(&mut moved, "tsconfig.json", "./src/services/index.ts", "./src/services/s1.ts");
    let commits = build(repo.path(), &[first, moved]);
    let stats = run(repo.path(), &commits[0], &commits[1], Choice::Off, 2).stats;
    // Two of five routes of every service import `@all`.
    assert_eq!(stats["relinked"], SERVICES * 2, "{stats:?}");
}
