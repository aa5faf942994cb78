//! Fixes as a patch.
//!
//! In: a report's texts and edits. Out: a unified diff of each file, as `git apply` reads it.

use super::apply;
use crate::change::RepoPath;
use crate::finding::Edit;
use crate::source::Source;
use similar::TextDiff;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files after the edits, with their texts before; files whose text is not at hand are left out.
pub fn mended<'a>(
    sources: &'a BTreeMap<RepoPath, Arc<Source>>,
    edits: impl IntoIterator<Item = &'a Edit>,
) -> BTreeMap<&'a str, (&'a Source, String)> {
    let mut by_path: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        by_path.entry(&edit.place.path).or_default().push(edit);
    }
    let file = |(path, edits): (&'a str, Vec<&Edit>)| {
        let source = sources.get(path)?;
        Some((path, (&**source, apply(&source.text, edits)?)))
    };
    by_path.into_iter().filter_map(file).collect()
}

/// What edits do, as a unified diff.
pub fn unified<'a>(sources: &'a BTreeMap<RepoPath, Arc<Source>>, edits: impl IntoIterator<Item = &'a Edit>) -> String {
    let file = |(path, (source, text)): (&str, (&Source, String))| {
        let lines = TextDiff::from_lines(source.text.as_str(), text.as_str());
        lines.unified_diff().context_radius(3).header(&format!("a/{path}"), &format!("b/{path}")).to_string()
    };
    mended(sources, edits).into_iter().map(file).collect()
}
