//! Comes to the nodes of a text that the fast parser reads without errors, as if they came from the
//! tree-sitter grammar: the same kinds, fields and order, so that there is one lowering.
//!
//! In: a text and its dialect. Out: the module, or nothing where the text has an error or is nested too
//! deep: then the tolerant parser is asked. What the lowering does not look at is left out.

mod class;
mod declare;
mod expr;
mod function;
mod guard;
mod link;
mod markup;
mod outside;
mod pattern;
mod stmt;
mod task;
mod types;

use super::kind::{Kind, Slot};
use super::value::{Part, Value};
use super::walk::{Entered, Lowering, Seen};
use crate::limits::PARSER_PATIENCE;
use crate::syntax::{Dialect, Module};
use crate::text::Span;
use guard::Needs;
use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use task::Task;

/// Lowers a text that has no errors.
pub(super) fn lower(text: &str, dialect: Dialect) -> Option<Module> {
    let Needs { stack, is_tame } = guard::needs(text, dialect)?;
    if is_tame { stacker::maybe_grow(stack, stack, || parsed(text, dialect)) } else { watched(text, dialect, stack) }
}

/// Lowers a text of which it is not certain that the parser is soon done with it. It counts no steps and
/// cannot be stopped: a text made to keep it busy is left to it, and read by the other parser, which makes
/// the same of it.
fn watched(text: &str, dialect: Dialect, stack: usize) -> Option<Module> {
    // One that is kept busy is enough: it goes on until the process ends.
    static IS_BUSY: AtomicBool = AtomicBool::new(false);
    if IS_BUSY.load(Ordering::Relaxed) {
        return None;
    }
    let (send, receive) = mpsc::sync_channel(1);
    let text = text.to_owned();
    let work = move || {
        let lowered = catch_unwind(AssertUnwindSafe(|| parsed(&text, dialect)));
        // Nobody may be waiting any more.
        let _ = send.send(lowered.unwrap_or_default());
    };
    std::thread::Builder::new().stack_size(stack).spawn(work).ok()?;
    let lowered = receive.recv_timeout(PARSER_PATIENCE);
    IS_BUSY.fetch_or(lowered.is_err(), Ordering::Relaxed);
    lowered.ok().flatten()
}

fn parsed(text: &str, dialect: Dialect) -> Option<Module> {
    /// Memory that was parsed into before: fresh one has to be asked of the system page by page.
    static ARENAS: Mutex<Vec<Allocator>> = Mutex::new(Vec::new());
    let arenas = || ARENAS.lock().unwrap_or_else(PoisonError::into_inner);
    let mut arena = arenas().pop().unwrap_or_default();
    let module = parsed_in(&arena, text, dialect);
    arena.reset();
    arenas().push(arena);
    module
}

fn parsed_in(arena: &Allocator, text: &str, dialect: Dialect) -> Option<Module> {
    let kind = match dialect {
        Dialect::TypeScript => SourceType::ts().with_module(true),
        Dialect::Tsx => SourceType::tsx().with_module(true),
    };
    let options =
        ParseOptions { allow_return_outside_function: true, enable_ident_hashes: false, ..ParseOptions::default() };
    let parsed = Parser::new(arena, text, kind).with_options(options).parse();
    if parsed.panicked || !parsed.diagnostics.is_empty() {
        return None;
    }
    let lowering = Lowering::new(text, dialect, Vec::new());
    let mut reader = Reader { lowering, parts: Vec::new(), tasks: Vec::new(), mark: 0, too_deep: false };
    reader.run(&parsed.program);
    (!reader.too_deep).then(|| reader.lowering.finish())
}

/// The state of one reading: what is still to be come to, the next on top.
struct Reader<'a, 't> {
    lowering: Lowering<'t>,
    parts: Vec<Part>,
    tasks: Vec<Task<'a>>,
    /// Where the tasks of the node that is being looked at begin. They are added in the order of the
    /// text and turned round when it is done.
    mark: usize,
    too_deep: bool,
}

fn span(at: oxc_span::Span) -> Span {
    Span::new(at.start, at.end)
}

impl<'a> Reader<'a, '_> {
    fn run(&mut self, program: &'a Program<'a>) {
        for comment in &program.comments {
            self.lowering.comment(span(comment.span));
        }
        self.open(Kind::Program, Slot::Other, span(program.span));
        self.statements(&program.directives, &program.body, Slot::Other);
        self.leave();
        loop {
            self.tasks[self.mark..].reverse();
            let Some(task) = self.tasks.pop().filter(|_| !self.too_deep) else { return };
            self.mark = self.tasks.len();
            self.look(task);
        }
    }

    /// Adds what comes next inside the node that is being looked at; what comes first is done at once.
    fn then(&mut self, task: Task<'a>) {
        if self.tasks.len() > self.mark {
            self.tasks.push(task);
            return;
        }
        match task {
            Task::Open(kind, slot, at) => self.enter(kind, slot, at, false),
            Task::Leaf(kind, slot, at) => self.enter(kind, slot, at, true),
            Task::Token(kind, slot, at) => self.parts.push(Part { kind, slot, at, value: Value::None }),
            Task::Leave => self.lowering.close(&mut self.parts),
            task => self.tasks.push(task),
        }
    }

    fn enter(&mut self, kind: Kind, slot: Slot, at: Span, empty: bool) {
        let entered = self.lowering.enter(Seen { kind, slot, at, missing: false, empty }, &mut self.parts);
        debug_assert!(self.too_deep || entered == Entered::TooDeep || (entered == Entered::Open) != empty, "{kind:?}");
        self.too_deep |= entered == Entered::TooDeep;
    }

    /// A node whose children follow, up to `leave`.
    fn open(&mut self, kind: Kind, slot: Slot, at: Span) {
        self.then(Task::Open(kind, slot, at));
    }

    fn leave(&mut self) {
        self.then(Task::Leave);
    }

    /// A node without children.
    fn leaf(&mut self, kind: Kind, slot: Slot, at: oxc_span::Span) {
        self.then(Task::Leaf(kind, slot, span(at)));
    }

    /// A token that is only there or not.
    fn token(&mut self, kind: Kind, at: Span) {
        self.then(Task::Token(kind, Slot::Other, at));
    }

    fn token_if(&mut self, is_there: bool, kind: Kind) {
        if is_there {
            self.token(kind, Span::default());
        }
    }

    /// The operator that stands after `from`.
    fn operator(&mut self, from: u32, operator: &str) {
        let start = self.skip(from);
        let at = Span::new(start, start + operator.len() as u32);
        self.then(Task::Token(Kind::Other, Slot::Operator, at));
    }

    /// Where the next token begins: after blanks and comments.
    fn skip(&self, from: u32) -> u32 {
        let text = self.lowering.text;
        let mut at = from as usize;
        while let Some(rest) = text.get(at..) {
            let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
            at += rest.len() - trimmed.len();
            if trimmed.starts_with("//") {
                at += trimmed.find(['\n', '\r', '\u{2028}', '\u{2029}']).unwrap_or(trimmed.len());
            } else if trimmed.starts_with("/*") {
                at += trimmed.find("*/").map_or(trimmed.len(), |end| end + 2);
            } else {
                break;
            }
        }
        at as u32
    }

    /// A text without its first word, and what stands between them.
    fn after_word(&self, at: oxc_span::Span, word: &str) -> Span {
        Span::new(self.skip(at.start + word.len() as u32), at.end)
    }
}
