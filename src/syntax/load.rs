//! Stage 5: every text of both sides to its lowered form, in parallel, equal texts once.
//!
//! In: [`Sources`]. Out: [`Modules`] by side and path, and what could not be lowered. What is known of
//! a text from an earlier run ([`Known`]) is taken instead of lowering it again.

use super::outline::Outline;
use super::{Dialect, LostWhy, Module, typescript};
use crate::change::RepoPath;
use crate::source::{At, NotAnalysed, Source, Sources};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What is known of texts, by the name of their content.
pub trait Known: Sync {
    /// The lowered form.
    fn module(&self, blob: &str, dialect: Dialect) -> Option<Module>;
    /// Remembers a lowered form.
    fn keep_module(&self, blob: &str, dialect: Dialect, module: &Module);
    /// The outline.
    fn outline(&self, blob: &str) -> Option<Outline>;
    /// Remembers an outline.
    fn keep_outline(&self, blob: &str, outline: &Outline);
}

/// Nothing is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

impl Known for Nothing {
    fn module(&self, _: &str, _: Dialect) -> Option<Module> {
        None
    }

    fn keep_module(&self, _: &str, _: Dialect, _: &Module) {}

    fn outline(&self, _: &str) -> Option<Outline> {
        None
    }

    fn keep_outline(&self, _: &str, _: &Outline) {}
}

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

impl Modules {
    /// The files of one side.
    pub fn side(&self, at: At) -> &BTreeMap<RepoPath, Arc<Module>> {
        match at {
            At::Base => &self.base,
            At::Head => &self.head,
        }
    }
}

/// What lowering one text gave.
type Lowered = Result<Arc<Module>, String>;

/// Outlines by the name of the content.
pub type Outlines = FxHashMap<String, Arc<Outline>>;

/// How texts came to their lowered forms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Texts that were parsed.
    pub parsed: usize,
    /// Texts whose lowered form was known.
    pub known: usize,
    /// Outlines that were read from a text.
    pub outlined: usize,
}

/// Lowers texts, each once in a run.
pub struct Lowering<'a> {
    known: &'a dyn Known,
    done: Mutex<FxHashMap<(String, Dialect), Lowered>>,
    outlines: Mutex<Outlines>,
    parsed: AtomicUsize,
    taken: AtomicUsize,
    outlined: AtomicUsize,
}

impl<'a> Lowering<'a> {
    /// Takes what is `known` instead of lowering again.
    pub fn new(known: &'a dyn Known) -> Self {
        let none = AtomicUsize::default;
        Self {
            known,
            done: Mutex::default(),
            outlines: Mutex::default(),
            parsed: none(),
            taken: none(),
            outlined: none(),
        }
    }

    /// Lowers all source files of both sides.
    pub fn load(&self, sources: &Sources) -> Modules {
        let mut wanted: BTreeMap<(&str, Dialect), &Arc<Source>> = BTreeMap::new();
        for at in [At::Base, At::Head] {
            for (path, source) in sources.side(at) {
                if let Some(dialect) = Dialect::of_path(path) {
                    wanted.entry((&source.blob, dialect)).or_insert(source);
                }
            }
        }
        let lowered: BTreeMap<(&str, Dialect), Lowered> =
            wanted.into_par_iter().map(|(key, source)| (key, self.lower(source, key.1))).collect();
        let (base, base_lost) = side(sources.side(At::Base), &lowered);
        let (head, head_lost) = side(sources.side(At::Head), &lowered);
        Modules { base, head, base_lost, head_lost }
    }

    /// How many were lowered, and how many known.
    pub fn counts(&self) -> Counts {
        let count = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        Counts { parsed: count(&self.parsed), known: count(&self.taken), outlined: count(&self.outlined) }
    }

    /// The outline of the text with this name; where it is not known, `read` lends the text.
    pub fn outline(
        &self,
        blob: Option<&str>,
        read: impl FnOnce(fn(&[u8]) -> Outline) -> Option<Outline>,
    ) -> Option<Arc<Outline>> {
        let made = || {
            let outline = read(Outline::new)?;
            self.outlined.fetch_add(1, Ordering::Relaxed);
            Some(Arc::new(outline))
        };
        let Some(blob) = blob else { return made() };
        let outlines = || self.outlines.lock().unwrap_or_else(PoisonError::into_inner);
        // Both sides have nearly all texts in common.
        if let Some(outline) = outlines().get(blob) {
            return Some(Arc::clone(outline));
        }
        let outline = if let Some(outline) = self.known.outline(blob) {
            Arc::new(outline)
        } else {
            let outline = made()?;
            self.known.keep_outline(blob, &outline);
            outline
        };
        Some(Arc::clone(outlines().entry(blob.to_owned()).or_insert(outline)))
    }

    /// The outlines that were asked for, for whoever comes later.
    pub fn take_outlines(&self) -> Outlines {
        std::mem::take(&mut *self.outlines.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn lower(&self, source: &Source, dialect: Dialect) -> Lowered {
        let key = (source.blob.clone(), dialect);
        let done = || self.done.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lowered) = done().get(&key) {
            return lowered.clone();
        }
        let lowered = if let Some(module) = self.known.module(&source.blob, dialect) {
            self.taken.fetch_add(1, Ordering::Relaxed);
            Ok(Arc::new(module))
        } else {
            self.parsed.fetch_add(1, Ordering::Relaxed);
            lower(source, dialect).inspect(|module| self.known.keep_module(&source.blob, dialect, module))
        };
        done().entry(key).or_insert(lowered).clone()
    }
}

/// Lowers all source files of both sides, with nothing known.
pub fn load(sources: &Sources) -> Modules {
    Lowering::new(&Nothing).load(sources)
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
