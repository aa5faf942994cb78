//! The commands: each obeys one request and gives back what is to be printed.
//!
//! In: a [`Command`] and the surroundings. Out: [`Output`]. Nothing is printed here: a run that fails
//! half way through has printed nothing. Only what takes minutes says on the way what is done already.

mod check;
mod demo;
pub mod examples;
mod explain;
mod fix;
mod init;
mod replay;
mod rules;
mod seen;
mod survey;
mod test;
mod why;

use crate::git::{self, Env};
use crate::pipeline::{Catalogue, Error, Setup, read_file};
use crate::report::{self, RenderOptions};
use crate::request::{Color, Command, Comparison, ExitCode, SettingsChoice};
use crate::settings::{self, Level};
use crate::verdict::SettingsFrom;
use crate::{change::Range, cli};
use std::path::PathBuf;

/// What a command has to say, and how the run ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// For stdout.
    pub stdout: String,
    /// For stderr.
    pub stderr: String,
    /// How the run ends.
    pub code: ExitCode,
}

impl Output {
    /// Text for stdout, and nothing wrong.
    fn clean(stdout: String) -> Self {
        Self { stdout, stderr: String::new(), code: ExitCode::Clean }
    }
}

/// Takes what a command says on the way to its end, for stdout, ahead of [`Output::stdout`]. Whether
/// anybody still listens.
pub type Listener<'a> = dyn FnMut(&str) -> bool + Send + 'a;

/// What is known of this process.
#[derive(Debug, Clone, Default)]
pub struct Process {
    /// The surroundings, as git needs them.
    pub env: Env,
    /// Whether stdout is a terminal that wants colours.
    pub stdout_colors: bool,
    /// Whether stderr is one.
    pub stderr_colors: bool,
}

/// Obeys a command.
pub fn obey(command: &Command, process: &Process, listener: &mut Listener<'_>) -> Output {
    let color = match command {
        Command::Check(check) => check.comparison.color,
        Command::Why(why) => why.comparison.color,
        _ => Color::Auto,
    };
    let on = |terminal: bool| match color {
        Color::Auto => terminal,
        Color::Always => true,
        Color::Never => false,
    };
    let in_actions = process.env.in_actions();
    let options = RenderOptions { color: on(process.stdout_colors), in_actions, ..RenderOptions::default() };
    let done = match command {
        Command::Check(check) => check::check(check, &process.env, &options),
        Command::Why(why) => why::why(why, &process.env),
        Command::Explain { rule, settings } => explain::explain(rule, settings, &process.env),
        Command::Rules { json, settings } => rules::rules(*json, settings, &process.env),
        Command::Replay(replay) => replay::replay(replay, &process.env, &options, listener),
        Command::Test { folder } => test::test(folder.as_deref(), &process.env),
        Command::Init { hook } => init::init(*hook, &process.env),
        Command::Demo => demo::demo(&options),
        Command::Schema => Ok(Output::clean(report::schema())),
        Command::Completions(shell) => Ok(Output::clean(cli::completions(*shell))),
    };
    done.unwrap_or_else(|error| {
        let options = RenderOptions { color: on(process.stderr_colors), ..options };
        let stderr = report::render_error(&error, &options);
        Output { stdout: String::new(), stderr, code: ExitCode::Failed }
    })
}

/// The surroundings with the default branch that the settings name. In a workflow the event decides:
/// a change must not choose what it is compared with.
fn with_default_branch(comparison: &Comparison, env: &Env) -> Result<Env, Error> {
    let mut env = env.clone();
    let SettingsChoice { file, isolated, .. } = &comparison.settings;
    if comparison.range != Range::Default || *isolated || env.default_branch.is_some() {
        return Ok(env);
    }
    let path = match file {
        Some(file) => Some(env.folder.join(file)),
        None if env.in_actions() => None,
        None => git::surroundings(&env)?.root.map(|root| root.join(settings::FILE)).filter(|path| path.is_file()),
    };
    if let Some(path) = path {
        env.default_branch = settings::default_branch(&read_file(&path)?);
    }
    Ok(env)
}

/// The rules that there are for commands that compare nothing by themselves: those of this machine's files, the
/// built-in ones outside of repositories and in bare ones.
fn setup(choice: &SettingsChoice, env: &Env) -> Result<Setup, Error> {
    setup_with(choice, &[], env)
}

/// The same with levels over those of the settings.
fn setup_with(choice: &SettingsChoice, levels: &[(String, Level)], env: &Env) -> Result<Setup, Error> {
    match git::compare(&Range::All, env) {
        Ok((change, reader)) => Setup::read(&change, &reader, choice, levels, env),
        Err(git::GitError::NoWorkTree { .. }) => {
            let read = |file: &PathBuf| -> Result<_, Error> {
                Ok((file.display().to_string(), read_file(&env.folder.join(file))?))
            };
            let file = choice.file.as_ref().map(read).transpose()?;
            let text = file.as_ref().map(|(path, text)| (path.as_str(), text.as_str()));
            let mut setup = Setup::new(Catalogue::read(&[])?, text, levels)?;
            setup.from = if file.is_some() { SettingsFrom::File } else { SettingsFrom::None };
            Ok(setup)
        }
        Err(error) => Err(error.into()),
    }
}
