//! Checks the roles that a rule names: they are data, known only once models are read.
//!
//! In: a rule with its page, the values of knobs, and the models. Out: every name that no model
//! knows, at its place in the page: a misspelt role would be a rule that never finds anything. And of
//! rules that are on, the roles that they ask for through calls.

use super::compile::{Clause, CompiledRule};
use super::error::{Fault, Faults, PageError, instead};
use super::knob::{self, Knobs};
use super::page::Page;
use super::sentence::Rule;
use crate::model::{Models, Roles};
use crate::word::Values;

/// Checks `rule` of `page`; `set` are the knobs that settings set.
///
/// # Errors
/// Every name that is unknown.
pub fn check(rule: &Rule, page: &Page, set: &Knobs, models: &Models) -> Result<(), Vec<PageError>> {
    let mut knobs = knob::shared();
    knobs.extend(rule.knobs.clone());
    knobs.extend(set.clone());
    let mut faults = Faults::new(&page.path, &page.text);
    for sentence in &rule.sentences {
        sentence.every_condition(&mut |condition| {
            for (name, values) in &condition.parameters {
                let Some(parameter) = condition.word.parameters.iter().find(|known| known.name == name) else {
                    continue;
                };
                for value in values {
                    // Too many values have been refused before.
                    for text in knob::expand(&value.text, &knobs).unwrap_or_default() {
                        if let Some(fault) = unknown(parameter.values, text, models) {
                            faults.push(value.at, fault);
                        }
                    }
                }
            }
        });
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.into_errors()) }
}

/// The roles of which rules ask whether code does them, followed through calls.
pub fn followed(rules: &[CompiledRule], models: &Models) -> Roles {
    let mut all = 0;
    let mut clauses: Vec<&Clause> = Vec::new();
    for sentence in rules.iter().flat_map(|rule| &rule.sentences) {
        clauses.extend([&sentence.when, &sentence.unless]);
        clauses.extend(sentence.level.iter().map(|(when, _)| when));
    }
    while let Some(clause) = clauses.pop() {
        for asked in &clause.conditions {
            clauses.extend(asked.relation.iter().flat_map(|other| [&other.when, &other.unless]));
            if asked.word.follows_roles() {
                let names: Vec<&str> = asked.parameters.main().iter().map(String::as_str).collect();
                all |= models.roles(&names);
            }
        }
    }
    all
}

/// What is wrong with a text that stands where a role may stand.
fn unknown(values: Values, text: String, models: &Models) -> Option<Fault> {
    let (others, may_be_pattern): (&[&str], bool) = match values {
        Values::Role => (&[], true),
        Values::RoleOr(others) => (others, false),
        _ => return None,
    };
    let is_pattern = text.contains(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
    let is_known = models.role(&text) != 0
        || others.contains(&text.as_str())
        || (may_be_pattern && (is_pattern || models.knows_call(&text)));
    if is_known {
        return None;
    }
    let known = models.role_names().iter().map(String::as_str).chain(others.iter().copied());
    let instead = instead(&text, known);
    Some(Fault::Unknown { what: "role".to_owned(), name: text, instead })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{page, read::read};
    use crate::word::WORDS;

    fn errors(when: &str, set: &Knobs) -> Vec<String> {
        let text = format!(
            "# Title\n\nSummary.\n\n```toml rule\nseverity = \"note\"\nflags = \"call\"\nwhen = [{when}]\nmessage = \"m\"\nhelp = \"h\"\nknobs = {{ roles = [\"api\"] }}\n```\n\n## Bad\n\n```diff a.ts\n+a() //~ m\n```\n\n## Good\n\n```diff a.ts\n+b()\n```\n"
        );
        let page = page::parse("rules/a.md", &text).unwrap();
        let rule = read(&page, WORDS).unwrap();
        let errors = check(&rule, &page, set, &Models::load(&[]).unwrap()).err().unwrap_or_default();
        let help = |error: &PageError| miette::Diagnostic::help(error).map(|help| help.to_string()).unwrap_or_default();
        errors.iter().map(|error| format!("{error} | {} | {}", error.span().of(&text), help(error))).collect()
    }

    #[test]
    fn a_misspelt_role_is_an_error_at_its_place() {
        let none = Knobs::new();
        assert_eq!(
            errors("{ calls = [\"api\", \"$roles\"] }, { does = [\"stor\", \"absorb\"] }", &none),
            ["rules/a.md:8: there is no role `stor` | \"stor\" | did you mean `store`?"]
        );
        assert_eq!(
            errors("{ inside = { site = \"call\", when = [{ calls = \"reprot\" }] } }, { calls = \"$roles\" }", &none),
            ["rules/a.md:8: there is no role `reprot` | \"reprot\" | did you mean `report`?"]
        );
    }

    #[test]
    fn patterns_and_names_of_the_language_are_no_roles() {
        let none = Knobs::new();
        let fine = "{ calls = [\"fetch\", \"jose#jwtVerify\", \"*.verify\", \"Response\", \"$roles\"] }";
        assert_eq!(errors(fine, &none), Vec::<String>::new());
        // Only `calls` looks at what is called.
        assert_eq!(errors("{ does = \"fetch\" }, { calls = \"$roles\" }", &none).len(), 1);
    }

    #[test]
    fn what_settings_set_is_checked_too() {
        let set = Knobs::from([("roles".to_owned(), vec!["apis".to_owned()])]);
        assert_eq!(
            errors("{ calls = \"$roles\" }", &set),
            ["rules/a.md:8: there is no role `apis` | \"$roles\" | did you mean `api`?"]
        );
    }
}
