//! `answers`: this code answers a request with a status, perhaps for every error alike.

use super::{Answer, Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word, confidence, place_of};
use crate::finding::{Label, Role};
use crate::program::response::Status;
use crate::program::{At, ExprKey, Program, Site, SiteKind};
use crate::syntax::visit::{self, Node};
use crate::syntax::{BinaryOp, BindingId, Expr, ExprId, Stmt};
use crate::text::Span;

pub(super) const WORD: Word = Word {
    name: "answers",
    sites: &[SiteKind::Catch, SiteKind::Response],
    parameters: &[
        Parameter { name: "status", values: Values::Status, required: true },
        Parameter { name: "to", values: Values::OneOf(&["auth"]), required: false },
    ],
    gives: &[],
    needs: &[],
    cost: 3,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
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
                && let Some(reason) = tells_errors_apart(program, site, catch, param)
            {
                return Answer::No(reason.into());
            }
            answers_below(program, site, Node::Stmt(catch))
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

/// How a catch tells one error from another, if it does: by class, by status or code, or by handing
/// the error to something other than a logger.
fn tells_errors_apart(
    program: &Program,
    site: Site,
    catch: crate::syntax::StmtId,
    param: Option<BindingId>,
) -> Option<String> {
    let binding = param?;
    let module = program.module(site.file);
    let parents = &program.file(site.file).parents;
    let report = program.models.roles(&["report", "inert"]);
    let mut reads = Vec::new();
    visit::walk(module, Node::Stmt(catch), &mut |node| {
        if let Node::Expr(id) = node
            && module.expr(id) == Expr::Read(binding)
        {
            reads.push(id);
        }
        true
    });
    for read in reads {
        let above: Vec<ExprId> = parents
            .above(Node::Expr(read))
            .map_while(|node| match node {
                Node::Expr(id) => Some(id),
                Node::Stmt(_) => None,
            })
            .collect();
        if let Some(Node::Stmt(id)) = parents.of(Node::Expr(read))
            && matches!(module.stmt(id), Stmt::Throw(_))
        {
            return Some("the catch throws the error again".to_owned());
        }
        let Some(first) = above.first() else { continue };
        match module.expr(*first) {
            Expr::Binary { op: BinaryOp::Instanceof, right, .. } => {
                let class = program.class_name(site.file, right).unwrap_or("");
                if !["Error", "ZodError", "SyntaxError", "TypeError"].contains(&class) {
                    return Some(format!("the catch looks for {class}"));
                }
            }
            Expr::Member { name, .. } => {
                let field = module.name(name);
                let decides = ["status", "statusCode", "code", "name", "message", "httpStatus"].contains(&field);
                if decides && is_condition(program, site, read) {
                    return Some(format!("the catch looks at the error's {field}"));
                }
            }
            Expr::Call { args, .. } if module.list(args).iter().any(|arg| arg.value == read) => {
                let call = program.call(ExprKey { file: site.file, expr: *first });
                if call.is_some_and(|call| call.roles & report == 0) {
                    return Some(format!("the catch hands the error to `{}`", call.map_or("", |c| c.written.as_str())));
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether an expression takes part in a condition.
fn is_condition(program: &Program, site: Site, expr: ExprId) -> bool {
    let module = program.module(site.file);
    let mut below = Node::Expr(expr);
    for above in program.file(site.file).parents.above(below) {
        match above {
            Node::Expr(id) => {
                if let Expr::Choose { test, .. } = module.expr(id) {
                    return below == Node::Expr(test);
                }
            }
            Node::Stmt(id) => {
                return match module.stmt(id) {
                    Stmt::If { test, .. } => below == Node::Expr(test),
                    Stmt::Switch { on, .. } => below == Node::Expr(on),
                    _ => false,
                };
            }
        }
        below = above;
    }
    false
}
