//! Rules: sentences about sites, read from pages and asked of a program.
//!
//! In: pages, values of knobs and a [`crate::program::Program`]. Out: findings. Everything here is
//! general: what a single word means is the business of `word`.

pub mod anchor;
mod assemble;
pub mod builtin;
mod check;
pub mod compile;
pub mod error;
pub mod example;
pub mod examples;
pub mod join;
pub mod knob;
pub mod near_miss;
pub mod page;
mod plan;
pub mod read;
pub mod roles;
mod run;
pub mod sentence;
pub mod template;
pub mod why;
mod why_text;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use run::{Cut, Said, run, run_sides, run_with};
