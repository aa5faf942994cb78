//! What a repository's files tell of what its settings should say.
//!
//! In: the paths of the repository, what its code shows, and its manifests' licences. Out: the text of a first
//! `failpath.toml`. It proposes what is there to be seen and comments on the rest; a person decides.

use super::seen::{Seen, Use};
use crate::change::{file_name, folder_of};
use crate::model::Patterns;
use crate::rule::knob;
use crate::syntax::Dialect;
use crate::text::plural;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What is looked for: the name of an area, why it is critical, and the words in paths that belong to it.
const AREAS: [(&str, &str, &[&str]); 4] = [
    (
        "billing",
        "money: what is charged twice, given back twice, or lost",
        &[
            "billing",
            "credits",
            "payment",
            "payments",
            "checkout",
            "invoices",
            "stripe",
            "paypal",
            "subscriptions",
            "wallet",
        ],
    ),
    ("auth", "who gets in", &["auth", "login", "session", "sessions", "oauth", "jwt", "permissions", "api-keys"]),
    (
        "ingress",
        "what comes in from outside and is lost when it fails",
        &["webhook", "webhooks", "ingress", "inbound", "gateway", "connectors", "slack", "discord", "telegram"],
    ),
    ("streaming", "answers that are half sent when they fail", &["stream", "streaming", "sse", "completions"]),
];

/// Folders of tests that the built-in globs do not know.
const TESTS: [&str; 5] = ["spec", "specs", "cypress", "playwright", "__specs__"];

/// The parts of the file that say the same for everybody.
const HEAD: &str = include_str!("init/head.toml");
const TAIL: &str = include_str!("init/failpath.toml");

/// Paths that one area names besides its folders; more are counted only.
const NAMED: usize = 12;

/// Code that runs by hand or shows how something is done.
const ASIDE: [&str; 2] =
    ["**/{scripts,script,examples,example,docs,benchmarks,playwright,cypress}/**", "**/*.{config,stories}.*"];

/// The code among these paths that serves somebody: neither tests nor scripts, nor types alone.
pub fn code<'p>(paths: &[&'p str]) -> Vec<&'p str> {
    let aside = knob::shared().remove("tests").unwrap_or_default();
    let aside = aside.into_iter().chain(ASIDE.map(ToOwned::to_owned));
    let aside = Patterns::paths(aside).unwrap_or_default();
    let is_code = |path: &&&str| Dialect::of_path(path).is_some() && !path.ends_with(".d.ts") && !aside.matches(path);
    paths.iter().filter(is_code).copied().collect()
}

/// A first settings file for a repository with these paths. `licences` are those of its manifests, by
/// path.
pub fn settings(paths: &[&str], seen: &Seen, licences: &BTreeMap<String, String>) -> String {
    let all: Vec<&str> = paths.iter().copied().filter(|path| Dialect::of_path(path).is_some()).collect();
    let mut text = HEAD.to_owned();
    glance(&mut text, seen);
    tests(&mut text, &all);
    let code = code(paths);
    for (area, why, words) in AREAS {
        critical(&mut text, &code, area, why, words, &shown(area, seen));
    }
    examples(&mut text, paths);
    allowed(&mut text, licences);
    text.push_str(TAIL);
    text
}

/// The files that belong to an area by what they are or import.
fn shown<'s>(area: &str, seen: &'s Seen) -> BTreeSet<&'s str> {
    let paths = |set: &'s BTreeSet<String>| set.iter().map(String::as_str);
    match area {
        "billing" => seen.files(Use::Money),
        "auth" => seen.files(Use::Tokens).into_iter().chain(paths(&seen.guards)).collect(),
        "ingress" => seen.files(Use::Events).into_iter().chain(paths(&seen.webhooks)).collect(),
        _ => BTreeSet::new(),
    }
}

/// What was seen, for whoever reads the proposal.
fn glance(text: &mut String, seen: &Seen) {
    let mut lines = Vec::new();
    if seen.routes > 0 {
        lines.push(format!("{}, {} of them for webhooks", plural(seen.routes, "route file"), seen.webhooks.len()));
    }
    let uses = [
        (Use::Events, "events come in through"),
        (Use::Requests, "requests and jobs come in through"),
        (Use::Money, "money moves through"),
        (Use::Tokens, "tokens are read or made with"),
        (Use::Models, "models are asked through"),
        (Use::Services, "other services are asked through"),
    ];
    for (used, what) in uses {
        let Some(packages) = seen.packages.get(&used) else { continue };
        let mut all: Vec<_> = packages.iter().map(|(name, files)| (files.len(), name)).collect();
        all.sort_by_key(|(count, name)| (std::cmp::Reverse(*count), *name));
        let names: Vec<String> = all.iter().take(NAMED).map(|(count, name)| format!("{name} ({count})")).collect();
        let more = if all.len() > NAMED { format!(" and {} more", all.len() - NAMED) } else { String::new() };
        lines.push(format!("{what} {}{more}", names.join(", ")));
    }
    if !lines.is_empty() {
        text.push_str("\n# Seen here, with how many files import each package:\n");
        for line in lines {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "#   {line}");
        }
    }
}

/// The words of an area that name folders here, and the files that show that they belong to it.
fn critical(text: &mut String, code: &[&str], area: &str, why: &str, words: &[&str], shown: &BTreeSet<&str>) {
    // Pages of the interface are not what is critical.
    let code: Vec<&str> = code.iter().copied().filter(|path| !path.ends_with('x')).collect();
    let (mut present, mut apart, mut count) = (BTreeSet::new(), Vec::new(), 0);
    for path in &code {
        let folders = folder_of(path);
        let found: Vec<&&str> = words.iter().filter(|word| folders.split('/').any(|part| part == **word)).collect();
        if found.is_empty() && shown.contains(path) {
            apart.push(*path);
        }
        count += usize::from(!found.is_empty() || shown.contains(path));
        present.extend(found);
    }
    if count == 0 {
        return;
    }
    let names: Vec<&str> = present.into_iter().copied().collect();
    let glob = match names[..] {
        [] => None,
        [only] => Some(only.to_owned()),
        _ => Some(format!("{{{}}}", names.join(","))),
    };
    let mut paths: Vec<String> = glob.map(|glob| format!("**/{glob}/**/*.{{ts,js,mts,mjs}}")).into_iter().collect();
    let (places, left) = places(&apart, &code);
    paths.extend(places);
    let more = if left > 0 { format!(" ({} elsewhere, not named)", plural(left, "file")) } else { String::new() };
    let paths: Vec<String> = paths.iter().map(|path| format!("  {path:?},\n")).collect();
    let paths = paths.concat();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "\n# {count} files that are about {why}{more}.\n[critical.{area}]\npaths = [\n{paths}]\ntests = \
         \"warning\"              # when no test changes with them: off, note, warning or error\n# fail-on = \"warning\" \
         \u{20}         # stricter than elsewhere\n# suppressions = \"ignore-new\"  # comments that a change adds do not \
         silence anything here\n# max-lines = 400            # added to critical paths by one change\n"
    );
}

/// Globs for single files: the folders of which they are the greater part, then the others by their
/// names; and how many files are left.
fn places(files: &[&str], code: &[&str]) -> (Vec<String>, usize) {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in files {
        folders.entry(folder_of(file)).or_default().push(file);
    }
    let mut folders: Vec<_> = folders.into_iter().collect();
    folders.sort_by_key(|(folder, files)| (std::cmp::Reverse(files.len()), *folder));
    let (mut globs, mut left) = (Vec::new(), 0);
    for (folder, files) in folders {
        if globs.len() >= NAMED {
            left += files.len();
        } else if files.len() > 2 && is_most(folder, files.len(), code) {
            globs.push(format!("{folder}/*.{{ts,js,mts,mjs}}"));
        } else {
            globs.extend(files.iter().take(NAMED).map(|file| (*file).to_owned()));
            left += files.len().saturating_sub(NAMED);
        }
    }
    globs.sort();
    (globs, left)
}

fn is_most(folder: &str, count: usize, code: &[&str]) -> bool {
    let all = code.iter().filter(|path| folder_of(path) == folder).count();
    !folder.is_empty() && count * 2 > all
}

fn tests(text: &mut String, code: &[&str]) {
    let known = knob::shared().remove("tests").unwrap_or_default();
    let more: BTreeSet<&str> = code
        .iter()
        .flat_map(|path| folder_of(path).split('/'))
        .filter_map(|part| TESTS.iter().copied().find(|name| *name == part))
        .collect();
    text.push_str(
        "\n[paths]\n# exclude = []                 # globs of files that are not analysed: generated code, bundles\n",
    );
    if more.is_empty() {
        return;
    }
    let all = known.iter().cloned().chain(more.iter().map(|name| format!("**/{name}/**")));
    // A glob that finds nothing would be reported.
    let finds = |glob: &str| Patterns::paths([glob]).is_ok_and(|glob| code.iter().any(|path| glob.matches(path)));
    let line = |glob: String| format!("  {}{glob:?},\n", if finds(&glob) { "" } else { "# " });
    let all: Vec<String> = all.map(line).collect();
    let _ = write!(text, "# What counts as a test; the last ones were found here.\ntests = [\n{}]\n", all.concat());
}

fn examples(text: &mut String, paths: &[&str]) {
    let name = |path: &&&str| file_name(path).to_lowercase();
    let is_example = |path: &&&str| {
        let name = name(path);
        name.contains("env") && ["example", "sample", "template"].iter().any(|word| name.contains(word))
    };
    let found: Vec<&str> = paths.iter().filter(is_example).copied().collect();
    let _ = match found.first() {
        Some(first) => {
            let more = if found.len() > 1 { format!(" and {} more", found.len() - 1) } else { String::new() };
            write!(text, "\n# New environment variables are looked for in {first}{more}.\n")
        }
        None => write!(
            text,
            "\n# No example of the settings was found: each new environment variable will be reported.\n# \
             [rules.undocumented-env]\n# examples = [\"docs/settings.md\"]\n"
        ),
    };
}

fn allowed(text: &mut String, licences: &BTreeMap<String, String>) {
    let names: BTreeSet<&str> = licences.values().map(String::as_str).collect();
    let folders: BTreeSet<&str> = licences.keys().filter_map(|path| path.split('/').next()).collect();
    let below: Vec<&&str> = folders.iter().filter(|folder| **folder != "package.json").collect();
    if names.is_empty() || below.is_empty() {
        return;
    }
    let list = |all: Vec<String>| all.join(", ");
    let _ = write!(
        text,
        "\n# What the packages here are licensed under; whatever else comes is reported.\n# [rules.disallowed-license]\n# area = \
         [{}]\n# allow = [{}]\n",
        list(below.iter().map(|folder| format!("\"{folder}/**/package.json\"")).collect()),
        list(names.iter().map(|name| format!("{name:?}")).collect()),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::seen::look;
    use crate::pipeline::{Catalogue, Setup};
    use crate::settings::FILE;
    use crate::source::Source;
    use std::sync::Arc;

    const PATHS: [&str; 14] = [
        "app/api/credits/route.ts",
        "app/billing/page.tsx",
        "lib/auth/index.ts",
        "lib/webhooks/slack.ts",
        "lib/webhooks/slack.test.ts",
        "app/api/(hooks)/webhook/[id]/route.ts",
        "src/bot.ts",
        "src/pay.ts",
        "scripts/pay.ts",
        "app/routes/x/route.tsx",
        "middleware.ts",
        "cypress/login.ts",
        "packages/one/package.json",
        ".env.example",
    ];

    #[expect(clippy::unnecessary_wraps, reason = "the form of a reader")]
    fn text_of(path: &str) -> Option<Arc<Source>> {
        let text = match path {
            "src/bot.ts" => "import { App } from '@slack/bolt';",
            "middleware.ts" => "export function middleware() {}",
            path if path.ends_with("route.ts") => "export async function POST() {}",
            "app/routes/x/route.tsx" => "export const loader = 1;",
            "src/pay.ts" | "scripts/pay.ts" => "import Stripe from \"stripe\"; const ai = require('openai')",
            _ => "",
        };
        Some(Arc::new(Source::new(String::new(), text.to_owned())))
    }

    #[test]
    fn what_is_proposed_is_accepted() {
        let licences = BTreeMap::from([("packages/one/package.json".to_owned(), "MIT".to_owned())]);
        let seen = look(&code(&PATHS), &text_of).expect("the models are right");
        let text = settings(&PATHS, &seen, &licences);
        let catalogue = Catalogue::read(&[]).expect("the pages are right");
        let setup = Setup::new(catalogue, Some((FILE, &text)), &[]).expect(&text);
        let areas: Vec<_> = setup.settings.critical.keys().map(String::as_str).collect();
        assert_eq!(areas, ["auth", "billing", "ingress"]);
        assert!(setup.settings.idle_globs(PATHS.into_iter()).is_none(), "{text}");
        for path in ["src/bot.ts", "src/pay.ts", "middleware.ts", "app/api/(hooks)/webhook/[id]/route.ts"] {
            assert!(setup.is_critical(path), "{path}: {text}");
        }
        assert!(text.contains("# 2 files that are about money"), "{text}");
        assert!(text.contains("#   2 route files, 1 of them for webhooks"), "{text}");
        assert!(text.contains("#   events come in through @slack/bolt (1)"), "{text}");
        assert!(setup.is_critical("lib/auth/index.ts") && !setup.is_critical("app/billing/page.tsx"));
        assert!(
            text.contains("# allow = [\"MIT\"]") && text.contains(".env.example") && text.contains("**/cypress/**")
        );
    }

    #[test]
    fn nothing_is_proposed_where_nothing_is_seen() {
        let text = settings(&["src/index.ts"], &Seen::default(), &BTreeMap::new());
        assert!(!text.lines().any(|line| line.starts_with("[critical")), "{text}");
    }
}
