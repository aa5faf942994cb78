//! Letting go of what is no longer needed without waiting for it.
//!
//! In: anything. Out: nothing.

/// Takes something apart on another thread: for a program of hundreds of files that takes as long as a part
/// of judging it, and nobody needs the result. Nothing of a library's own, which ends with the process in an
/// order of its own, may be in it.
pub fn let_go<T: Send + 'static>(what: T) {
    rayon::spawn(move || drop(what));
}
