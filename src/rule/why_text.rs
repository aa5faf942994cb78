//! Writes an explanation for people to read.
//!
//! In: [`Why`]. Out: plain text. It quotes code and paths as they are; whoever prints it makes them safe.

use super::why::{Outcome, Part, Says, SentenceWhy, SiteWhy, StepWhy, Way, Why};
use crate::finding::{Confidence, Severity};
use std::fmt::{Display, Formatter, Result};

impl Display for Why {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "{} at {}:{}", self.rule, self.path, self.line)?;
        for (number, sentence) in (1..).zip(&self.sentences) {
            if self.sentences.len() > 1 {
                writeln!(f, "\nsentence {number} of {}", self.sentences.len())?;
            }
            write_sentence(f, sentence)?;
        }
        Ok(())
    }
}

fn write_sentence(f: &mut Formatter<'_>, sentence: &SentenceWhy) -> Result {
    if sentence.sites.is_empty() {
        let kinds: Vec<_> = sentence.kinds.iter().map(|kind| kind.name()).collect();
        let there =
            if kinds.is_empty() { "nothing else begins there".into() } else { format!("there: {}", kinds.join(", ")) };
        writeln!(f, "\nno {} is on this line; {there}", sentence.flags.name())?;
        let lines: Vec<_> = sentence.lines.iter().map(ToString::to_string).collect();
        return match lines.as_slice() {
            [] => writeln!(f, "the file has none at all"),
            lines => writeln!(f, "the nearest are in: {}", lines.join(", ")),
        };
    }
    sentence.sites.iter().try_for_each(|site| write_site(f, sentence, site))
}

fn write_site(f: &mut Formatter<'_>, sentence: &SentenceWhy, site: &SiteWhy) -> Result {
    writeln!(f, "\n{} `{}` at {}:{}", sentence.flags.name(), site.code, site.path, site.line)?;
    site.steps.iter().try_for_each(|step| write_step(f, step))?;
    match &site.outcome {
        Outcome::Flagged(severity, confidence, message, path, line) => {
            let (severity, confidence) = (severity_name(*severity), confidence_name(*confidence));
            writeln!(f, "  => {severity} ({confidence} confidence) at {path}:{line}: {message}")
        }
        Outcome::Stopped(text) => writeln!(f, "  => nothing: the first to say no is {text}"),
        Outcome::Silenced(text) => writeln!(f, "  => nothing: silenced by unless {text}"),
    }
}

fn write_step(f: &mut Formatter<'_>, step: &StepWhy) -> Result {
    let part = match step.part {
        Part::When => String::new(),
        Part::Unless => "unless ".to_owned(),
        Part::Level(severity) => format!("{} if ", severity_name(severity)),
    };
    match &step.says {
        Says::Yes(count, ways) => {
            writeln!(f, "  yes  {part}{}", step.text)?;
            ways.iter().try_for_each(|way| write_way(f, way))?;
            if *count > ways.len() { writeln!(f, "         and {} more", count - ways.len()) } else { Ok(()) }
        }
        Says::No(reason, others) => {
            writeln!(f, "  no   {part}{}: {reason}", step.text)?;
            others.iter().try_for_each(|other| writeln!(f, "         {other}"))
        }
        Says::NotAsked(need) => writeln!(f, "  -    {part}{}: not asked, for no word before it gave {need}", step.text),
    }
}

fn write_way(f: &mut Formatter<'_>, way: &Way) -> Result {
    let captures: Vec<_> = way.captures.iter().map(|(name, text)| format!("{name} = {text}")).collect();
    let captures = if captures.is_empty() { String::new() } else { format!(": {}", captures.join(", ")) };
    writeln!(f, "         {}{captures}", confidence_name(way.confidence))
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn confidence_name(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}
