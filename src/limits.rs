//! Every bound of the analysis in one table, each with its reason.
//!
//! A bound is a count, never a clock, so that two runs agree. Whatever was reached goes into the
//! report as a [`Reached`]: a bound that nobody hears of would be silence sold as "clean".
//!
//! In: nothing. Out: constants, and [`Reached`].

use serde::{Deserialize, Serialize};

/// Largest file that is read, in bytes: beyond it are bundles and generated data.
pub const FILE_BYTES: u64 = 2 * 1024 * 1024;
/// Deepest nesting that is lowered; deeper parts become `Lost`. Hand-written code stays under 100.
pub const SYNTAX_DEPTH: u32 = 2_000;
/// Longest literal text that is kept, in bytes: SQL and prompts are not read by any word.
pub const LITERAL_BYTES: usize = 200;
/// Unclosed `name<` openings in a row before a file is refused: the grammar backtracks over them in
/// more than quadratic time.
pub const OPEN_TYPE_ARGUMENTS: u32 = 200;
/// Bytes of stack that the fast parser, which recurses, may take for one file; where more may be needed it
/// is not asked. Files of half a megabyte by hand need less.
pub const PARSER_STACK_BYTES: usize = 128 * 1024 * 1024;

/// Stack of the threads that analyse, in bytes: enough for nearly every text, so that few need another one
/// for parsing. What is not used of it costs nothing.
pub const THREAD_STACK_BYTES: usize = 16 * 1024 * 1024;
/// Deepest nesting of brackets before the fast parser is not asked: it reads some of them twice, which
/// makes its time grow with the square of this.
pub const BRACKET_DEPTH: usize = 200;
/// Conditions `a ?` that are open at once before the fast parser is not asked, for the same reason.
pub const OPEN_CONDITIONS: usize = 200;
/// Brackets inside `name<` inside brackets, and `infer` constraints, before the fast parser is not asked:
/// each may double its time.
pub const SPECULATION_DEPTH: usize = 10;
/// How long the fast parser may take for a text that it cannot be seen of whether it is made to keep it busy:
/// it reads a megabyte in a few milliseconds, and counts no steps. It only decides who reads the text.
pub const PARSER_PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);
/// Steps of the parser (each a hundred operations) that any file may take: small files with many
/// ambiguities.
pub const PARSER_STEPS_BASE: u64 = 10_000;
/// Bytes of a file for each further step of the parser: hand-written code has over eighty per step.
pub const PARSER_STEP_BYTES: u64 = 8;
/// Rounds of repairing a text that the grammar rejects: each one parses it again.
pub const REPAIR_ROUNDS: u32 = 4;
/// Deepest nesting of a destructuring pattern: every name in it carries all steps from its root.
pub const PATTERN_DEPTH: usize = 16;
/// Failures of one kind that a summary keeps (the least in a fixed order): the fixpoint stays finite.
pub const FAILURES: usize = 16;
/// Functions in one cycle of calls; a larger cycle is "unknown".
pub const CYCLE: usize = 400;
/// Closures returned by closures that are followed.
pub const CLOSURE_DEPTH: u32 = 3;
/// Steps from a parameter to what fails (`ctx.client.users.info` has three): functions that call
/// themselves with a part of what they were given would make longer and longer ones.
pub const PARAM_STEPS: usize = 8;
/// Steps of partial evaluation for one function.
pub const OUTCOME_STEPS: u32 = 2_000;
/// Calls that partial evaluation follows inwards.
pub const OUTCOME_CALLS: u32 = 2;
/// Values visited while one value is followed to its uses.
pub const VALUE_STEPS: usize = 500;
/// Steps of a route that are shown.
pub const ROUTE_STEPS: usize = 12;
/// Functions visited in one search for callers.
pub const CALLERS: usize = 5_000;
/// Bindings that a join may hold at one site before it gives up.
pub const JOIN: usize = 256;
/// Values that one text with knobs may stand for: two knobs of 64 values each.
pub const KNOB_VALUES: usize = 4_096;
/// Bytes of a configuration, page or manifest that are read.
pub const CONFIG_BYTES: u64 = 1024 * 1024;

/// Files on one side of a comparison: twice the largest public repositories; a tree that names the same
/// subtree over and over can hold billions.
pub const FILES: usize = 1_000_000;
/// Longest path that is listed, in bytes: what file systems allow.
pub const PATH_BYTES: usize = 4_096;
/// Added times deleted files that are compared for renames with edits (git's own default is the
/// square of 1,000); beyond it only renames without edits are found.
pub const RENAME_PAIRS: usize = 1_000_000;
/// Bytes of added and deleted files that are held in memory to find renames with edits.
pub const RENAME_BYTES: usize = 256 * 1024 * 1024;
/// Bytes of a workflow's event description that are read: what the service delivers at most.
pub const EVENT_BYTES: u64 = 25 * 1024 * 1024;

/// Links from one path of the tree to the next before a path counts as not there.
pub const LINKS: u32 = 8;
/// tsconfig files that extend one another: the resolver follows them by recursion.
pub const EXTENDS: usize = 32;
/// Deepest nesting of a package.json or tsconfig: readers of JSON recurse.
pub const CONFIG_DEPTH: usize = 100;
/// Elements of markup that are read in one literal text: pages by hand have fewer.
pub const MARKUP: usize = 1_000;
/// Files that are loaded beyond the changed ones, on each side.
pub const LOADED: usize = 400;
/// Files on disk, beyond what git names, that are read to see whether the same was asked before: where
/// there are more, reading them all costs what it saves, unless they are read anyway.
pub const HASHED: usize = 1_000;
/// Times that callers of what differs are looked for: each goes at least one file further outwards.
pub const WAVES: usize = 24;
/// Steps from a name through re-exports to what it stands for.
pub const REEXPORTS: usize = 64;

/// Bytes that the cache may take: two large repositories; beyond it the oldest packs go.
pub const CACHE_BYTES: u64 = 1024 * 1024 * 1024;
/// Bytes up to which packs of the cache are united with new ones.
pub const CACHE_MERGED: u64 = 128 * 1024 * 1024;

/// Globs in one list of settings: all of them become one automaton.
pub const GLOBS: usize = 500;
/// Longest glob, in bytes: braces multiply.
pub const GLOB_BYTES: usize = 300;
/// Syntax errors of one settings file that are shown: each mistake can cause many.
pub const MISTAKES: usize = 20;

/// A bound that was reached in this run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reached {
    /// The bound's name, as the outputs print it.
    pub name: String,
    /// What was left out because of it, in one sentence.
    pub text: String,
}
