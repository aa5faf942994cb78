//! What the gate says about itself: findings with an id, a level and a page, but without a sentence.
//!
//! In: the pages under `rules/gate`. Out: the same facts as for any other rule.

use crate::finding::{RuleInfo, Severity};
use crate::verdict::UNUSED_SUPPRESSION;

/// The id under which files are reported that a change made unreadable.
pub const ANALYSIS_LOST: &str = "analysis-lost";

const PAGES: [(&str, &str); 2] = [
    (ANALYSIS_LOST, include_str!("../../rules/gate/analysis-lost.md")),
    (UNUSED_SUPPRESSION, include_str!("../../rules/gate/unused-suppression.md")),
];

/// The facts, sorted by id.
pub fn infos() -> Vec<RuleInfo> {
    let info = |(id, page): (&str, &str)| RuleInfo {
        id: id.to_owned(),
        severity: Some(Severity::Warning),
        summary: summary(page),
        page_markdown: page.to_owned(),
        tags: vec!["gate".to_owned()],
        knobs: Vec::new(),
    };
    PAGES.map(info).into()
}

/// The first paragraph under the title, in one line.
fn summary(page: &str) -> String {
    let lines = page.lines().skip(1).skip_while(|line| line.trim().is_empty());
    lines.take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_a_title_and_says_what_it_reports() {
        for info in infos() {
            assert!(info.page_markdown.starts_with("# "), "{}", info.id);
            assert!(info.summary.ends_with('.') && !info.summary.contains('#'), "{}: {}", info.id, info.summary);
        }
    }
}
