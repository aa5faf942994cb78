//! The command line: its options, their help, and nothing else.
//!
//! In: arguments. Out: a [`Command`], or the text to print and the code to end with.

use crate::cache;
use crate::change::Range;
use crate::finding::Confidence;
use crate::report::Format;
use crate::request::{Check, Color, Command, Comparison, ExitCode, Fixes, Replay, Say, SettingsChoice, Shell, Why};
use crate::settings::{CONFIDENCES, FailOn, Level};
use crate::source::At;
use crate::text::safe::safe_terminal;
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// The arguments ask for no run: help, the version, or they are wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// What to print: on stdout when `code` is clean, else on stderr.
    pub text: String,
    /// How to end.
    pub code: ExitCode,
}

/// A pre-merge gate for TypeScript that follows failures.
///
/// Without a command, `check` runs: `failpath --staged` is `failpath check --staged`.
#[derive(Debug, Parser)]
#[command(name = "failpath", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Option<Sub>,
    #[command(flatten)]
    check: CheckArgs,
}

#[derive(Debug, Subcommand)]
enum Sub {
    /// Judge a change (the default command).
    Check(CheckArgs),
    /// Say why a rule does or does not find something at a line.
    Why(WhyArgs),
    /// Print the page of a rule, or of a word that rules are made of.
    Explain {
        /// The rule's id, or the word.
        #[arg(value_name = "RULE", value_parser = NonEmptyStringValueParser::new())]
        rule: String,
        #[command(flatten)]
        settings: FileArgs,
    },
    /// List the rules.
    Rules {
        /// How to print them.
        #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = PossibleValuesParser::new(["text", "json"]))]
        format: String,
        #[command(flatten)]
        settings: FileArgs,
    },
    /// Say what the gate would have said of the last merges.
    Replay(ReplayArgs),
    /// Run the examples in rule pages.
    Test {
        /// The folder with the pages; the repository's own pages without it.
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Write a first failpath.toml.
    Init {
        /// Install a git hook that checks every commit, too.
        #[arg(long)]
        hook: bool,
    },
    /// Show what the gate does, on a small change that it brings along.
    Demo,
    /// Print the JSON schema of `--format json`.
    Schema,
    /// Print a completion script.
    Completions {
        /// The shell.
        #[arg(value_name = "SHELL", value_parser = choice(&Shell::NAMES))]
        shell: Shell,
    },
}

#[derive(Debug, Args)]
struct RangeArgs {
    /// Compare from where this revision and head parted [default: the default branch].
    #[arg(long, value_name = "REV", group = "start", value_parser = NonEmptyStringValueParser::new())]
    base: Option<String>,
    /// Compare to this revision instead of the work tree.
    #[arg(long, value_name = "REV", requires = "start", value_parser = NonEmptyStringValueParser::new())]
    head: Option<String>,
    /// Compare what is about to be committed with HEAD.
    #[arg(long, conflicts_with_all = ["base", "head", "all"])]
    staged: bool,
    /// Compare with nothing: every finding is new.
    #[arg(long, group = "start", conflicts_with = "base")]
    all: bool,
}

#[derive(Debug, Args)]
struct FileArgs {
    /// Read settings from this file.
    #[arg(short = 'c', long = "config", value_name = "FILE", conflicts_with = "isolated")]
    file: Option<PathBuf>,
    /// Read no settings.
    #[arg(long)]
    isolated: bool,
}

#[derive(Debug, Args)]
struct ComparisonArgs {
    #[command(flatten)]
    range: RangeArgs,
    #[command(flatten)]
    file: FileArgs,
    /// Read settings from this side [default: base, and the work tree's own when it is head].
    #[arg(long, value_name = "SIDE", conflicts_with_all = ["file", "isolated"], value_parser = choice(&[("base", At::Base), ("head", At::Head)]))]
    config_from: Option<At>,
    /// Set the level of a rule: off, note, warning or error.
    #[arg(long = "rule", value_name = "ID=LEVEL", value_parser = level)]
    levels: Vec<(String, Level)>,
    /// Use this many threads [default: one per processor].
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Remember nothing for the next run, and use nothing of earlier ones.
    #[arg(long)]
    no_cache: bool,
    /// Remember what files hold in this folder [default: the platform's folder for caches; none in GitHub Actions].
    #[arg(long, value_name = "DIR", env = "FAILPATH_CACHE_DIR", hide_env_values = true)]
    cache_dir: Option<PathBuf>,
    /// Use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto", value_parser = choice(&Color::NAMES))]
    color: Color,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the command line")]
struct CheckArgs {
    /// Show findings of these files and folders only; everything is read all the same.
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    comparison: ComparisonArgs,
    /// Print findings in this form.
    #[arg(long, value_name = "FORMAT", default_value = "full", value_parser = format_parser())]
    format: Format,
    /// Write a report to a file, too; may be repeated.
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = report)]
    reports: Vec<(Format, PathBuf)>,
    /// Fail on new findings from this severity on [default: error].
    #[arg(long, value_name = "SEVERITY", value_parser = choice(&FailOn::NAMES))]
    fail_on: Option<FailOn>,
    /// Leave out findings that are less sure [default: medium].
    #[arg(long, value_name = "CONFIDENCE", value_parser = choice(&CONFIDENCES))]
    min_confidence: Option<Confidence>,
    /// Show findings that base has, too.
    #[arg(long)]
    show_existing: bool,
    /// Show findings that a comment suppresses, too.
    #[arg(long)]
    show_suppressed: bool,
    /// Fail when anything was not analysed.
    #[arg(long)]
    strict: bool,
    /// Write safe fixes to the work tree, and judge what is left.
    #[arg(long, conflicts_with_all = ["staged", "head"])]
    fix: bool,
    /// Print safe fixes as a patch instead of the findings.
    #[arg(long, conflicts_with_all = ["fix", "format"])]
    diff: bool,
    /// Print no summary.
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Say on stderr what happens.
    #[arg(short, long)]
    verbose: bool,
    /// Print times and counts on stderr.
    #[arg(long)]
    stats: bool,
}

#[derive(Debug, Args)]
struct WhyArgs {
    /// The rule's id.
    #[arg(value_name = "RULE", value_parser = NonEmptyStringValueParser::new())]
    rule: String,
    /// The place on head.
    #[arg(value_name = "FILE:LINE", value_parser = file_and_line)]
    place: (String, u32),
    #[command(flatten)]
    comparison: ComparisonArgs,
}

#[derive(Debug, Args)]
struct ReplayArgs {
    /// How many merges (commits on the first-parent line).
    #[arg(value_name = "N")]
    count: NonZeroUsize,
    /// The last one.
    #[arg(long, value_name = "REV", default_value = "HEAD", value_parser = NonEmptyStringValueParser::new())]
    head: String,
    /// How to print them.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = PossibleValuesParser::new(["text", "json"]))]
    format: String,
    #[command(flatten)]
    settings: FileArgs,
    /// Set the level of a rule: off, note, warning or error.
    #[arg(long = "rule", value_name = "ID=LEVEL", value_parser = level)]
    levels: Vec<(String, Level)>,
    /// Fail on new findings from this severity on [default: error].
    #[arg(long, value_name = "SEVERITY", value_parser = choice(&FailOn::NAMES))]
    fail_on: Option<FailOn>,
    /// Leave out findings that are less sure [default: medium].
    #[arg(long, value_name = "CONFIDENCE", value_parser = choice(&CONFIDENCES))]
    min_confidence: Option<Confidence>,
    /// Use this many threads [default: one per processor].
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

/// Reads arguments, the program's name first.
///
/// # Errors
/// A [`Stop`] for help and the version (clean), and for wrong arguments (failed).
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command, Stop> {
    Cli::try_parse_from(args).and_then(command).map_err(|error| {
        let is_asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
        let code = if is_asked { ExitCode::Clean } else { ExitCode::Failed };
        Stop { text: safe_terminal(&error.to_string()).into_owned(), code }
    })
}

/// The completion script for a shell.
pub fn completions(shell: Shell) -> String {
    let generator = match shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Elvish => clap_complete::Shell::Elvish,
        Shell::Fish => clap_complete::Shell::Fish,
        Shell::PowerShell => clap_complete::Shell::PowerShell,
        Shell::Zsh => clap_complete::Shell::Zsh,
    };
    let mut script = Vec::new();
    clap_complete::generate(generator, &mut Cli::command(), "failpath", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

fn command(cli: Cli) -> Result<Command, clap::Error> {
    Ok(match cli.command {
        None => {
            // Taken for a path, a command after options would narrow what is shown to nothing.
            let is_command =
                |path: &&PathBuf| Cli::command().get_subcommands().any(|sub| path.as_os_str() == sub.get_name());
            if let Some(name) = cli.check.paths.iter().find(is_command) {
                let name = name.display();
                return Err(usage(&format!("write '{name}' before its options, or './{name}' if it is a path")));
            }
            Command::Check(check(cli.check)?)
        }
        Some(Sub::Check(args)) => Command::Check(check(args)?),
        Some(Sub::Why(args)) => Command::Why(Why {
            comparison: comparison(args.comparison)?,
            rule: args.rule,
            path: args.place.0,
            line: args.place.1,
        }),
        Some(Sub::Explain { rule, settings }) => Command::Explain { rule, settings: settings_choice(settings, None) },
        Some(Sub::Rules { format, settings }) => {
            Command::Rules { json: format == "json", settings: settings_choice(settings, None) }
        }
        Some(Sub::Replay(args)) => Command::Replay(replay(args)?),
        Some(Sub::Test { folder }) => Command::Test { folder },
        Some(Sub::Init { hook }) => Command::Init { hook },
        Some(Sub::Demo) => Command::Demo,
        Some(Sub::Schema) => Command::Schema,
        Some(Sub::Completions { shell }) => Command::Completions(shell),
    })
}

fn check(args: CheckArgs) -> Result<Check, clap::Error> {
    let mut files = BTreeSet::new();
    if let Some((_, file)) = args.reports.iter().find(|(_, file)| !files.insert(file.clone())) {
        return Err(usage(&format!("two reports would be written to '{}'", file.display())));
    }
    Ok(Check {
        comparison: comparison(args.comparison)?,
        paths: args.paths,
        format: args.format,
        reports: args.reports,
        fail_on: args.fail_on,
        min_confidence: args.min_confidence,
        fixes: match (args.fix, args.diff) {
            (true, _) => Fixes::Write,
            (_, true) => Fixes::Print,
            _ => Fixes::Offer,
        },
        say: Say {
            existing: args.show_existing,
            suppressed: args.show_suppressed,
            strict: args.strict,
            quiet: args.quiet,
            verbose: args.verbose,
            stats: args.stats,
        },
    })
}

fn replay(args: ReplayArgs) -> Result<Replay, clap::Error> {
    once_each(&args.levels)?;
    Ok(Replay {
        count: args.count,
        head: args.head,
        json: args.format == "json",
        settings: settings_choice(args.settings, None),
        levels: args.levels,
        fail_on: args.fail_on,
        min_confidence: args.min_confidence,
        threads: args.threads,
    })
}

fn once_each(levels: &[(String, Level)]) -> Result<(), clap::Error> {
    let mut rules = BTreeSet::new();
    match levels.iter().find(|(rule, _)| !rules.insert(rule.clone())) {
        Some((rule, _)) => Err(usage(&format!("the level of '{rule}' is given twice"))),
        None => Ok(()),
    }
}

fn comparison(args: ComparisonArgs) -> Result<Comparison, clap::Error> {
    once_each(&args.levels)?;
    let RangeArgs { base, head, staged, all } = args.range;
    let range = match (base, head) {
        (Some(base), head) => Range::Revs { base, head },
        (None, Some(head)) => Range::AllAt { head },
        (None, None) if all => Range::All,
        (None, None) if staged => Range::Staged,
        (None, None) => Range::Default,
    };
    let settings = settings_choice(args.file, args.config_from);
    let cache = match args.cache_dir {
        _ if args.no_cache => cache::Choice::Off,
        Some(folder) if !folder.as_os_str().is_empty() => cache::Choice::At(folder),
        Some(_) | None => cache::Choice::Default,
    };
    Ok(Comparison { range, settings, levels: args.levels, threads: args.threads, color: args.color, cache })
}

fn settings_choice(args: FileArgs, from: Option<At>) -> SettingsChoice {
    SettingsChoice { file: args.file, isolated: args.isolated, from }
}

fn usage(message: &str) -> clap::Error {
    Cli::command().error(ErrorKind::ValueValidation, message)
}

/// One of a few names, listed in the help.
fn choice<T: Copy + Send + Sync + 'static>(choices: &'static [(&'static str, T)]) -> impl TypedValueParser<Value = T> {
    let names = PossibleValuesParser::new(choices.iter().map(|(name, _)| *name));
    names.try_map(|text| meaning(choices, &text).ok_or(format!("no such choice: {text}")))
}

fn meaning<T: Copy>(choices: &[(&str, T)], text: &str) -> Option<T> {
    choices.iter().find(|(name, _)| *name == text).map(|(_, meaning)| *meaning)
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let names = PossibleValuesParser::new(Format::ALL.map(Format::name));
    names.try_map(|text| Format::from_name(&text).ok_or(format!("no such format: {text}")))
}

fn list<T>(choices: &[(&str, T)]) -> String {
    choices.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

fn level(text: &str) -> Result<(String, Level), String> {
    let (rule, level) = text.split_once('=').filter(|(rule, _)| !rule.is_empty()).ok_or("write RULE=LEVEL")?;
    let level =
        meaning(&Level::NAMES, level).ok_or_else(|| format!("the level must be one of {}", list(&Level::NAMES)))?;
    Ok((rule.to_owned(), level))
}

fn report(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or("write FORMAT=FILE")?;
    let format = Format::from_name(format)
        .ok_or_else(|| format!("the format must be one of {}", Format::ALL.map(Format::name).join(", ")))?;
    Ok((format, PathBuf::from(file)))
}

fn file_and_line(text: &str) -> Result<(String, u32), String> {
    let (file, line) = text.rsplit_once(':').filter(|(file, _)| !file.is_empty()).ok_or("write FILE:LINE")?;
    let line = line.parse().ok().filter(|line| *line > 0).ok_or("the line must be a number from 1 on")?;
    Ok((file.to_owned(), line))
}
