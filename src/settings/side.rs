//! Whose settings count. A change must not be able to switch off the gate that judges it.
//!
//! In: the comparison, and what was asked for. Out: the text to use, where it is from, and whether
//! the other side says something else.

use crate::change::{Change, Side};
use crate::source::At;
use crate::verdict::SettingsFrom;

/// The text of the settings that count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chosen {
    /// The text; `None` means defaults.
    pub text: Option<String>,
    /// The side that it was read from; `None` without a text.
    pub at: Option<At>,
    /// The same, as outputs say it.
    pub from: SettingsFrom,
    /// Whether the other side's text is different (or is missing on one side only).
    pub differ: bool,
}

/// The side that counts: base where head is a commit, since commits are what others propose; head
/// where it is this machine's own work tree or index, so that new settings can be tried; base always
/// in GitHub Actions. Without a base there is only head.
fn side(change: &Change, in_actions: bool, asked: Option<At>) -> At {
    if let Some(asked) = asked {
        return asked;
    }
    match (&change.base, &change.head) {
        (Side::Empty, _) => At::Head,
        (_, Side::Commit(_)) => At::Base,
        _ if in_actions => At::Base,
        _ => At::Head,
    }
}

/// Chooses between both sides' texts, which `read` gives.
pub fn choose<E>(
    change: &Change,
    in_actions: bool,
    asked: Option<At>,
    mut read: impl FnMut(At) -> Result<Option<String>, E>,
) -> Result<Chosen, E> {
    let at = side(change, in_actions, asked);
    let other = if at == At::Base { At::Head } else { At::Base };
    let text = read(at)?;
    let is_alone = change.base == Side::Empty;
    let differ = !is_alone && read(other)? != text;
    let from = match (&text, at, &change.head) {
        (None, ..) => SettingsFrom::None,
        (_, At::Base, _) => SettingsFrom::Base,
        (_, At::Head, Side::WorkTree | Side::Folder) => SettingsFrom::WorkTree,
        (_, At::Head, _) => SettingsFrom::Head,
    };
    Ok(Chosen { at: text.is_some().then_some(at), text, from, differ })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn chosen(
        base: Side,
        head: Side,
        in_actions: bool,
        asked: Option<At>,
        texts: [Option<&str>; 2],
    ) -> (SettingsFrom, bool) {
        let (base_name, head_name) = (String::new(), String::new());
        let change = Change {
            git_dir: None,
            root: None,
            base,
            head,
            base_name,
            head_name,
            files: vec![],
            all: false,
            limits: vec![],
        };
        let read = |at: At| Ok::<_, Infallible>(texts[at.index()].map(str::to_owned));
        let Ok(chosen) = choose(&change, in_actions, asked, read);
        assert_eq!(chosen.text.is_some(), chosen.from != SettingsFrom::None);
        (chosen.from, chosen.differ)
    }

    #[test]
    fn a_proposed_change_is_judged_by_the_settings_it_started_from() {
        let commit = || Side::Commit("c".into());
        let both = [Some("a"), Some("b")];
        assert_eq!(chosen(commit(), commit(), false, None, both), (SettingsFrom::Base, true));
        assert_eq!(chosen(commit(), Side::WorkTree, true, None, both), (SettingsFrom::Base, true));
        assert_eq!(chosen(commit(), Side::WorkTree, false, None, both), (SettingsFrom::WorkTree, true));
        assert_eq!(chosen(commit(), Side::Index, false, None, [Some("a"); 2]), (SettingsFrom::Head, false));
        assert_eq!(chosen(commit(), commit(), false, Some(At::Head), both), (SettingsFrom::Head, true));
        assert_eq!(chosen(commit(), commit(), false, None, [None, Some("b")]), (SettingsFrom::None, true));
        assert_eq!(chosen(Side::Empty, commit(), true, None, [None, Some("b")]), (SettingsFrom::Head, false));
    }
}
