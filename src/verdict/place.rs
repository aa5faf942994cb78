//! Where a finding stands, told by its function and its code: so that matching can ask whether that
//! place is still there on the other side.
//!
//! In: one side's texts and lowered forms. Out: for each function its own code (without that of the
//! functions in it), and how often it holds a piece of code. Files are looked at when first asked for.

use crate::change::RepoPath;
use crate::finding::{Finding, Place};
use crate::rule::anchor::squeeze;
use crate::source::Source;
use crate::syntax::print::Paths;
use crate::syntax::{FnId, Module};
use crate::text::Span;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands for a function inside the code of another: no source text holds it.
const HOLE: &str = "\u{0}";

/// One side, as far as matching looks at it.
pub(super) struct Side<'a> {
    sources: &'a BTreeMap<RepoPath, Arc<Source>>,
    modules: &'a BTreeMap<RepoPath, Arc<Module>>,
    files: BTreeMap<&'a str, OnceCell<File>>,
}

/// The functions of a file.
#[derive(Default)]
struct File {
    /// By path of the function; functions may share one.
    functions: BTreeMap<String, Vec<Own>>,
    /// Innermost last.
    spans: Vec<(Span, String)>,
}

/// A function.
struct Own {
    span: Span,
    /// Its own code, without those in it.
    code: String,
    /// All of its code.
    whole: String,
}

impl<'a> Side<'a> {
    pub fn new(sources: &'a BTreeMap<RepoPath, Arc<Source>>, modules: &'a BTreeMap<RepoPath, Arc<Module>>) -> Self {
        Self { sources, modules, files: modules.keys().map(|path| (path.as_str(), OnceCell::new())).collect() }
    }

    fn file(&self, path: &str) -> Option<&File> {
        let cell = self.files.get(path)?;
        let (source, module) = (self.sources.get(path)?, self.modules.get(path)?);
        Some(cell.get_or_init(|| File::new(source, module)))
    }

    /// Whether the file could be analysed.
    pub fn knows(&self, path: &str) -> bool {
        self.modules.contains_key(path)
    }

    /// The lowered form of a file.
    pub fn module(&self, path: &str) -> Option<&'a Module> {
        self.modules.get(path).map(Arc::as_ref)
    }

    /// Whether a file has a function of this path.
    pub fn has(&self, path: &str, function: &str) -> bool {
        self.file(path).is_some_and(|file| file.functions.contains_key(function))
    }

    /// The innermost function around a place.
    pub fn function_at(&self, place: &Place) -> Option<&str> {
        let file = self.file(&place.path)?;
        file.spans.iter().rev().find(|(span, _)| span.contains(place.span)).map(|(_, path)| path.as_str())
    }

    /// The text of the functions of this path.
    pub fn spans(&self, path: &str, function: &str) -> Vec<Span> {
        let of = self.file(path).and_then(|file| file.functions.get(function));
        of.into_iter().flatten().map(|own| own.span).collect()
    }

    /// The whole code of the functions of this path.
    pub fn code(&self, path: &str, function: &str) -> Option<Vec<&str>> {
        Some(self.file(path)?.functions.get(function)?.iter().map(|own| own.whole.as_str()).collect())
    }

    /// How often the functions of this path hold a piece of code themselves.
    pub fn count(&self, path: &str, function: &str, code: &str) -> usize {
        let of = self.file(path).and_then(|file| file.functions.get(function));
        of.into_iter().flatten().map(|own| own.code.matches(code).count()).sum()
    }

    /// The code at a finding's place, without that of functions in it.
    pub fn code_at(&self, finding: &Finding) -> Option<String> {
        let Place { path, span } = &finding.place;
        let (source, module) = (self.sources.get(path)?, self.modules.get(path)?);
        let code = own_code(source, module, *span);
        (!code.is_empty()).then_some(code)
    }
}

impl File {
    fn new(source: &Source, module: &Module) -> Self {
        let paths = Paths::new(module);
        let mut file = Self::default();
        for id in module.function_ids() {
            let span = span(source, module, id);
            let path = paths.of(id).to_owned();
            let own = Own { span, code: own_code(source, module, span), whole: squeeze(span.of(&source.text)) };
            file.functions.entry(path.clone()).or_default().push(own);
            file.spans.push((span, path));
        }
        // Functions are numbered parents first, but siblings in any order.
        file.spans.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        file
    }
}

fn span(source: &Source, module: &Module, id: FnId) -> Span {
    if module.function(id).parent.is_none() { Span::new(0, source.text.len() as u32) } else { module.function(id).at }
}

/// The code of a span; where functions stand in it, a mark stands for each.
fn own_code(source: &Source, module: &Module, span: Span) -> String {
    let inner = |id: &FnId| module.function(*id).parent.is_some();
    let spans = module.function_ids().filter(inner).map(|id| module.function(id).at);
    let mut inside: Vec<Span> = spans.filter(|other| span.contains(*other) && *other != span).collect();
    inside.sort_by_key(|other| (other.start, std::cmp::Reverse(other.end)));
    let mut code = String::new();
    let mut at = span.start;
    for other in inside {
        if other.start >= at {
            code.push_str(Span::new(at, other.start).of(&source.text));
            code.push_str(HOLE);
            at = other.end;
        }
    }
    code.push_str(Span::new(at, span.end.max(at)).of(&source.text));
    squeeze(&code)
}
