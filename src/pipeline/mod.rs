//! The joints between the stages: what one gives, made into what the next one takes.
//!
//! In: settings, texts and programs. Out: the parts that [`crate::run`] strings together, and that
//! commands use singly.

mod answers;
mod changed;
mod error;
mod fixes;
mod itself;
mod log;
mod lost;
mod manifests;
pub mod paths;
mod programs;
mod rules;
mod setup;

pub use answers::question;
pub use error::Error;
pub use fixes::keep_proven_fixes;
pub use itself::ANALYSIS_LOST;
pub use log::Log;
pub use programs::{Asked, Programs, load};
pub use rules::Catalogue;
pub use setup::{Setup, read_file};

use crate::limits::THREAD_STACK_BYTES;
use std::num::NonZeroUsize;

/// Does `work` with so many threads; as many as the machine has without a number.
///
/// # Errors
/// When the system gives no threads.
pub fn with_threads<T: Send>(
    threads: Option<NonZeroUsize>,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    let pool = rayon::ThreadPoolBuilder::new().stack_size(THREAD_STACK_BYTES);
    let Some(threads) = threads else {
        // Whoever has threads already keeps them.
        let _ = pool.build_global();
        return work();
    };
    let pool = pool.num_threads(threads.get()).build();
    let refused = |error: rayon::ThreadPoolBuildError| Error::Refused {
        what: format!("the system gives no {threads} threads: {error}"),
        help: "use fewer with `--threads N`".to_owned(),
    };
    pool.map_err(refused)?.install(work)
}
