//! Failures and summaries: plain data of the failure analysis.
//!
//! In: nothing. Out: [`Class`], [`Failure`], [`Escape`] and [`Summary`]. A set of failures keeps the
//! least few of each kind in a fixed order, so that joining does not depend on the order of joins.

use super::again::Moves;
use super::{ExprKey, FileId, FnKey};
use crate::limits::FAILURES;
use crate::model::Roles;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What kind of failure. The order is the order in which a full set keeps its members.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Calling (or awaiting) what is reached from a parameter.
    Param {
        /// The function.
        function: FnKey,
        /// Which parameter, from 0.
        index: u16,
        /// What is reached from it.
        path: Arc<str>,
    },
    /// The caller is not allowed: the error's name.
    Auth(Arc<str>),
    /// A third-party API.
    Api,
    /// An error of the program: its name.
    Thrown(Arc<str>),
    /// Something that cannot be resolved.
    Unknown,
}

impl Class {
    /// The same for a program in which files have other numbers.
    pub(super) fn moved(&self, moves: &Moves) -> Option<Self> {
        Some(match self {
            Self::Param { function, index, path } => {
                Self::Param { function: moves.function(*function)?, index: *index, path: Arc::clone(path) }
            }
            other => other.clone(),
        })
    }

    /// The place of its kind among all, in the order of the kinds.
    fn kind(&self) -> usize {
        match self {
            Self::Param { .. } => 0,
            Self::Auth(_) => 1,
            Self::Api => 2,
            Self::Thrown(_) => 3,
            Self::Unknown => 4,
        }
    }

    /// Whether an error of this class is an instance of the named class; `None` if nobody knows.
    pub fn is_instance_of(&self, name: &str) -> Option<bool> {
        match (self, name) {
            (_, "Error" | "Object") => Some(true),
            (Self::Auth(own) | Self::Thrown(own), _) if &**own == name => Some(true),
            // A mapped class may be a base of it.
            (Self::Auth(_) | Self::Thrown(_), _) => None,
            // An outage is none of the classes that code tells apart; what nobody knows may be any.
            (Self::Api, _) => Some(false),
            (Self::Unknown | Self::Param { .. }, _) => None,
        }
    }
}

/// One way to fail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// What kind.
    pub class: Class,
    /// Where it starts.
    pub sink: ExprKey,
    /// Whether a name decided somewhere.
    pub guessed: bool,
}

/// Kinds of failures.
const KINDS: usize = 5;

/// The least failures of each kind that escape.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Escape {
    /// Each kind has room of its own: many of one must not hide another, lest taking one of the many away
    /// shows what was there all the time.
    kinds: [BTreeMap<(Class, ExprKey), bool>; KINDS],
    /// Whether some were left out.
    pub more: bool,
}

impl Escape {
    /// The set without members.
    pub const EMPTY: Self = Self { kinds: [const { BTreeMap::new() }; KINDS], more: false };

    /// Adds a failure. The same failure with more certainty takes the place of the guess.
    pub fn add(&mut self, failure: Failure) {
        let kind = &mut self.kinds[failure.class.kind()];
        let key = (failure.class, failure.sink);
        if kind.len() >= FAILURES && kind.last_key_value().is_some_and(|(last, _)| *last < key) {
            self.more = true;
            return;
        }
        *kind.entry(key).or_insert(failure.guessed) &= failure.guessed;
        if kind.len() > FAILURES {
            self.more = true;
            kind.pop_last();
        }
    }

    /// The failures in their order.
    pub fn iter(&self) -> impl Iterator<Item = Failure> {
        let all = self.kinds.iter().flatten();
        all.map(|((class, sink), guessed)| Failure { class: class.clone(), sink: *sink, guessed: *guessed })
    }

    /// Whether nothing can fail.
    pub fn is_empty(&self) -> bool {
        self.kinds.iter().all(BTreeMap::is_empty) && !self.more
    }
}

/// What callers need to know about a function.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// What can fail and gets out.
    pub escape: Escape,
    /// The roles of everything it does, followed through calls.
    pub does: Roles,
    /// Those among them that only names suggest.
    pub guessed: Roles,
}

impl Summary {
    /// Adds what another one holds.
    pub fn join(&mut self, other: &Self) {
        other.escape.iter().for_each(|failure| self.escape.add(failure));
        self.escape.more |= other.escape.more;
        self.does |= other.does;
        self.guessed |= other.guessed;
    }

    /// The same for a program in which files have other numbers.
    pub(super) fn moved(&self, moves: &Moves) -> Option<Self> {
        let one = |((class, sink), guessed): (&(Class, ExprKey), &bool)| {
            Some(((class.moved(moves)?, moves.expr(*sink)?), *guessed))
        };
        let mut escape = Escape { more: self.escape.more, ..Escape::EMPTY };
        for (new, old) in escape.kinds.iter_mut().zip(&self.escape.kinds) {
            *new = old.iter().map(one).collect::<Option<_>>()?;
        }
        Some(Self { escape, ..*self })
    }
}

/// The summaries of all loaded functions.
#[derive(Debug, Clone, Default)]
pub struct Summaries(Vec<OfFile>);

/// The summaries of the functions of one file.
pub(super) type OfFile = Arc<Vec<Summary>>;

impl Summaries {
    /// Those of all files.
    pub fn new(files: impl Iterator<Item = OfFile>) -> Self {
        Self(files.collect())
    }

    /// Nothing known yet of as many functions.
    pub fn none(count: usize) -> OfFile {
        Arc::new(vec![Summary::default(); count])
    }

    /// Those of one file.
    pub fn of_file(&self, file: FileId) -> OfFile {
        self.0.get(file.0 as usize).map(Arc::clone).unwrap_or_default()
    }

    /// The summary of a function of the program.
    pub fn get(&self, key: FnKey) -> Option<&Summary> {
        self.0.get(key.file.0 as usize)?.get(key.function.index())
    }

    /// Takes a new summary; whether it is another one.
    pub fn put(&mut self, key: FnKey, summary: Summary) -> bool {
        let is_new = self.get(key).is_some_and(|known| *known != summary);
        if is_new && let Some(file) = self.0.get_mut(key.file.0 as usize) {
            Arc::make_mut(file)[key.function.index()] = summary;
        }
        is_new
    }
}
