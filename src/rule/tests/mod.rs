//! Tests of the engine with a made-up vocabulary.

mod explaining;
mod joining;
mod reading;
