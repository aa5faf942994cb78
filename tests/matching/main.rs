//! Which findings are the same on both sides: what a change may do to code without being answerable
//! for what was there.

mod bounds;
mod corpus;
mod judged;
mod metamorphic;
mod moves;
mod mutants;
mod transforms;
