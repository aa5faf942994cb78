//! Counts and speed over a directory of real code, on request.

use super::super::lower;
use crate::syntax::{Dialect, Expr};
use std::path::{Path, PathBuf};

/// Looks at every text below the directory that `FAILPATH_CORPUS` names, in the order of paths in a folder.
pub(super) fn each(mut look: impl FnMut(&Path, Dialect, &str)) {
    let root = std::env::var("FAILPATH_CORPUS").expect("FAILPATH_CORPUS names a directory");
    let mut folders = vec![PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(&folder).expect("a folder").filter_map(|entry| Some(entry.ok()?.path())).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
                continue;
            }
            let Some(dialect) = Dialect::of_path(&path.to_string_lossy()) else { continue };
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            look(&path, dialect, &text);
        }
    }
}

/// Run with `FAILPATH_CORPUS=<directory> cargo test --release corpus -- --ignored --nocapture`.
#[test]
#[ignore = "needs a directory of source code in FAILPATH_CORPUS"]
#[expect(clippy::print_stdout, reason = "it is there to print")]
fn corpus() {
    let (mut files, mut broken, mut refused, mut bytes, mut lost_bytes) = (0, 0, 0, 0, 0);
    let (mut exprs, mut stmts, mut functions, mut bindings) = (0, 0, 0, 0);
    let (mut reads, mut globals, mut calls, mut awaits) = (0, 0, 0, 0);
    let mut spent = std::time::Duration::ZERO;
    each(|path, dialect, text| {
        let start = std::time::Instant::now();
        let module = lower(text, dialect);
        spent += start.elapsed();
        files += 1;
        bytes += text.len();
        match module {
            Ok(module) => {
                exprs += module.exprs.len();
                stmts += module.stmts.len();
                functions += module.functions.len();
                bindings += module.bindings.len();
                for expr in &module.exprs {
                    reads += usize::from(matches!(expr, Expr::Read(_)));
                    globals += usize::from(matches!(expr, Expr::Global(_)));
                    calls += usize::from(matches!(expr, Expr::Call { .. }));
                    awaits += usize::from(matches!(expr, Expr::Await(_)));
                }
                if !module.lost.is_empty() {
                    broken += 1;
                    lost_bytes += module.lost.iter().map(|lost| lost.at.end - lost.at.start).sum::<u32>();
                    for lost in module.lost.iter().take(3) {
                        let line = text[..lost.at.start as usize].matches('\n').count() + 1;
                        let shown: String = lost.at.of(text).chars().take(100).collect();
                        println!("{}:{line}: {:?} {shown:?}", path.display(), lost.why);
                    }
                }
                super::consistent(&module);
            }
            Err(error) => {
                refused += 1;
                println!("{}: {error}", path.display());
            }
        }
    });
    println!(
        "{files} files, {bytes} bytes, {spent:?}; {broken} with lost regions ({lost_bytes} bytes), {refused} refused"
    );
    println!(
        "{exprs} expressions ({reads} reads, {globals} globals, {calls} calls, {awaits} awaits), {stmts} statements, {functions} functions, {bindings} bindings"
    );
}
