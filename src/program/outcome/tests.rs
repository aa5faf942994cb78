//! What functions come to when a setting is set, unset, or missing.

use super::*;
use crate::model::Models;
use crate::program::secret::Kind;
use crate::source::Source;
use crate::syntax::{Dialect, Expr, Stmt, typescript};
use std::collections::BTreeMap;
use std::sync::Arc;

fn program(text: &str) -> Program {
    let module = typescript::lower(text, Dialect::TypeScript).expect("the text is TypeScript");
    let source = Arc::new(Source::new("test".to_string(), text.to_string()));
    let models = Arc::new(Models::load(&[]).expect("the models are well formed"));
    Program::new(vec![("a.ts".into(), source, Arc::new(module))], models, BTreeMap::new())
}

/// What is said of every `if` whose condition asks for a secret: whether it is a check, and open.
fn judge(text: &str) -> Vec<(bool, bool)> {
    let program = program(text);
    let module = program.module(FileId(0));
    let mut judged = Vec::new();
    for stmt in (0..module.stmts.len() as u32).map(crate::syntax::StmtId) {
        let Stmt::If { test, .. } = module.stmt(stmt) else { continue };
        let function = program.file(FileId(0)).parents.function(Node::Stmt(stmt));
        for read in secret::presence(module, test) {
            let study = Study::of(&program, FileId(0), function, &read.secret).expect("it can be run");
            judged.push((study.is_check(), study.open().is_some() && study.is_decided_by(&program, FileId(0), test)));
        }
    }
    judged
}

const OPEN: (bool, bool) = (true, true);
const CLOSED: (bool, bool) = (true, false);
const NO_CHECK: (bool, bool) = (false, false);

#[test]
fn verify_only_if_set_is_open() {
    let text = "export async function POST(request: Request) {
        const secret = process.env.HOOK_SECRET;
        if (secret) {
            if (request.headers.get('x-hook') !== secret) return new Response('no', { status: 401 });
        }
        await store(await request.json());
        return new Response('ok');
    }";
    assert_eq!(judge(text), [OPEN]);
}

#[test]
fn what_a_returned_value_means_is_inferred() {
    let verify = |unset: &str, wrong: &str, right: &str| {
        format!(
            "function verify(req: Request, secret: string) {{
                if (!secret) {{ log.warn('verification skipped'); return {unset}; }}
                if (req.headers['x-hook'] !== secret) return {wrong};
                return {right};
            }}"
        )
    };
    assert_eq!(judge(&verify("true", "false", "true")), [OPEN]);
    assert_eq!(judge(&verify("false", "false", "true")), [CLOSED]);
    assert_eq!(judge(&verify("{ valid: true }", "{ valid: false }", "{ valid: true }")), [OPEN]);
    assert_eq!(judge(&verify("{ error: false }", "{ error: true }", "{ error: false }")), [OPEN]);
    assert_eq!(judge(&verify("null", "new Error('no')", "null")), [OPEN]);
    assert_eq!(judge(&verify("false", "true", "false")), [OPEN], "true may mean that the caller is refused");
}

#[test]
fn the_next_handler_is_a_pass_wherever_it_is_called() {
    let guard = |unset: &str| {
        format!(
            "const TOKEN = process.env.AGENT_TOKEN;
            function guard(req, res, next) {{
                if (!TOKEN) {unset}
                const auth = req.headers.authorization;
                if (!auth || !auth.startsWith('Bearer ') || !safeEqual(auth.slice(7), TOKEN)) {{
                    res.status(401).json({{ error: 'no' }});
                    return;
                }}
                next();
            }}"
        )
    };
    assert_eq!(judge(&guard("return next();")), [OPEN]);
    assert_eq!(judge(&guard("{ res.status(503).end(); return; }")), [CLOSED]);
    assert_eq!(judge(&guard("throw new Error('AGENT_TOKEN is missing');")), [CLOSED]);
}

#[test]
fn production_decides() {
    let hook = |otherwise: &str| {
        format!(
            "async function hook(request) {{
                const secret = await store.getWebhookSecret('a');
                if (secret) {{
                    if (request.headers.get('x') !== secret) return Response.json({{}}, {{ status: 401 }});
                }} else if (process.env.NODE_ENV === 'production') {{ {otherwise} }}
                await handle(request);
                return Response.json({{ ok: true }});
            }}"
        )
    };
    assert_eq!(judge(&hook("logger.warn('no secret');")), [OPEN]);
    assert_eq!(judge(&hook("return Response.json({ ok: true });")), [CLOSED]);
}

#[test]
fn an_extra_credential_and_outbound_keys_are_no_checks() {
    let extra = "const guard = async (c, next) => {
        const token = c.req.header('Authorization');
        if (env.BYPASS_API_SECRET && token === env.BYPASS_API_SECRET) { await next(); return; }
        const session = await sessions.load(token);
        if (!session) throw new HTTPException(401);
        await next();
    };";
    assert_eq!(judge(extra), [CLOSED]);
    let outbound = "async function call(request) {
        const headers = {};
        if (process.env.SEARCH_API_KEY) headers.authorization = process.env.SEARCH_API_KEY;
        return fetch(url, { headers, body: request.body });
    }";
    assert_eq!(judge(outbound), [NO_CHECK]);
}

#[test]
fn constants_and_helpers_are_followed() {
    let text = "const required = Boolean(config.webhookSecret);
    class Adapter {
        async handle(request) {
            if (required && !this.verify(request.headers.get('x-sig'))) return new Response('', { status: 401 });
            return this.process(request);
        }
        verify(given) { return timingSafeEqual(Buffer.from(given), Buffer.from(config.webhookSecret)); }
    }";
    assert_eq!(judge(text), [OPEN]);
}

#[test]
fn an_unset_secret_equals_a_missing_header() {
    let equal = |header: &str, secret: &str| {
        let text = format!(
            "async function hook(req) {{
                if ({header} !== {secret}) return Response.json({{}}, {{ status: 401 }});
                await handle(req);
            }}"
        );
        let program = program(&text);
        let module = program.module(FileId(0));
        let at = (0..module.exprs.len() as u32)
            .map(ExprId)
            .find(|id| matches!(module.expr(*id), Expr::Binary { .. }))
            .expect("a comparison");
        let function = program.file(FileId(0)).parents.function(Node::Expr(at));
        let secret = Secret { name: "HOOK_SECRET".to_string(), kind: Kind::Env };
        Study::of(&program, FileId(0), function, &secret).expect("it can be run").open_by_equality(at).is_some()
    };
    assert!(equal("req.headers['x-hook']", "process.env.HOOK_SECRET"));
    assert!(equal("req.headers.get('x')", "`Bearer ${process.env.HOOK_SECRET}`"));
    assert!(!equal("req.headers.get('x')", "process.env.HOOK_SECRET"), "null is not undefined");
}
