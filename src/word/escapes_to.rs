//! `escapes-to`: the failure of this call gets to an entry where a throw means one of these.
//!
//! Only the core rule about ingress uses it: it is the question that the tool exists for, and no
//! other word binds a route.

use super::{Answer, Ask, Binding, Bound, Context, Evidence, Parameter, Parameters, Values, Word, call_at, place_of};
use crate::finding::{Confidence, Label, Role, Step};
use crate::limits::ROUTE_STEPS;
use crate::program::escape::Class;
use crate::program::route::{End, Entry, Route};
use crate::program::{At, ExprKey, Program, Site, SiteKind};
use std::sync::Arc;

pub(super) const WORD: Word = Word {
    name: "escapes-to",
    sites: &[SiteKind::Call],
    parameters: &[Parameter {
        name: "",
        values: Values::OneOf(&["lost", "crash", "500", "redelivered", "retried"]),
        required: true,
    }],
    gives: &[Binding::Route],
    needs: &[],
    uses: &[],
    cost: 8,
    upwards: true,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let program = context.program;
    let Some(sink) = call_at(program, site) else { return Answer::No("this is no call".into()) };
    let routes = program.routes(sink, &Class::Api);
    let mut evidence = Vec::new();
    for route in &routes {
        let End::Entry(entry, on_throw) = &route.end else { continue };
        if parameters.main().iter().any(|wanted| wanted == on_throw.name()) {
            evidence.push(describe(program, site, route, entry));
        }
    }
    if evidence.is_empty() {
        let why = if context.explain { why_not(program, &routes, parameters) } else { String::new() };
        return Answer::No(why.into());
    }
    Answer::Yes(evidence)
}

fn describe(program: &Program, site: Site, route: &Route, entry: &Entry) -> Evidence {
    let confidence = if entry.by_name { Confidence::Medium } else { Confidence::High };
    let callee = program.call(route.calls[0]).map_or("", |call| call.written.as_str());
    let mut evidence =
        Evidence::new(confidence).capture("entry", handler_name(program, entry)).capture("event", &entry.kind);
    evidence.bound.causes.push(format!("{callee} -> {}", handler_name(program, entry)));
    evidence.bound.trace = steps(program, route, entry);
    evidence.bound.primary = primary(site, route);
    if route.calls.len() > 1 {
        evidence = evidence.label(Label {
            role: Role::Cause,
            place: place_of(program, site.file, program.span(site)),
            text: format!("`{callee}` fails here"),
        });
    }
    let outermost = route.calls[route.calls.len() - 1];
    evidence.labels.push(Label {
        role: Role::Entry,
        place: call_place(program, outermost),
        text: format!("{} is left here", handler_name(program, entry)),
    });
    evidence.bound.route = Some(Arc::new(route.clone()));
    evidence
}

/// The call in the handler, where a guard belongs.
fn primary(site: Site, route: &Route) -> Option<Site> {
    let outermost = route.calls.last()?;
    Some(Site { file: outermost.file, at: At::Expr(outermost.expr), kind: site.kind })
}

/// How a person would call a handler: its own name, or what it is registered with.
pub(super) fn handler_name(program: &Program, entry: &Entry) -> String {
    let module = program.module(entry.handler.file);
    match module.function(entry.handler.function).name {
        Some(name) => format!("`{}`", module.name(name)),
        None => format!("the `{}` handler", entry.name),
    }
}

fn call_place(program: &Program, call: ExprKey) -> crate::finding::Place {
    place_of(program, call.file, program.module(call.file).expr_span(call.expr))
}

/// The route as steps, in the order in which things happen: from the entry inwards to the failing
/// call, and what its failure then means.
fn steps(program: &Program, route: &Route, entry: &Entry) -> Vec<Step> {
    let handler = program.module(entry.handler.file).function(entry.handler.function);
    let mut steps = vec![Step {
        place: place_of(program, entry.handler.file, handler.head),
        text: format!("{} handles an inbound {}", handler_name(program, entry), entry.kind),
    }];
    for call in route.calls.iter().rev() {
        let written = program.call(*call).map_or("", |call| call.written.as_str());
        let last = *call == route.calls[0];
        let text = if last { format!("`{written}` fails") } else { format!("it calls `{written}`") };
        steps.push(Step { place: call_place(program, *call), text });
    }
    let meaning = match &route.end {
        End::Entry(_, on_throw) => on_throw.meaning(),
        End::Catch(..) => "",
    };
    if let Some(first) = steps.first().cloned() {
        steps.push(Step { place: first.place, text: format!("nothing on the way catches it: {meaning}") });
    }
    if steps.len() > ROUTE_STEPS {
        let cut = steps.len() - ROUTE_STEPS;
        steps.drain(2..2 + cut);
    }
    steps
}

fn why_not(program: &Program, routes: &[Route], parameters: &Parameters) -> String {
    match routes.first().map(|route| &route.end) {
        Some(End::Catch(function, _)) => {
            let path = &program.file(function.file).path;
            let name = crate::syntax::print::function_path(program.module(function.file), function.function);
            format!("a catch in `{name}` ({path}) absorbs its failure")
        }
        Some(End::Entry(entry, on_throw)) => format!(
            "its failure gets to {}, where a throw is {}, not {}",
            handler_name(program, entry),
            on_throw.name(),
            parameters.main().join(" or ")
        ),
        None => "its failure gets to no entry that is known".to_owned(),
    }
}
