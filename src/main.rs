//! The `failpath` binary: reads the arguments, obeys, prints, and ends with the right code.
//!
//! In: the process. Out: text, almost all of it at the end, and the exit code. A mistake of failpath itself ends
//! with code 3 and nothing on stdout.

use failpath::command::{Output, Process, obey};
use failpath::git::Env;
use failpath::request::ExitCode;
use failpath::{cli, text::safe::safe_line};
use std::io::{ErrorKind, IsTerminal, Write};
use std::panic::{PanicHookInfo, catch_unwind};
use std::sync::{Mutex, PoisonError};

/// A change is read by several threads that allocate much and for a short time; the C library's own allocator
/// makes them wait for the kernel.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the first panic said, to be printed in our own words.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

fn main() -> std::process::ExitCode {
    std::panic::set_hook(Box::new(note));
    let output = catch_unwind(work).unwrap_or_else(|_| internal());
    let printed = print(&output.stderr, std::io::stderr()).and(print(&output.stdout, std::io::stdout()));
    match printed {
        // Whoever reads may have heard enough.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => ExitCode::Failed.into(),
        _ => output.code.into(),
    }
}

fn work() -> Output {
    let failed = |stderr: String| Output { stdout: String::new(), stderr, code: ExitCode::Failed };
    let command = match cli::parse(std::env::args_os()) {
        Ok(command) => command,
        Err(stop) if stop.code == ExitCode::Clean => {
            return Output { stdout: stop.text, stderr: String::new(), code: stop.code };
        }
        Err(stop) => return failed(stop.text),
    };
    match Env::of_process(None) {
        Ok(env) => obey(&command, &process(env), &mut |text| print(text, std::io::stdout()).is_ok()),
        Err(error) => failed(format!("error: there is no current folder: {error}\n")),
    }
}

fn process(env: Env) -> Process {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let wants = !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    Process {
        env,
        stdout_colors: wants && std::io::stdout().is_terminal(),
        stderr_colors: wants && std::io::stderr().is_terminal(),
    }
}

/// Keeps what a panic says; nothing is printed while other threads still work.
fn note(info: &PanicHookInfo<'_>) {
    let said = info.payload_as_str().unwrap_or("no words");
    let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
    PANIC.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(format!("{said}{place}"));
}

fn internal() -> Output {
    let said = PANIC.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
    let stderr = format!(
        "error: failpath made a mistake of its own and judged nothing: {}\n  help: please report this with the command that led to it\n",
        safe_line(&said)
    );
    Output { stdout: String::new(), stderr, code: ExitCode::Internal }
}

fn print(text: &str, mut to: impl Write) -> std::io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.flush()
}
