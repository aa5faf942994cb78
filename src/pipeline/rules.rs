//! Every rule that there is: those that failpath brings along and the repository's own.
//!
//! In: pages. Out: [`Catalogue`], sorted by id. Own pages are read from the same side as the settings
//! that name them: a change must not rewrite the rules that judge it.

use super::error::Error;
use super::itself;
use crate::finding::RuleInfo;
use crate::git::Reader;
use crate::rule::builtin::{self, Loaded, PAGES};
use crate::source::At;
use crate::word::WORDS;
use globset::GlobBuilder;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// Every rule with its page.
#[derive(Debug)]
pub struct Catalogue {
    /// The rules, sorted by id.
    pub rules: Vec<Loaded>,
    /// What outputs and settings know of them, and of what the gate says about itself; sorted by id.
    pub infos: Vec<RuleInfo>,
}

impl Catalogue {
    /// The built-in pages, read once.
    ///
    /// # Errors
    /// Mistakes in pages; the tests hold that there are none.
    pub fn builtin() -> Result<Arc<Self>, Error> {
        static BUILTIN: OnceLock<Arc<Catalogue>> = OnceLock::new();
        if let Some(known) = BUILTIN.get() {
            return Ok(Arc::clone(known));
        }
        let read = Arc::new(Self::read(&[])?);
        Ok(Arc::clone(BUILTIN.get_or_init(|| read)))
    }

    /// Reads the built-in pages and `own` ones, given as path and text.
    ///
    /// # Errors
    /// Mistakes in pages, or two pages of one rule.
    pub fn read(own: &[(String, String)]) -> Result<Self, Error> {
        let own = own.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        Self::of(PAGES.iter().copied().chain(own))
    }

    /// Reads exactly these pages.
    ///
    /// # Errors
    /// Mistakes in pages, or two pages of one rule.
    pub fn of<'a>(pages: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Error> {
        let rules = builtin::load(pages, WORDS).map_err(|errors| Error::Pages { errors })?;
        let mut infos: Vec<RuleInfo> = rules.iter().map(|loaded| builtin::info(&loaded.rule)).collect();
        let gate = itself::infos();
        if let Some(pair) = rules.windows(2).find(|pair| pair[0].rule.id == pair[1].rule.id) {
            let [first, second] = [&pair[0].page.path, &pair[1].page.path].map(Clone::clone);
            return Err(Error::TwoPages { rule: pair[0].rule.id.clone(), first, second });
        }
        if let Some(taken) = rules.iter().find(|loaded| gate.iter().any(|info| info.id == loaded.rule.id)) {
            let (rule, second) = (taken.rule.id.clone(), taken.page.path.clone());
            return Err(Error::TwoPages { first: format!("rules/gate/{rule}.md"), rule, second });
        }
        infos.extend(gate);
        infos.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { rules, infos })
    }

    /// What is known of a rule.
    ///
    /// # Errors
    /// When there is none of this id; the nearest one is named.
    pub fn info(&self, id: &str) -> Result<&RuleInfo, Error> {
        let found = self.infos.iter().find(|info| info.id == id);
        found.ok_or_else(|| Error::unknown_rule(id, self.infos.iter().map(|info| info.id.as_str())))
    }

    /// A rule that has a sentence.
    ///
    /// # Errors
    /// When there is none of this id, or it is about the gate itself.
    pub fn rule(&self, id: &str) -> Result<&Loaded, Error> {
        self.info(id)?;
        self.rules.iter().find(|loaded| loaded.rule.id == id).ok_or_else(|| Error::Refused {
            what: format!("`{id}` is about the gate itself and has no sentence"),
            help: format!("`failpath explain {id}` tells when it is reported"),
        })
    }
}

/// The repository's own pages that `globs` name on one side, as path and text, sorted by path.
///
/// # Errors
/// A glob that fits nothing, or a page that cannot be read.
pub fn own_pages(reader: &Reader, at: At, globs: &[String]) -> Result<Vec<(String, String)>, Error> {
    let mut paths = BTreeSet::new();
    for text in globs {
        // A broken glob is reported by the settings, at its place.
        let Ok(glob) = GlobBuilder::new(text).literal_separator(true).build() else { continue };
        let matcher = glob.compile_matcher();
        let mut found = reader.list(at).filter(|path| matcher.is_match(path)).map(str::to_owned).peekable();
        if found.peek().is_none() {
            return Err(Error::NoPages { glob: text.clone() });
        }
        paths.extend(found);
    }
    let page = |path: String| match reader.read(at, &path) {
        Ok(source) => Ok((path, source.text.clone())),
        Err(why) => Err(Error::Unreadable { path, why: why.to_string() }),
    };
    paths.into_iter().map(page).collect()
}
