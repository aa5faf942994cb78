//! What differs between the two sides as far as callers can notice.
//!
//! In: both programs. Out: the exported names behind which something differs: functions whose summary
//! is another one, functions of changed files that do something else, and their callers as far as
//! failures pass through them.

use super::calls::Call;
use super::failure::{Class, Escape};
use super::prepared::Prepared;
use super::refs::Names;
use super::response::Status;
use super::{ExprKey, FileId, FnKey, Program};
use crate::model::Roles;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What is compared of the functions of a file, by the path of their names.
type Digests = BTreeMap<String, Vec<(String, FnKey)>>;

/// The exported names of head behind which something differs, as far as it shows in the roles that are
/// `noticed`. Head has to be built like base first of all: what is known to behave as there is not compared.
pub(super) fn names(base: &Program, head: &Program, prepared: &Prepared, noticed: Roles) -> Names {
    let of_base: BTreeMap<&str, FileId> = base.file_ids().map(|id| (base.file(id).path.as_str(), id)).collect();
    let differing = |file: FileId| {
        let now = digests(head, file, noticed);
        let before = of_base.get(head.file(file).path.as_str());
        let before = before.map(|id| digests(base, *id, noticed)).unwrap_or_default();
        let mut found = Vec::new();
        for (name, list) in &now {
            let known: Vec<&String> = before.get(name).into_iter().flatten().map(|(digest, _)| digest).collect();
            let same = known.len() == list.len() && known.iter().zip(list).all(|(known, (digest, _))| *known == digest);
            if !same {
                found.extend(list.iter().map(|(_, key)| *key));
            }
        }
        found
    };
    let files: Vec<FileId> = head.file_ids().filter(|file| !head.behaves_as_on_base(*file)).collect();
    let mut tainted: BTreeSet<FnKey> = files.into_par_iter().flat_map_iter(differing).collect();
    let mut stack: Vec<FnKey> = tainted.iter().copied().collect();
    while let Some(key) = stack.pop() {
        if !passes_on(&head.summary(key).escape) {
            continue;
        }
        let parent = head.module(key.file).function(key.function).parent.filter(|parent| parent.0 != 0);
        let outer = parent.map(|function| FnKey { file: key.file, function });
        let callers = head.callers(key).map(|call| head.function_of(call));
        for next in callers.chain(outer) {
            if tainted.insert(next) {
                stack.push(next);
            }
        }
    }
    let mut offsets: BTreeMap<FileId, Vec<u32>> = BTreeMap::new();
    for key in tainted.into_iter().filter(|key| key.function.0 != 0) {
        offsets.entry(key.file).or_default().push(head.module(key.file).function(key.function).at.start);
    }
    let named = offsets.into_iter().map(|(file, offsets)| {
        (head.file(file).path.clone(), prepared.of(&head.file(file).module).refs().names_of(&offsets))
    });
    named.filter(|(_, names)| !names.is_empty()).collect()
}

/// Whether callers are asked about what fails in a function, however their own summaries compare: work that
/// is skipped when a service fails may stand in any function that the failure passes. All other failures
/// mean at a caller what its summary says.
fn passes_on(escape: &Escape) -> bool {
    escape.iter().any(|failure| matches!(failure.class, Class::Api | Class::Param { .. }))
}

fn digests(program: &Program, file: FileId, noticed: Roles) -> Digests {
    let module = program.module(file);
    let mut digests = Digests::new();
    for function in program.functions(file) {
        let key = FnKey { file, function };
        let mut names = Vec::new();
        let mut at = Some(function);
        while let Some(inner) = at {
            let it = module.function(inner);
            names.push(it.name.map_or("", |name| module.name(name)));
            names.extend(it.class.and_then(|class| module.class(class).name).map(|name| module.name(name)));
            at = it.parent;
        }
        digests.entry(names.join("/")).or_default().push((digest(program, key, noticed), key));
    }
    digests
}

/// What a caller can notice of a function: what it does and fails with, and in which order it calls what
/// matters. Where no call matters it may still decide something, and all are noticed.
fn digest(program: &Program, key: FnKey, noticed: Roles) -> String {
    let summary = program.summary(key);
    let mut text = format!("{:x} {:x} ", summary.does & noticed, summary.guessed & noticed);
    describe(program, &summary.escape, &mut text);
    let matter: Vec<&Call> = program.calls_of(key).filter(|call| matters(program, key.file, call, noticed)).collect();
    let is_plain = matter.is_empty();
    for call in matter.into_iter().chain(program.calls_of(key).filter(|_| is_plain)) {
        text.push_str(&call.written);
        if let Some(Status { code: Some(code), .. }) = program.response(key.file, call) {
            // Writing to a String cannot fail.
            let _ = write!(text, "={code}");
        }
        text.push(' ');
    }
    let facts = &program.file(key.file).facts;
    let _ = write!(text, "{} {}", facts.tries(key.function).len(), facts.throws(key.function).len());
    text
}

/// Whether a call fails, does or answers something.
fn matters(program: &Program, file: FileId, call: &Call, noticed: Roles) -> bool {
    let at = ExprKey { file, expr: call.expr };
    let is_seen = |key: &FnKey| {
        let summary = program.summary(*key);
        summary.does & noticed != 0 || !summary.escape.is_empty()
    };
    // Functions of the language have roles as well.
    call.roles & !program.models.roles(&["plain", "inert", "now"]) != 0
        || program.involved(at).iter().any(is_seen)
        || program.can_fail(at)
        || program.response(file, call).is_some()
}

/// Failures without the places that move with every edit. Where a service or a refusal is asked for, its file
/// tells one from another.
fn describe(program: &Program, escape: &Escape, text: &mut String) {
    let mut all = BTreeSet::new();
    for failure in escape.iter() {
        let sink = || &program.file(failure.sink.file).path;
        let class = match &failure.class {
            Class::Param { index, path, .. } => format!("param {index}{path}"),
            Class::Auth(name) => format!("auth {name} {}", sink()),
            Class::Api => format!("api {}", sink()),
            Class::Thrown(name) => format!("thrown {name}"),
            Class::Unknown => "unknown".to_owned(),
        };
        all.insert(format!("{class} {}", failure.guessed));
    }
    for one in all {
        text.push_str(&one);
        text.push(';');
    }
}
