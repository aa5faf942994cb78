//! Stage 5: every text of both sides to its lowered form, in parallel, equal texts once.
//!
//! In: [`Sources`]. Out: [`Modules`] by side and path, and what could not be lowered.

use super::{Dialect, LostWhy, Module, typescript};
use crate::change::RepoPath;
use crate::source::{At, NotAnalysed, Source, Sources};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The lowered files of both sides.
#[derive(Debug, Default)]
pub struct Modules {
    /// Files on base.
    pub base: BTreeMap<RepoPath, Arc<Module>>,
    /// Files on head.
    pub head: BTreeMap<RepoPath, Arc<Module>>,
    /// What was not lowered on base.
    pub base_lost: Vec<NotAnalysed>,
    /// What was not lowered on head.
    pub head_lost: Vec<NotAnalysed>,
}

/// What lowering one text gave.
type Lowered = Result<Arc<Module>, String>;

/// Lowers all source files of both sides.
pub fn load(sources: &Sources) -> Modules {
    let mut wanted: BTreeMap<(&str, Dialect), &Arc<Source>> = BTreeMap::new();
    for at in [At::Base, At::Head] {
        for (path, source) in sources.side(at) {
            if let Some(dialect) = Dialect::of_path(path) {
                wanted.entry((&source.blob, dialect)).or_insert(source);
            }
        }
    }
    let lowered: BTreeMap<(&str, Dialect), Lowered> =
        wanted.into_par_iter().map(|((blob, dialect), source)| ((blob, dialect), lower(source, dialect))).collect();
    let (base, base_lost) = side(sources.side(At::Base), &lowered);
    let (head, head_lost) = side(sources.side(At::Head), &lowered);
    Modules { base, head, base_lost, head_lost }
}

fn lower(source: &Source, dialect: Dialect) -> Lowered {
    // A mistake of ours in one file costs that file, and is said.
    let lowered = catch_unwind(AssertUnwindSafe(|| typescript::lower(&source.text, dialect)));
    match lowered {
        Ok(Ok(module)) => Ok(Arc::new(module)),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("failpath made a mistake in reading it; please report this".to_owned()),
    }
}

fn side(
    sources: &BTreeMap<RepoPath, Arc<Source>>,
    lowered: &BTreeMap<(&str, Dialect), Lowered>,
) -> (BTreeMap<RepoPath, Arc<Module>>, Vec<NotAnalysed>) {
    let (mut modules, mut lost) = (BTreeMap::new(), Vec::new());
    let empty = typescript::lower("", Dialect::TypeScript).map(Arc::new);
    for (path, source) in sources {
        let Some(dialect) = Dialect::of_path(path) else {
            // A file that is no code has an empty form, so that rules about files see it.
            if let Ok(empty) = &empty {
                modules.insert(path.clone(), Arc::clone(empty));
            }
            continue;
        };
        match lowered.get(&(source.blob.as_str(), dialect)) {
            Some(Ok(module)) => {
                lost.extend(module.lost.iter().map(|region| NotAnalysed {
                    path: path.clone(),
                    reason: reason(region.why).to_owned(),
                    lines: Some((source.lines.line(region.at.start), source.lines.line(region.at.end))),
                }));
                modules.insert(path.clone(), module.clone());
            }
            Some(Err(reason)) => {
                lost.push(NotAnalysed { path: path.clone(), reason: reason.clone(), lines: None });
            }
            None => {}
        }
    }
    (modules, lost)
}

fn reason(why: LostWhy) -> &'static str {
    match why {
        LostWhy::Syntax => "syntax that the parser does not know",
        LostWhy::Depth => "nested too deep",
        LostWhy::Blanked => "syntax that had to be blanked out",
    }
}
