//! The binary as its users meet it: real repositories, real arguments, exit codes and text.

#![allow(clippy::unwrap_used)]

mod commands;
mod fixes;
mod gate;
mod guide;
mod own_rules;
mod scratch;
mod settings;
mod unknown;
