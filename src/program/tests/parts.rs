//! Of a file that others only use, what they use is analysed.

use super::{escapes_in, function, program};
use crate::program::part::{Counting, Parts};
use crate::program::prepared::Prepared;
use crate::program::{Program, SiteKind, Start};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const TEXT: &str = "
export async function used() { await below() }
async function below() { await client.users.info() }
export async function other() { await client.users.list(); return used() }
";

/// The program of [`TEXT`] in which `name` counts, and what that one rests on.
fn part(name: &str, touched: bool) -> Program {
    let whole = program(TEXT);
    let file = &whole.files[0];
    let prepared = Prepared::default();
    let known = prepared.of(&file.module).refs().behind([name]).nodes;
    let counting = Counting { touched: if touched { known.clone() } else { BTreeSet::new() }, known };
    let parts = Parts::from([(file.path.clone(), counting)]);
    let files = vec![(file.path.clone(), Arc::clone(&file.source), Arc::clone(&file.module))];
    let (resolutions, scopes) = (BTreeMap::new(), BTreeSet::new());
    let start = Start { parts: &parts, prepared: &prepared, like: &[] };
    Program::prepared(files, Arc::clone(&whole.models), BTreeMap::new(), &resolutions, &scopes, start)
}

#[test]
fn what_is_used_is_known_with_what_it_uses() {
    let program = part("used", false);
    assert_eq!(escapes_in(&program, "used"), "api users.info");
    assert_eq!(escapes_in(&program, "below"), "api users.info");
    assert_eq!(escapes_in(&program, "other"), "");
    let file = program.file_ids().next().unwrap();
    let calls = program.calls(file).iter().map(|call| call.written.as_str());
    assert_eq!(calls.collect::<Vec<_>>(), ["WebClient", "below", "client.users.info"]);
    assert_eq!(program.sites(file, SiteKind::Call).len(), 3);
}

#[test]
fn what_uses_the_rest_is_known_whole() {
    let program = part("other", false);
    assert_eq!(escapes_in(&program, "other"), "api users.info, api users.list");
    assert_eq!(program.callers(function(&program, "used")).count(), 1);
}

#[test]
fn only_what_rests_on_a_difference_may_differ() {
    for touched in [false, true] {
        let program = part("used", touched);
        let file = program.file_ids().next().unwrap();
        let sites = program.sites(file, SiteKind::Call);
        assert!(sites.iter().all(|site| program.is_touched(*site) == touched));
        assert_eq!(program.is_touched_at_all(file), touched);
    }
}
