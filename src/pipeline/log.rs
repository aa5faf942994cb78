//! What a run says about itself on the side: times and counts (`--stats`), and what it does (`-v`).
//!
//! In: the stages as they run. Out: lines for stderr. Nothing in the findings depends on it.

use std::fmt::Write;
use std::time::{Duration, Instant};

/// What happened so far.
#[derive(Debug, Default)]
pub struct Log {
    stages: Vec<(&'static str, Duration)>,
    counts: Vec<(&'static str, usize)>,
    lines: Vec<String>,
}

impl Log {
    /// Runs a stage and notes how long it takes.
    pub fn stage<T>(&mut self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let done = work();
        self.stages.push((name, started.elapsed()));
        done
    }

    /// Notes a count.
    pub fn count(&mut self, name: &'static str, count: usize) {
        self.counts.push((name, count));
    }

    /// Notes what is being done.
    pub fn say(&mut self, line: String) {
        self.lines.push(line);
    }

    /// What was done, one line each.
    pub fn said(&self) -> String {
        self.lines.iter().fold(String::new(), |text, line| text + line + "\n")
    }

    /// Counts, and milliseconds for each stage.
    pub fn stats(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        for (name, count) in &self.counts {
            let _ = writeln!(text, "{name:<14}{count:>10}");
        }
        for (name, time) in &self.stages {
            let _ = writeln!(text, "{name:<14}{:>10.1} ms", time.as_secs_f64() * 1000.0);
        }
        let whole: Duration = self.stages.iter().map(|(_, time)| *time).sum();
        let _ = writeln!(text, "{:<14}{:>10.1} ms", "together", whole.as_secs_f64() * 1000.0);
        text
    }
}
