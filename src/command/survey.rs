//! What a repository's files tell of what its settings should say.
//!
//! In: the paths of the repository, and its manifests' licences. Out: the text of a first
//! `failpath.toml`. It proposes what is there to be seen and comments on the rest; a person decides.

use crate::change::{file_name, folder_of};
use crate::model::Patterns;
use crate::rule::knob;
use crate::syntax::Dialect;
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
const TESTS: [&str; 6] = ["spec", "specs", "cypress", "playwright", "integration-tests", "__specs__"];

/// The parts of the file that say the same for everybody.
const HEAD: &str = include_str!("init/head.toml");
const TAIL: &str = include_str!("init/failpath.toml");

/// A first settings file for a repository with these paths. `licences` are those of its manifests, by
/// path.
pub fn settings(paths: &[&str], licences: &BTreeMap<String, String>) -> String {
    let code: Vec<&str> = paths.iter().copied().filter(|path| Dialect::of_path(path).is_some()).collect();
    let mut text = HEAD.to_owned();
    tests(&mut text, &code);
    for (area, why, words) in AREAS {
        critical(&mut text, &code, area, why, words);
    }
    examples(&mut text, paths);
    allowed(&mut text, licences);
    text.push_str(TAIL);
    text
}

/// The words of an area that name folders here, and those that name files, with how many there are.
fn critical(text: &mut String, code: &[&str], area: &str, why: &str, words: &[&str]) {
    // Tests and pages of the interface are not what is critical.
    let mut aside = knob::shared().remove("tests").unwrap_or_default();
    aside.push("**/*.{tsx,jsx}".to_owned());
    let aside = Patterns::paths(&aside).unwrap_or_default();
    let mut present = BTreeSet::new();
    let mut count = 0;
    for path in code.iter().filter(|path| !aside.matches(path)) {
        let folders = folder_of(path);
        let found: Vec<&&str> = words.iter().filter(|word| folders.split('/').any(|part| part == **word)).collect();
        count += usize::from(!found.is_empty());
        present.extend(found);
    }
    if present.is_empty() {
        return;
    }
    let names: Vec<&str> = present.into_iter().copied().collect();
    let glob = if let [only] = names[..] { only.to_owned() } else { format!("{{{}}}", names.join(",")) };
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "\n# {count} files that are about {why}.\n[critical.{area}]\npaths = [\"**/{glob}/**/*.{{ts,js,mts,mjs}}\"]\ntests = \
         \"warning\"              # when no test changes with them: off, note, warning or error\n# fail-on = \"warning\" \
         \u{20}         # stricter than elsewhere\n# suppressions = \"ignore-new\"  # comments that a change adds do not \
         silence anything here\n# max-lines = 400            # added to critical paths by one change\n"
    );
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
    let all: Vec<String> = all.map(|glob| format!("  {glob:?},\n")).collect();
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
    use crate::pipeline::{Catalogue, Setup};
    use crate::settings::FILE;

    const PATHS: [&str; 8] = [
        "app/api/credits/route.ts",
        "app/billing/page.tsx",
        "lib/auth/index.ts",
        "lib/webhooks/slack.ts",
        "lib/webhooks/slack.test.ts",
        "cypress/login.ts",
        "packages/one/package.json",
        ".env.example",
    ];

    #[test]
    fn what_is_proposed_is_accepted() {
        let licences = BTreeMap::from([("packages/one/package.json".to_owned(), "MIT".to_owned())]);
        let text = settings(&PATHS, &licences);
        let catalogue = Catalogue::read(&[]).expect("the pages are right");
        let setup = Setup::new(catalogue, Some((FILE, &text)), &[]).expect(&text);
        let areas: Vec<_> = setup.settings.critical.keys().map(String::as_str).collect();
        assert_eq!(areas, ["auth", "billing", "ingress"]);
        assert!(
            setup.settings.idle_globs(PATHS.into_iter()).is_none_or(|idle| !format!("{idle:?}").contains("critical"))
        );
        assert!(setup.is_critical("lib/auth/index.ts") && !setup.is_critical("app/billing/page.tsx"));
        assert!(
            text.contains("# allow = [\"MIT\"]") && text.contains(".env.example") && text.contains("**/cypress/**")
        );
    }

    #[test]
    fn nothing_is_proposed_where_nothing_is_seen() {
        let text = settings(&["src/index.ts"], &BTreeMap::new());
        assert!(!text.lines().any(|line| line.starts_with("[critical")), "{text}");
    }
}
