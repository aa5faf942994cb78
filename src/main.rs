//! The `failpath` binary.

fn main() {}
