//! `failpath check`: judges a change and prints the report in every form that was asked for.
//!
//! In: the request. Out: the report on stdout, files beside, and the exit code.

use super::{Output, with_default_branch};
use crate::finding::Severity;
use crate::git::Env;
use crate::pipeline::{Error, Log, Setup, with_threads};
use crate::report::{RenderOptions, render, render_error};
use crate::request::{Check, ExitCode, Say};
use crate::settings::FailOn;
use crate::verdict::Report;
use std::io::Write;
use std::path::Path;

pub(super) fn check(check: &Check, env: &Env, options: &RenderOptions) -> Result<Output, Error> {
    let Check { comparison, paths, format, reports, fail_on, min_confidence, say } = check;
    let env = &with_default_branch(comparison, env)?;
    let mut log = Log::default();
    let (report, setup) =
        with_threads(comparison.threads, || crate::run(comparison, paths, *min_confidence, env, &mut log))?;
    let options =
        RenderOptions { show_existing: say.existing, show_suppressed: say.suppressed, quiet: say.quiet, ..*options };
    let to_file = RenderOptions { color: false, in_actions: false, ..options };
    for (format, path) in reports {
        write(&env.folder.join(path), &render(&report, *format, &to_file))?;
    }
    let stdout = log.stage("report", || render(&report, *format, &options));
    let mut stderr = setup.idle.as_ref().map_or_else(String::new, |idle| render_error(idle, &to_file));
    if say.verbose {
        stderr.push_str(&log.said());
    }
    if say.stats {
        stderr.push_str(&log.stats());
    }
    Ok(Output { stdout, stderr, code: code(&report, &setup, *fail_on, *say) })
}

fn code(report: &Report, setup: &Setup, fail_on: Option<FailOn>, say: Say) -> ExitCode {
    let fail_on = fail_on.or(setup.settings.gate.fail_on).unwrap_or(FailOn::At(Severity::Error));
    let is_incomplete = !report.not_analysed.is_empty() || !report.limits.is_empty();
    if fail_on.fails(report.worst()) || (say.strict && is_incomplete) { ExitCode::Findings } else { ExitCode::Clean }
}

/// Writes a file so that whoever reads it sees the old content or the new one, never a part.
fn write(path: &Path, text: &str) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::file("write", path)(error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
