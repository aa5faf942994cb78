//! The passes of matching, in their order: what two units must have in common, and what else must
//! hold of them.
//!
//! In: units of both sides. Out: keys to group them by, and whether two of a group fit.

use super::unit::{Unit, View};
use crate::finding::{Confidence, Severity};

/// What units of one group share.
pub(super) type Key = Vec<String>;

/// A unit, seen from its side.
type Seen<'v, 'a> = (&'v View<'a>, &'v Unit<'a>);

/// One pass.
pub(super) struct Pass {
    /// What two units must have in common; empty where the pass has nothing to say of this one.
    pub key: for<'v, 'a> fn(&'v View<'a>, &'v Unit<'a>) -> Key,
    /// What must hold besides of base's and head's.
    pub fits: for<'v, 'a> fn(Seen<'v, 'a>, Seen<'v, 'a>) -> bool,
}

/// All passes, the surest first.
pub(super) const PASSES: &[Pass] = &[
    // Equal, in a file that may have another path now; at most, what the cause speaks of was renamed.
    Pass { key: equal, fits: |_, _| true },
    // The same place, in which a function changed inside.
    Pass { key: inside, fits: is_only_one },
    // The same failing call and the same entry, of a finding that speaks of several.
    Pass { key: sink, fits: |base, head| has_several(base, head) || is_moved(base, head) },
    // A function without a name has another number.
    Pass { key: numbered, fits: |base, head| is_moved(base, head) || is_same_function(base, head) },
    // The code stays what it is, or what it is called by was renamed: the function, its class, the callee.
    Pass { key: renamed, fits: is_moved },
    // The function is in another file.
    Pass { key: moved, fits: |base, head| is_moved(base, head) && base.1.has_function_alone(base.0, head.0) },
    // The code of the place was edited.
    Pass { key: edited, fits: |base, head| is_moved(base, head) && is_alike(base, head) },
    // The code was taken out of a function or put into one.
    Pass { key: extracted, fits: |base, head| is_moved(base, head) && is_one_gone(base, head) },
    // The same, and the code was edited on the way.
    Pass { key: extracted_and_edited, fits: |base, head| is_moved(base, head) && is_one_gone(base, head) },
    // The function has another name in another file.
    Pass { key: anywhere, fits: |base, head| is_moved(base, head) && is_gone(base, head) && is_gone(head, base) },
    // The function is in another file, and the code of the place was edited.
    Pass { key: moved_and_edited, fits: |base, head| is_moved(base, head) && is_gone(base, head) },
    // What comes in and what fails are the same, on another way.
    Pass { key: route, fits: is_moved },
    // The same place for another reason that matters less, or is less sure.
    Pass { key: place, fits: |(_, base), (_, head)| weight(base) > weight(head) },
];

fn equal(view: &View, unit: &Unit) -> Key {
    let finding = unit.finding;
    let path = view.path(unit.path());
    let [rule, path, function, anchor] = [&finding.rule, path, &finding.function, &finding.anchor].map(str::to_owned);
    vec![rule, path, function, anchor, unit.cause(view)]
}

fn sink(view: &View, unit: &Unit) -> Key {
    if !is_route(unit) {
        return Key::new();
    }
    let (path, function, code) = unit.sink(view);
    vec![unit.finding.rule.clone(), path.to_owned(), function, view.text(&code), unit.cause(view)]
}

fn inside(view: &View, unit: &Unit) -> Key {
    let path = view.path(unit.path()).to_owned();
    vec![unit.finding.rule.clone(), path, unit.finding.function.clone(), unit.code(view), unit.cause(view)]
}

fn numbered(view: &View, unit: &Unit) -> Key {
    let path = view.path(unit.path()).to_owned();
    let function = super::unit::without_numbers(&unit.finding.function);
    vec![unit.finding.rule.clone(), path, function, unit.raw_code(view).to_owned(), unit.cause.to_owned()]
}

fn renamed(view: &View, unit: &Unit) -> Key {
    let path = view.path(unit.path()).to_owned();
    vec![unit.finding.rule.clone(), path, unit.function(view), unit.code(view), unit.cause(view)]
}

fn moved(view: &View, unit: &Unit) -> Key {
    vec![unit.finding.rule.clone(), unit.function(view), unit.code(view), unit.cause(view)]
}

fn edited(view: &View, unit: &Unit) -> Key {
    let path = view.path(unit.path()).to_owned();
    vec![unit.finding.rule.clone(), path, unit.function(view), unit.cause(view)]
}

fn extracted(view: &View, unit: &Unit) -> Key {
    let path = view.path(unit.path()).to_owned();
    vec![unit.finding.rule.clone(), path, unit.code(view), unit.cause(view)]
}

fn extracted_and_edited(view: &View, unit: &Unit) -> Key {
    let start = unit.start(view);
    // Without a cause, what is called has to say what it is about.
    if unit.cause.is_empty() && !unit.code(view).starts_with(&format!("{start}(")) {
        return Key::new();
    }
    let path = view.path(unit.path()).to_owned();
    vec![unit.finding.rule.clone(), path, start, unit.cause(view)]
}

fn anywhere(view: &View, unit: &Unit) -> Key {
    vec![unit.finding.rule.clone(), unit.code(view), unit.cause(view)]
}

fn moved_and_edited(view: &View, unit: &Unit) -> Key {
    if unit.cause.is_empty() {
        return Key::new();
    }
    vec![unit.finding.rule.clone(), unit.function(view), unit.cause(view)]
}

/// The last two parts of what fails, and the entry: `users.info` of a client, by whatever name.
fn route(view: &View, unit: &Unit) -> Key {
    let Some((sink, entry)) = unit.cause.split_once(" -> ") else { return Key::new() };
    let tail: Vec<&str> = sink.rsplit('.').take(2).collect();
    vec![unit.finding.rule.clone(), tail.join("."), view.text(entry)]
}

fn place(view: &View, unit: &Unit) -> Key {
    let finding = unit.finding;
    [&finding.rule, view.path(unit.path()), &finding.function, &finding.anchor].map(str::to_owned).to_vec()
}

fn weight(unit: &Unit) -> (Severity, Confidence) {
    (unit.finding.severity, unit.finding.confidence)
}

fn is_route(unit: &Unit) -> bool {
    unit.cause.contains(" -> ")
}

fn has_several((_, base): Seen, (_, head): Seen) -> bool {
    base.finding.causes.len() > 1 || head.finding.causes.len() > 1
}

/// There is one place of this code in its function, on both sides: which one it was is no question.
fn is_only_one(base: Seen, head: Seen) -> bool {
    let count = |(view, unit): Seen| view.side.count(unit.path(), &unit.finding.function, unit.raw_code(view));
    count(base) == 1 && count(head) == 1
}

/// Base's place is gone, and head's is new.
fn is_moved(base: Seen, head: Seen) -> bool {
    base.1.is_elsewhere(base.0, head.0) && head.1.is_elsewhere(head.0, base.0)
}

/// The one's function is not in its file on the other's side.
fn is_gone(one: Seen, other: Seen) -> bool {
    one.1.has_function_alone(one.0, other.0)
}

/// One of the two functions is new or is gone.
fn is_one_gone(base: Seen, head: Seen) -> bool {
    is_gone(base, head) || is_gone(head, base)
}

/// The two functions are the same word for word.
fn is_same_function((before, base): Seen, (after, head): Seen) -> bool {
    let base = before.side.code(base.path(), &base.finding.function);
    base.is_some() && base == after.side.code(head.path(), &head.finding.function)
}

/// Without a cause, the code alone says what a finding is about.
fn is_alike((before, base): Seen, (after, head): Seen) -> bool {
    !base.cause.is_empty() || base.start(before) == head.start(after)
}
