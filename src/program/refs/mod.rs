//! References: what the declarations of a file use of each other and of other files.
//!
//! In: a lowered module. Out: [`Refs`], which say what has to be read to know a name that the file
//! exports, and which of its exports a function is a part of. Nothing is resolved here.
//!
//! The methods of classes and of object literals are declarations of their own: who wants
//! `service.find` need not read what `service.remove` uses. Names of members are written after a dot.

mod build;
mod place;
mod taint;

pub(super) use taint::{Beside, Hit};

use super::part::Part;
use crate::syntax::Module;
use crate::text::Span;
use place::Places;
use std::collections::{BTreeMap, BTreeSet};

/// A name of another file: the specifier, and the name there ([`ALL`], [`FILE`], `name`,
/// `name.member`).
pub(super) type Wanted = (String, String);

/// Names by file, sorted.
pub(super) type Names = BTreeMap<String, BTreeSet<String>>;

/// Everything that a file exports.
pub(super) const ALL: &str = "";
/// The file itself, and nothing that stands behind it: all of it was handed to somebody.
pub(super) const FILE: &str = "*";

/// The member of a class that everybody uses who makes an instance.
const CONSTRUCTOR: &str = "constructor";

/// The declarations of a module's top level and what they use.
#[derive(Debug, Default)]
pub(super) struct Refs {
    /// The first is the module's own body.
    nodes: Vec<Node>,
    places: Places,
    exports: Vec<Shown>,
}

/// Declarations of a file, and what they want of others.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// What is wanted.
    pub wanted: BTreeSet<Wanted>,
    /// The declarations, with all that they lead to.
    pub nodes: BTreeSet<usize>,
}

/// A declaration, or a method of one.
#[derive(Debug, Default)]
struct Node {
    /// Its name, for a method with that of what it belongs to.
    name: Box<str>,
    /// Whether it is a function: whoever calls it is seen in the call graph.
    is_function: bool,
    /// Other declarations of the file that it uses; without a member, all of them.
    own: BTreeSet<(usize, Option<Box<str>>)>,
    wanted: BTreeSet<Wanted>,
    /// Its methods.
    members: BTreeMap<Box<str>, Vec<usize>>,
    /// Where members are found that are not its own: the class of an instance, the base of a class.
    like: Option<Like>,
    /// The nodes that it leads to in one step.
    next: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Like {
    Own(usize),
    Other(Wanted),
}

/// What an export shows.
#[derive(Debug)]
struct Shown {
    /// Its name; `None` for `export *`.
    name: Option<String>,
    what: What,
}

#[derive(Debug)]
enum What {
    Own(usize),
    Other(Wanted),
    Nothing,
}

/// A name without its member, and the member.
pub(super) fn split(name: &str) -> (&str, Option<&str>) {
    name.split_once('.').map_or((name, None), |(name, member)| (name, Some(member)))
}

/// A name with a member.
pub(super) fn with_member(name: &str, member: Option<&str>) -> String {
    match member {
        Some(member) if name == ALL => member.to_owned(),
        Some(member) if name != FILE && !name.contains('.') => format!("{name}.{member}"),
        _ => name.to_owned(),
    }
}

impl Refs {
    /// Looks through a module.
    pub fn new(module: &Module) -> Self {
        build::build(module)
    }

    /// The nodes that a use of one, or of a member of one, leads to, and what it wants of other files.
    fn targets(&self, at: usize, member: Option<&str>) -> (Vec<usize>, Option<Wanted>) {
        let mut found = vec![at];
        let mut at = at;
        // Classes that extend one another in a circle do not go on for ever.
        for _ in 0..self.nodes.len() {
            let node = &self.nodes[at];
            match (member, &node.like) {
                (Some(name), _) if node.members.contains_key(name) => {
                    found.extend(&node.members[name]);
                    return (found, None);
                }
                (Some(CONSTRUCTOR), _) => {}
                // A method of a base may call any method of the class.
                (Some(_), Some(_)) | (None, _) => found.extend(node.members.values().flatten()),
                (Some(_), None) => {}
            }
            match &node.like {
                Some(Like::Own(next)) => {
                    found.push(*next);
                    at = *next;
                }
                Some(Like::Other((from, name))) => {
                    return (found, Some((from.clone(), with_member(name, member))));
                }
                None => break,
            }
        }
        (found, None)
    }

    /// Some nodes with what they lead to, and everything that these want.
    fn reach(&self, starts: impl IntoIterator<Item = usize>) -> Reach {
        let mut reach = Reach::default();
        let mut stack: Vec<usize> = starts.into_iter().collect();
        while let Some(at) = stack.pop() {
            if reach.nodes.insert(at) {
                reach.wanted.extend(self.nodes[at].wanted.iter().cloned());
                stack.extend(&self.nodes[at].next);
            }
        }
        reach
    }

    /// The text of some declarations.
    pub fn part(&self, nodes: &BTreeSet<usize>) -> Part {
        Part::Spans(self.places.spans(nodes))
    }

    /// Everything that the file wants of others.
    pub fn all(&self) -> BTreeSet<Wanted> {
        self.each().cloned().collect()
    }

    /// The same, one after the other.
    pub fn each(&self) -> impl Iterator<Item = &Wanted> {
        let shown = self.exports.iter().filter_map(|export| match &export.what {
            What::Other(wanted) => Some(wanted),
            What::Own(_) | What::Nothing => None,
        });
        self.nodes.iter().flat_map(|node| &node.wanted).chain(shown)
    }

    /// The declarations that some places belong to.
    pub fn at(&self, places: &[Span]) -> BTreeSet<usize> {
        places.iter().flat_map(|place| self.places.within(*place)).collect()
    }

    /// The declarations that are called like one of another text of the file.
    pub fn twins<'r>(&'r self, of: &'r Self, at: usize) -> impl Iterator<Item = usize> + 'r {
        let name = &of.nodes[at].name;
        // The module's body has no name, and neither has anything else.
        (0..self.nodes.len()).filter(move |twin| self.nodes[*twin].name == *name && (at == 0) == (*twin == 0))
    }

    /// The text of one declaration, without that of others inside.
    pub fn text(&self, at: usize, text: &str) -> String {
        let spans = self.places.spans(&BTreeSet::from([at]));
        let end = |span: Span| Span::new(span.start, span.end.min(text.len() as u32));
        spans.into_iter().map(|span| end(span).of(text)).collect::<Vec<_>>().join("\n")
    }

    /// What some declarations want, those that want something that `differs`, and all that use one of
    /// them.
    pub fn around(&self, mut starts: BTreeSet<usize>, differs: &dyn Fn(&Wanted) -> bool) -> BTreeSet<Wanted> {
        // What stands beside the methods of a class is for all of them: its fields, its decorators.
        let members: Vec<usize> =
            starts.iter().flat_map(|at| self.nodes[*at].members.values().flatten()).copied().collect();
        starts.extend(members);
        starts.extend((0..self.nodes.len()).filter(|at| self.nodes[*at].wanted.iter().any(differs)));
        let mut wanted = self.reach(self.users(starts)).wanted;
        let shown = self.exports.iter().filter_map(|export| match &export.what {
            What::Other(wanted) if differs(wanted) => Some(wanted.clone()),
            _ => None,
        });
        wanted.extend(shown);
        wanted
    }

    /// Some declarations, and all that use one of them, directly or not.
    fn users(&self, starts: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        let mut above = vec![Vec::new(); self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            node.next.iter().for_each(|next| above[*next].push(at));
        }
        let mut found = BTreeSet::new();
        let mut stack: Vec<usize> = starts.into_iter().collect();
        while let Some(at) = stack.pop() {
            if found.insert(at) {
                stack.extend(&above[at]);
            }
        }
        found
    }

    /// The declarations behind names that this file exports, and what has to be known of other files to
    /// know them.
    pub fn behind<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Reach {
        let (mut wanted, mut starts) = (BTreeSet::new(), Vec::new());
        for name in names {
            self.begin(name, &mut wanted, &mut starts);
        }
        let mut reach = self.reach(starts);
        reach.wanted.extend(wanted);
        reach
    }

    /// What a name stands for: declarations of this file, or names of others.
    fn begin(&self, name: &str, wanted: &mut BTreeSet<Wanted>, starts: &mut Vec<usize>) {
        let (base, member) = split(name);
        let mut is_own = false;
        if name == FILE {
            return;
        }
        for export in &self.exports {
            let Some(own) = &export.name else { continue };
            if name == ALL || own == base || own == "export=" {
                is_own |= own == base;
                let member = if own == base { member } else { None };
                match &export.what {
                    What::Own(at) => {
                        let (found, more) = self.targets(*at, member);
                        starts.extend(found);
                        wanted.extend(more);
                    }
                    What::Other((from, name)) => _ = wanted.insert((from.clone(), with_member(name, member))),
                    What::Nothing => {}
                }
            }
        }
        if !is_own && base != "default" {
            let nameless = self.exports.iter().filter(|export| export.name.is_none());
            wanted.extend(nameless.filter_map(|export| match &export.what {
                What::Other((from, _)) => Some((from.clone(), name.to_owned())),
                What::Own(_) | What::Nothing => None,
            }));
        }
    }

    /// Whether the file exports a name, or may do so: nothing is known of its `export *`.
    pub fn may_show(&self, name: &str) -> bool {
        self.exports.iter().any(|export| export.name.as_deref().is_none_or(|own| own == name || own == "export="))
    }

    /// The specifiers of `export * from`.
    pub fn stars(&self) -> impl Iterator<Item = &str> {
        self.exports.iter().filter(|export| export.name.is_none()).filter_map(|export| match &export.what {
            What::Other((from, _)) => Some(from.as_str()),
            What::Own(_) | What::Nothing => None,
        })
    }
}
