//! Words: what sentences say about a site. Each says one thing and gives evidence for it.
//!
//! In: a [`Program`] and a [`Site`]. Out: an [`Answer`]. The table at the end names them all.

mod answers;
mod argument;
mod beside;
mod calls;
mod does;
mod dominated_by;
mod entered_by;
mod escapes_to;
mod fails_with;
mod flows_to;
mod follows;
mod from;
mod has;
mod inside;
mod key;
mod lands_in;
mod larger_than;
mod licence;
mod name;
mod named_in;
mod operand;
mod outcome;
mod path;
mod promise;
mod receiver;
mod rejects_by;
mod skips;
mod tests;

use crate::finding::{Confidence, Label, Place, Step};
use crate::model::Patterns;
use crate::program::route::Route;
use crate::program::{At, ExprKey, FileId, Program, Site, SiteKind};
use crate::syntax::Expr;
use crate::text::Span;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// What words may ask.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The side that is looked at.
    pub program: &'a Program,
    /// Whether somebody wants to know why a word says no; otherwise reasons may be short.
    pub explain: bool,
    /// The site that the sentence flags, also inside relations.
    pub flagged: Option<Site>,
}

/// What a word says about a site.
#[derive(Debug)]
pub enum Answer {
    /// It holds, in each of these ways (never empty).
    Yes(Vec<Evidence>),
    /// It does not hold, and why, in a few words.
    No(Cow<'static, str>),
}

impl Answer {
    /// Holds in one way that needs no words.
    pub fn plain(confidence: Confidence) -> Self {
        Self::Yes(vec![Evidence::new(confidence)])
    }

    /// Yes if there is any evidence, otherwise no with this reason.
    pub fn of(evidence: Vec<Evidence>, reason: impl Into<Cow<'static, str>>) -> Self {
        if evidence.is_empty() { Self::No(reason.into()) } else { Self::Yes(evidence) }
    }
}

/// One way in which a word holds.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// How sure it is.
    pub confidence: Confidence,
    /// Texts for the message, by name.
    pub captures: Vec<(&'static str, String)>,
    /// Places worth showing.
    pub labels: Vec<Label>,
    /// What later words of the same sentence may build on.
    pub bound: Bound,
}

impl Evidence {
    /// Evidence that carries nothing but its confidence.
    pub fn new(confidence: Confidence) -> Self {
        Self { confidence, captures: Vec::new(), labels: Vec::new(), bound: Bound::default() }
    }

    /// Adds a text for the message.
    #[must_use]
    pub fn capture(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.captures.push((name, text.into()));
        self
    }

    /// Adds a place worth showing.
    #[must_use]
    pub fn label(mut self, label: Label) -> Self {
        self.labels.push(label);
        self
    }
}

/// What words of one sentence tell each other. What a later word binds replaces what an earlier one
/// bound; causes add up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bound {
    /// The route of a failure from its site outwards.
    pub route: Option<Arc<Route>>,
    /// The class of the error that is spoken of.
    pub error: Option<String>,
    /// The secret that is spoken of.
    pub secret: Option<String>,
    /// A better primary place than the site.
    pub primary: Option<Site>,
    /// What the finding is about beyond its place; a part of its identity.
    pub causes: Vec<String>,
    /// The steps to print.
    pub trace: Vec<Step>,
}

impl Bound {
    /// Adds what a later word binds.
    pub fn merge(&mut self, later: &Self) {
        let Self { route, error, secret, primary, causes, trace } = later;
        if route.is_some() {
            self.route.clone_from(route);
        }
        if error.is_some() {
            self.error.clone_from(error);
        }
        if secret.is_some() {
            self.secret.clone_from(secret);
        }
        if primary.is_some() {
            self.primary = *primary;
        }
        if !trace.is_empty() {
            self.trace.clone_from(trace);
        }
        self.causes.extend(causes.iter().cloned());
        self.causes.sort();
        self.causes.dedup();
    }
}

/// The kinds of bindings, by which the order of words in a sentence is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binding {
    /// [`Bound::route`].
    Route,
    /// [`Bound::error`].
    Error,
    /// [`Bound::secret`].
    Secret,
}

/// What a parameter may hold.
#[derive(Debug, Clone, Copy)]
pub enum Values {
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A role that models declare, or a glob such as `package#name`.
    Role,
    /// A role that models declare, or one of these.
    RoleOr(&'static [&'static str]),
    /// A glob over paths.
    Path,
    /// A glob over a text.
    Glob,
    /// A status of a response: a number (`500`), a class (`5xx`) or `any`.
    Status,
    /// A whole number.
    Number,
}

/// A parameter of a word.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its key; `""` where the word's value is the parameter itself (`calls = "api"`).
    pub name: &'static str,
    /// What it may hold. A list means any of its values.
    pub values: Values,
    /// Whether it must be there.
    pub required: bool,
}

/// The parameters of one use of a word, knobs already filled in.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    values: Vec<(String, Vec<String>)>,
    patterns: OnceLock<BTreeMap<String, Patterns>>,
    paths: OnceLock<Patterns>,
}

impl Parameters {
    /// Parameters by name, each with its values.
    pub fn new(values: Vec<(String, Vec<String>)>) -> Self {
        Self { values, ..Self::default() }
    }

    /// The values of a parameter; empty if it is not there.
    pub fn get(&self, name: &str) -> &[String] {
        self.values.iter().find(|(known, _)| known == name).map_or(&[], |(_, values)| values)
    }

    /// The value of the word itself (`calls = "api"`).
    pub fn main(&self) -> &[String] {
        self.get("")
    }

    /// Whether any value of a parameter, as a pattern, is like `text`. Patterns are compiled once; one
    /// that is broken (a page with it is refused before) is like nothing.
    pub fn is_like(&self, name: &str, text: &str) -> bool {
        let compile = || {
            let compiled = |values: &Vec<String>| Patterns::new(values).unwrap_or_default();
            self.values.iter().map(|(name, values)| (name.clone(), compiled(values))).collect()
        };
        self.patterns.get_or_init(compile).get(name).is_some_and(|patterns| patterns.matches(text))
    }
}

impl Parameters {
    /// Whether the word's value, as globs over paths, is like `path`.
    pub fn is_path(&self, path: &str) -> bool {
        self.paths.get_or_init(|| Patterns::paths(self.main()).unwrap_or_default()).matches(path)
    }
}

impl PartialEq for Parameters {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl Eq for Parameters {}

/// Asks a word about a file.
pub type OfFile = fn(Context<'_>, FileId, &Parameters) -> Answer;
/// Asks a word about a site.
pub type Test = fn(Context<'_>, Site, &Parameters, &Bound) -> Answer;
/// The sites, in their order, of which a word may hold.
pub type Sieve = fn(&Program, &[Site], &Parameters) -> Vec<Site>;
/// Asks a relation for its other sites of the wanted kind.
pub type Relate = fn(Context<'_>, Site, SiteKind, &Parameters, &Bound) -> Vec<(Site, Evidence)>;

/// How a word is asked.
#[derive(Clone, Copy)]
pub enum Ask {
    /// It speaks of the site's file, so that it says the same of all sites in there.
    File(OfFile),
    /// It speaks of the site alone.
    Test(Test),
    /// It speaks of the site alone, and can tell at once, of many sites, those of which it may hold: the
    /// others need not be asked.
    Sieved {
        /// Tells them.
        sieve: Sieve,
        /// Asks one of them.
        test: Test,
    },
    /// It finds other sites, of which the sentence then says more.
    Relation(Relate),
}

/// A word, as the table lists it.
#[derive(Clone, Copy)]
pub struct Word {
    /// Its name in sentences.
    pub name: &'static str,
    /// The kinds of sites it speaks of.
    pub sites: &'static [SiteKind],
    /// Its parameters (besides `site` and `when` of a relation).
    pub parameters: &'static [Parameter],
    /// The bindings it gives.
    pub gives: &'static [Binding],
    /// The bindings that must be there.
    pub needs: &'static [Binding],
    /// The bindings that it builds on where they are there.
    pub uses: &'static [Binding],
    /// What it costs: cheap words are asked first where the order is free. 0 promises more: such a
    /// word looks at the site alone and never at what is bound, so that it may be asked before all
    /// others, also in `unless`.
    pub cost: u8,
    /// Whether it looks at those who call the function of the site: what it says may change although
    /// nothing changes in there and below.
    pub upwards: bool,
    /// How it is asked.
    pub ask: Ask,
}

impl Word {
    /// Whether it asks for the roles of what code does, followed through calls.
    pub fn follows_roles(&self) -> bool {
        self.name == does::WORD.name
    }
}

/// All words, in alphabetical order.
pub const WORDS: &[Word] = &[
    answers::WORD,
    argument::WORD,
    beside::WORD,
    calls::WORD,
    does::WORD,
    dominated_by::WORD,
    entered_by::WORD,
    escapes_to::WORD,
    fails_with::WORD,
    flows_to::WORD,
    follows::WORD,
    from::WORD,
    has::WORD,
    inside::WORD,
    key::WORD,
    lands_in::WORD,
    larger_than::WORD,
    licence::WORD,
    name::WORD,
    named_in::WORD,
    operand::WORD,
    outcome::WORD,
    path::WORD,
    promise::WORD,
    rejects_by::WORD,
    skips::WORD,
    tests::WORD,
];

/// The word with this name.
pub fn named(name: &str) -> Option<&'static Word> {
    WORDS.iter().find(|word| word.name == name)
}

/// A place of a site in the finding's terms.
pub fn place(program: &Program, site: Site) -> Place {
    place_of(program, site.file, program.span(site))
}

/// A span of a file in the finding's terms.
pub fn place_of(program: &Program, file: FileId, span: Span) -> Place {
    Place { path: program.file(file).path.clone(), span }
}

/// The call that a site is, through `await`, casts and a variable that begins with it.
fn call_at(program: &Program, site: Site) -> Option<ExprKey> {
    let At::Expr(mut expr) = site.at else { return None };
    let module = program.module(site.file);
    let mut is_stored = false;
    for _ in 0..HOPS {
        match module.expr(expr) {
            // What a variable got by waiting is over when it is read.
            Expr::Await(_) if is_stored => return None,
            Expr::Await(inner) | Expr::Cast { value: inner, .. } | Expr::Chain(inner) => expr = inner,
            Expr::Read(binding) if site.kind == SiteKind::Element => {
                expr = program.value_of(site.file, binding)?;
                is_stored = true;
            }
            Expr::Call { .. } | Expr::New { .. } => return Some(ExprKey { file: site.file, expr }),
            _ => return None,
        }
    }
    None
}

/// Steps that [`call_at`] takes.
const HOPS: u32 = 16;

/// The confidence of something that a name decided, or did not.
fn confidence(guessed: bool) -> Confidence {
    if guessed { Confidence::Medium } else { Confidence::High }
}
