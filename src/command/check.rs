//! `failpath check`: judges a change and prints the report in every form that was asked for.
//!
//! In: the request. Out: the report on stdout, files beside, and the exit code.

use super::{Output, fix, with_default_branch};
use crate::finding::Severity;
use crate::git::{self, Env};
use crate::pipeline::{Error, Log, Setup, with_threads};
use crate::report::{RenderOptions, render, render_error};
use crate::request::{Check, ExitCode, Fixes, Say};
use crate::settings::FailOn;
use crate::text::plural;
use crate::text::safe::safe_terminal;
use crate::verdict::Report;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(super) fn check(check: &Check, env: &Env, options: &RenderOptions) -> Result<Output, Error> {
    let Check { comparison, paths, format, reports, fail_on, min_confidence, fixes, say } = check;
    let env = &with_default_branch(comparison, env)?;
    let mut log = Log::default();
    let mut judge =
        || with_threads(comparison.threads, || crate::run(comparison, paths, *min_confidence, env, &mut log));
    let (mut report, mut setup) = judge()?;
    let mut mended = String::new();
    if *fixes == Fixes::Write {
        let written = fix::write(&report, &work_tree(&report, env)?)?;
        if written.fixes > 0 {
            mended = format!("fixed {} in {}\n", plural(written.fixes, "finding"), written.files.join(", "));
            (report, setup) = judge()?;
        }
    }
    let options =
        RenderOptions { show_existing: say.existing, show_suppressed: say.suppressed, quiet: say.quiet, ..*options };
    let to_file = RenderOptions { color: false, in_actions: false, ..options };
    for (format, path) in reports {
        write(&env.folder.join(path), &render(&report, *format, &to_file))?;
    }
    let stdout = log.stage("report", || match fixes {
        Fixes::Print => fix::patch(&report),
        Fixes::Offer | Fixes::Write => render(&report, *format, &options),
    });
    let mut stderr = setup.idle.as_ref().map_or_else(String::new, |idle| render_error(idle, &to_file));
    stderr.push_str(&safe_terminal(&mended));
    if say.verbose {
        stderr.push_str(&log.said());
    }
    if say.stats {
        stderr.push_str(&log.stats());
    }
    Ok(Output { stdout, stderr, code: code(&report, &setup, *fail_on, *say) })
}

/// The folder that fixes are written to.
fn work_tree(report: &Report, env: &Env) -> Result<PathBuf, Error> {
    let surroundings = git::surroundings(env)?;
    let root = surroundings.root.filter(|_| report.is_on_disk);
    root.ok_or_else(|| Error::Refused {
        what: format!("fixes are written to the work tree, and what was judged is {}", report.head),
        help: "print the fixes with `--diff`".to_owned(),
    })
}

fn code(report: &Report, setup: &Setup, fail_on: Option<FailOn>, say: Say) -> ExitCode {
    let is_incomplete = !report.not_analysed.is_empty() || !report.limits.is_empty();
    if fails(report, setup, fail_on) || (say.strict && is_incomplete) { ExitCode::Findings } else { ExitCode::Clean }
}

/// Whether the change fails: what was typed holds everywhere, settings may differ by path.
pub(super) fn fails(report: &Report, setup: &Setup, typed: Option<FailOn>) -> bool {
    report.findings.iter().filter(|judged| judged.verdict.counts()).any(|judged| {
        let set = typed.or_else(|| setup.settings.fail_on(&judged.finding.place.path));
        set.unwrap_or(FailOn::At(Severity::Error)).fails(Some(judged.finding.severity))
    })
}

/// Writes a file so that whoever reads it sees the old content or the new one, never a part.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::file("write", path)(error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    if let Ok(old) = std::fs::metadata(path) {
        file.as_file().set_permissions(old.permissions()).map_err(failed)?;
    }
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
