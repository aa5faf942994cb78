//! `calls`: the callee has a role (`api`), or is this very thing (`jose#jwtVerify`).

use super::{Answer, Context, Evidence, Parameters, Word, call_at, confidence};
use crate::program::calls::Call;
use crate::program::{Origin, Program, Site, SiteKind, ingress};
use crate::word::{Ask, Bound, Parameter, Values};

pub(super) const WORD: Word = Word {
    name: "calls",
    sites: &[SiteKind::Call, SiteKind::Element],
    parameters: &[Parameter { name: "", values: Values::Role, required: true }],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 1,
    upwards: false,
    ask: Ask::Sieved { sieve, test: ask },
};

/// The calls that have one of the roles or may be what a pattern names.
fn sieve(program: &Program, sites: &[Site], parameters: &Parameters) -> Vec<Site> {
    let roles = parameters.main().iter().map(|wanted| program.models.role(wanted));
    let (wanted, named) = roles.fold((0, false), |(all, named), role| (all | role, named || role == 0));
    let by_callers = is_api(parameters);
    let may_hold = |site: &&Site| {
        let Some(at) = call_at(program, **site) else { return false };
        let Some(call) = program.call(at) else { return false };
        let has_role = call.roles & wanted != 0 || by_callers && program.is_api_by_callers(at);
        has_role || named && is_named(program, call, parameters).is_some()
    };
    sites.iter().filter(may_hold).copied().collect()
}

/// Whether a parameter that callers fill in with an API is meant too.
fn is_api(parameters: &Parameters) -> bool {
    parameters.main().iter().any(|wanted| wanted == "api")
}

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let program = context.program;
    let Some(at) = call_at(program, site) else { return Answer::No("this is no call".into()) };
    let Some(call) = program.call(at) else { return Answer::No("this is no call".into()) };
    let mut named = None;
    for wanted in parameters.main() {
        let role = program.models.role(wanted);
        let holds = if role == 0 {
            *named.get_or_insert_with(|| is_named(program, call, parameters))
        } else if call.roles & role != 0 {
            Some(call.guessed & role != 0)
        } else {
            // A parameter can be anything; the callers that are known say what.
            (wanted == "api" && program.is_api_by_callers(at)).then_some(false)
        };
        if let Some(guessed) = holds {
            let mut evidence = Evidence::new(confidence(guessed)).capture("callee", &call.written);
            if let Origin::Outside(text) = &call.callee
                && let Some(package) = ingress::package(text)
            {
                evidence = evidence.capture("package", package);
            }
            return Answer::Yes(vec![evidence]);
        }
    }
    if !context.explain {
        return Answer::No("it does not call that".into());
    }
    let origin = match &call.callee {
        Origin::Outside(text) => {
            format!("`{}` is {text}, which is not {}", call.written, parameters.main().join(" or "))
        }
        Origin::Import(from, name) => {
            format!("`{}` is {name} of {from}, which is not {}", call.written, parameters.main().join(" or "))
        }
        Origin::Function(key) => format!("`{}` is {} of the project", call.written, program.own_name(*key)),
        Origin::Unknown => format!("nothing is known of `{}`", call.written),
        _ => format!("`{}` is not {}", call.written, parameters.main().join(" or ")),
    };
    Answer::No(origin.into())
}

/// Whether the callee is what a glob names; the value says whether that is a guess.
fn is_named(program: &Program, call: &Call, parameters: &Parameters) -> Option<bool> {
    match &call.callee {
        Origin::Outside(text) => parameters.is_like("", text).then_some(false),
        Origin::Function(key) if parameters.main().iter().any(|pattern| pattern.contains("./")) => {
            parameters.is_like("", &program.own_name(*key)).then_some(false)
        }
        Origin::Import(..) | Origin::Unknown => parameters.is_like("", &call.written).then_some(true),
        _ => None,
    }
}
