//! Which exports of a file something reaches that differs: a function of its own, or a name that it
//! imports.
//!
//! In: [`Refs`], functions or names. Out: names of exports, with members where only these differ.

use super::{Like, Reach, Refs, Wanted, What, with_member};
use std::collections::BTreeSet;

/// What differs behind a wanted name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::program) enum Hit {
    /// Nothing.
    No,
    /// It, or something about all of it.
    Whole,
    /// Only these members.
    Members(BTreeSet<String>),
}

impl Hit {
    fn is_hit(&self) -> bool {
        *self != Self::No
    }

    fn join(&mut self, other: Self) -> bool {
        let joined = match (std::mem::replace(self, Self::No), other) {
            (Self::Whole, _) | (_, Self::Whole) => Self::Whole,
            (Self::No, hit) | (hit, Self::No) => hit,
            (Self::Members(one), Self::Members(other)) => Self::Members(one.union(&other).cloned().collect()),
        };
        *self = joined;
        self.is_hit()
    }
}

/// The declarations that use something.
#[derive(Debug, Default)]
pub(in crate::program) struct Beside {
    /// They, and those that use them.
    pub users: BTreeSet<usize>,
    /// All that these lead to, and what the former want of other files.
    pub reach: Reach,
}

impl Refs {
    /// The exported names that the functions at these offsets are a part of.
    pub fn names_of(&self, offsets: &[u32]) -> BTreeSet<String> {
        self.names_with(offsets.iter().flat_map(|offset| self.places.at(*offset)).copied())
    }

    /// The exported names that some declarations are a part of.
    pub fn names_with(&self, declarations: impl IntoIterator<Item = usize>) -> BTreeSet<String> {
        let seen = self.users(declarations.into_iter().filter(|at| *at != 0));
        let mut names = BTreeSet::new();
        for export in &self.exports {
            if let (Some(name), What::Own(at)) = (&export.name, &export.what) {
                self.add_names(name, *at, &|at| seen.contains(&at), &mut names);
            }
        }
        names
    }

    /// Adds what of an export is reached: all of it, or some of its members.
    fn add_names(&self, name: &str, at: usize, is_it: &dyn Fn(usize) -> bool, names: &mut BTreeSet<String>) {
        let mut at = at;
        for _ in 0..self.nodes.len() {
            if is_it(at) {
                names.insert(name.to_owned());
            }
            for (member, nodes) in &self.nodes[at].members {
                if nodes.iter().any(|node| is_it(*node)) {
                    names.insert(with_member(name, Some(member)));
                }
            }
            match &self.nodes[at].like {
                Some(Like::Own(next)) => at = *next,
                Some(Like::Other(_)) | None => break,
            }
        }
    }

    /// The declarations that use something wanted; none if nobody does.
    pub fn beside(&self, hit: &dyn Fn(&Wanted) -> Hit) -> Option<Beside> {
        let is_user = |at: &usize| {
            let node = &self.nodes[*at];
            node.wanted.iter().any(|wanted| hit(wanted).is_hit()) || self.like_hit(*at, hit).is_hit()
        };
        let who: Vec<usize> = (0..self.nodes.len()).filter(is_user).collect();
        let passes =
            self.exports.iter().any(|export| matches!(&export.what, What::Other(wanted) if hit(wanted).is_hit()));
        if who.is_empty() && !passes {
            return None;
        }
        let wanted = self.reach(who.iter().copied()).wanted;
        let users = self.users(who);
        let nodes = self.reach(users.iter().copied()).nodes;
        Some(Beside { users, reach: Reach { wanted, nodes } })
    }

    fn like_hit(&self, at: usize, hit: &dyn Fn(&Wanted) -> Hit) -> Hit {
        match &self.nodes[at].like {
            Some(Like::Other(wanted)) => hit(wanted),
            Some(Like::Own(_)) | None => Hit::No,
        }
    }

    /// The names under which a file hands on what it wants of others. Functions that call it are left
    /// out: whether their callers can notice is seen in the call graph.
    pub fn handed_on(&self, hit: &dyn Fn(&Wanted) -> Hit) -> BTreeSet<String> {
        let made = self.made_of(hit);
        let mut names = BTreeSet::new();
        for export in &self.exports {
            let Some(name) = &export.name else { continue };
            let of = match &export.what {
                What::Other(wanted) => hit(wanted),
                What::Own(at) => {
                    self.add_names(name, *at, &|at| made[at] == Hit::Whole, &mut names);
                    made[*at].clone()
                }
                What::Nothing => Hit::No,
            };
            match of {
                Hit::No => {}
                Hit::Whole => _ = names.insert(name.clone()),
                Hit::Members(members) => {
                    names.extend(members.iter().map(|member| with_member(name, Some(member))));
                }
            }
        }
        names
    }

    /// An object or an instance made of it is it, for whoever calls its members; so is what returns one.
    fn made_of(&self, hit: &dyn Fn(&Wanted) -> Hit) -> Vec<Hit> {
        let mut made = vec![Hit::No; self.nodes.len()];
        for (at, made) in made.iter_mut().enumerate().skip(1) {
            let is_made = !self.nodes[at].is_function && self.nodes[at].wanted.iter().any(|name| hit(name).is_hit());
            *made = if is_made { Hit::Whole } else { self.like_hit(at, hit) };
        }
        // Only grows, and each node a few times at most.
        let mut again = made.iter().any(Hit::is_hit);
        while again {
            again = false;
            for at in 1..self.nodes.len() {
                let node = &self.nodes[at];
                let through = |(to, member): &(usize, Option<Box<str>>)| match (member, &made[*to]) {
                    (_, Hit::No) => false,
                    (None, _) => true,
                    (Some(_), Hit::Whole) => !node.is_function,
                    (Some(member), Hit::Members(members)) => !node.is_function && members.contains(&**member),
                };
                let mut now = made[at].clone();
                if node.own.iter().any(through) {
                    now.join(Hit::Whole);
                }
                if let Some(Like::Own(to)) = &node.like {
                    now.join(made[*to].clone());
                }
                if now != made[at] {
                    made[at] = now;
                    again = true;
                }
            }
        }
        made
    }
}
