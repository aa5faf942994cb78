//! `failpath demo`: the gate at work on a small change that it brings along.
//!
//! In: nothing. Out: the report of that change, and how to go on. The change is a real one: two
//! commits in a temporary repository, judged like any other.

use super::Output;
use crate::cache;
use crate::change::{Range, RepoPath};
use crate::git::{self, Env};
use crate::pipeline::{Error, Log};
use crate::report::{Format, RenderOptions, render};
use crate::request::{Color, Comparison, SettingsChoice};
use std::collections::BTreeMap;

/// The files: where they lie, before the change, after it.
const FILES: [(&str, &str, &str); 3] = [
    ("app/api/apps/[id]/chat/route.ts", include_str!("demo/base/route.ts"), include_str!("demo/head/route.ts")),
    ("connectors/slack/connector.ts", include_str!("demo/base/connector.ts"), include_str!("demo/head/connector.ts")),
    ("services/containers/server.ts", include_str!("demo/base/server.ts"), include_str!("demo/head/server.ts")),
];

const BEFORE: &str = "\
A change to a chat connector, an API route and an internal service: a try is tidied away, three
awaits become one, and a missing token no longer stops a local start. It reads well, and all tests
would pass. This is what the gate says:

";

const AFTER: &str = "
On a change of your own:  failpath check --base main
What a rule is about:     failpath explain unguarded-ingress-call
";

pub(super) fn demo(options: &RenderOptions) -> Result<Output, Error> {
    let folder = tempfile::tempdir().map_err(Error::file("create a folder in", std::env::temp_dir()))?;
    let side = |text: fn(&(&'static str, &'static str, &'static str)) -> &'static str| {
        FILES.iter().map(|file| (file.0.to_owned(), text(file))).collect::<BTreeMap<RepoPath, &str>>()
    };
    let commits = git::build(folder.path(), &[side(|file| file.1), side(|file| file.2)])?;
    let [base, head] = commits.as_slice() else { return Ok(Output::clean(String::new())) };
    let comparison = Comparison {
        range: Range::Revs { base: base.clone(), head: Some(head.clone()) },
        settings: SettingsChoice { isolated: true, ..SettingsChoice::default() },
        levels: Vec::new(),
        threads: None,
        color: Color::Auto,
        cache: cache::Choice::Off,
    };
    let (report, _) = crate::run(&comparison, &[], None, &Env::new(folder.path()), &mut Log::default())?;
    Ok(Output::clean(format!("{BEFORE}{}{AFTER}", render(&report, Format::Full, options))))
}
