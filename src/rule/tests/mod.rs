//! Tests of the engine with a made-up vocabulary.

mod joining;
mod reading;
