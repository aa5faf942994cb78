//! `answers`: this code answers a request with a status, perhaps for every error alike.

use super::{
    Answer, Ask, Binding, Bound, Context, Evidence, Parameter, Parameters, Values, Word, confidence, place_of,
};
use crate::finding::{Label, Role};
use crate::program::response::Status;
use crate::program::{At, ExprKey, Program, Site, SiteKind};
use crate::syntax::visit::{self, Node};
use crate::syntax::{ExprId, Stmt};
use crate::text::Span;

pub(super) const WORD: Word = Word {
    name: "answers",
    sites: &[SiteKind::Catch, SiteKind::Response, SiteKind::Return],
    parameters: &[
        Parameter { name: "status", values: Values::Status, required: true },
        Parameter { name: "to", values: Values::OneOf(&["auth"]), required: false },
    ],
    gives: &[],
    needs: &[],
    uses: &[Binding::Error],
    cost: 3,
    upwards: false,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, bound: &Bound) -> Answer {
    let program = context.program;
    let wanted = parameters.get("status");
    let fits = |status: &Status| match status.code {
        Some(code) => wanted.iter().any(|wanted| status_fits(code, wanted)),
        None => wanted.iter().any(|wanted| wanted == "any"),
    };
    let answers = match (site.at, site.kind) {
        (At::Stmt(id), SiteKind::Catch) => {
            let Stmt::Try { catch: Some(catch), param, .. } = program.module(site.file).stmt(id) else {
                return Answer::No("there is no catch".into());
            };
            if !parameters.get("to").is_empty()
                && let Some(reason) = program.tells_apart(site.file, catch, param, bound.error.as_deref())
            {
                return Answer::No(reason.into());
            }
            answers_below(program, site, Node::Stmt(catch))
        }
        (At::Stmt(id), SiteKind::Return) => match program.module(site.file).stmt(id) {
            Stmt::Return(Some(value)) => {
                program.status_of_value(site.file, value).map(|status| (value, status)).into_iter().collect()
            }
            _ => Vec::new(),
        },
        (At::Expr(value), SiteKind::Return) => {
            program.status_of_value(site.file, value).map(|status| (value, status)).into_iter().collect()
        }
        (At::Expr(expr), _) => match program.call(ExprKey { file: site.file, expr }) {
            Some(call) => program.response(site.file, call).map(|status| (expr, status)).into_iter().collect(),
            None => Vec::new(),
        },
        _ => Vec::new(),
    };
    let Some((expr, status)) = answers.into_iter().find(|(_, status)| fits(status)) else {
        return Answer::No(format!("it does not answer {}", wanted.join(" or ")).into());
    };
    let text = match (status.code, site.kind) {
        (Some(code), SiteKind::Catch) => format!("every failure is answered with {code}"),
        (Some(code), _) => format!("it answers {code}"),
        (None, _) => "it answers here".to_owned(),
    };
    let span = program.module(site.file).expr_span(expr);
    let place = place_of(program, site.file, Span::new(span.start, span.end));
    let evidence = Evidence::new(confidence(status.guessed))
        .capture("status", status.code.map_or_else(String::new, |code| code.to_string()))
        .label(Label { role: Role::Context, place, text });
    Answer::Yes(vec![evidence])
}

fn status_fits(code: u16, wanted: &str) -> bool {
    match wanted.strip_suffix("xx") {
        Some(class) => class.parse() == Ok(code / 100),
        None => wanted == "any" || wanted.parse() == Ok(code),
    }
}

/// The responses that a piece of code gives back, with their statuses.
fn answers_below(program: &Program, site: Site, root: Node) -> Vec<(ExprId, Status)> {
    let module = program.module(site.file);
    let mut found = Vec::new();
    visit::walk(module, root, &mut |node| {
        let value = match node {
            Node::Stmt(id) => match module.stmt(id) {
                Stmt::Return(Some(value)) | Stmt::Do(value) => Some(value),
                _ => None,
            },
            Node::Expr(_) => None,
        };
        if let Some(value) = value
            && let Some(status) = program.status_of_value(site.file, value)
        {
            found.push((value, status));
        }
        true
    });
    found
}
