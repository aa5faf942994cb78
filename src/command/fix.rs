//! `--fix` and `--diff`: the safe fixes of a report, written to the work tree or printed.
//!
//! In: a report. Out: files written, or a patch.

use crate::finding::{Edit, Judged};
use crate::fix::{mended, unified};
use crate::pipeline::Error;
use crate::source::decode;
use crate::text::safe::safe_terminal;
use crate::verdict::Report;
use std::fs;
use std::path::{Path, PathBuf};

/// The patch that would mend what can be mended. Characters that could command a terminal are made
/// visible, so a file that holds some cannot be patched with it.
pub(super) fn patch(report: &Report) -> String {
    safe_terminal(&unified(&report.sources, edits(report))).into_owned()
}

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Findings that were mended.
    pub fixes: usize,
    /// The files, as paths in the repository.
    pub files: Vec<String>,
}

/// Writes the fixes to the work tree at `root`. A file is written only if it still holds the text that
/// was analysed.
///
/// # Errors
/// A file that cannot be read or written, or that has changed since; those before it are written.
pub(super) fn write(report: &Report, root: &Path) -> Result<Written, Error> {
    let mut written = Written::default();
    let root = &fs::canonicalize(root).map_err(Error::file("read", root))?;
    for (path, (source, text)) in mended(&report.sources, edits(report)) {
        let file = inside(root, path)?;
        let bytes = fs::read(&file).map_err(Error::file("read", &file))?;
        let has_mark = bytes.starts_with("\u{FEFF}".as_bytes());
        if decode(bytes).ok().as_deref() != Some(source.text.as_str()) {
            return Err(Error::Refused {
                what: format!("{path} is not what was analysed any more, and was not written"),
                help: "run it again when nothing else writes the file".to_owned(),
            });
        }
        let text = if has_mark { format!("\u{FEFF}{text}") } else { text };
        super::check::write(&file, &text)?;
        let is_here = |judged: &&Judged| judged.finding.fix.iter().any(|edit| edit.place.path == path);
        written.fixes += report.findings.iter().filter(is_here).count();
        written.files.push(path.to_owned());
    }
    Ok(written)
}

fn edits(report: &Report) -> impl Iterator<Item = &Edit> {
    report.findings.iter().filter(|judged| judged.verdict.counts()).flat_map(|judged| &judged.finding.fix)
}

/// A file of the work tree that no link leads out of; `root` has none in it.
fn inside(root: &Path, path: &str) -> Result<PathBuf, Error> {
    let file = root.join(path);
    let real = fs::canonicalize(&file).map_err(Error::file("read", &file))?;
    if real != file {
        return Err(Error::Refused {
            what: format!("a symbolic link leads away from {path}, and it was not written"),
            help: "print the fixes with `--diff`".to_owned(),
        });
    }
    Ok(real)
}
