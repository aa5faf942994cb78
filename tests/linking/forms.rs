//! Every form of an import, an export and a call of what is imported.
//!
//! In: files. Out: whether the imported function is known by what it does.

use super::{AUTH, Files, auth, program, reader, twins};

#[test]
fn relative_imports() {
    for specifier in ["./lib/auth", "./lib/auth.js", "./lib/auth.ts", "./lib/../lib/auth"] {
        let text = format!(
            "import {{ requireAuth }} from '{specifier}'; export async function f(r) {{ await requireAuth(r) }}"
        );
        twins("requireAuth", &[("a.ts", &text), AUTH]);
    }
    twins(
        "check",
        &[
            (
                "a.ts",
                "import { requireAuth as check } from './lib/auth'; export const f = async r => { await check(r) }",
            ),
            AUTH,
        ],
    );
}

#[test]
fn beside_a_branch_that_the_caller_does_not_ask_for() {
    // The failure stands at a place of its file that the importing file need not have.
    let far = format!("{}export async function requireAuth(r) {{ FAIL }}", "note();\n".repeat(60));
    let near = "import { requireAuth } from './far'; async function g(r, o) { if (o.who) { throw 1 } await requireAuth(r) } export async function f(r) { await g(r, {}) }";
    twins("g", &[("a.ts", near), ("far.ts", &far)]);
}

#[test]
fn folders_stand_for_their_index() {
    let index = ("lib/index.ts", "export async function requireAuth(r) { FAIL }");
    twins(
        "requireAuth",
        &[("a/b.ts", "import { requireAuth } from '../lib'; async function f(r) { await requireAuth(r) }"), index],
    );
    twins(
        "requireAuth",
        &[("lib/b.ts", "import { requireAuth } from '.'; async function f(r) { await requireAuth(r) }"), index],
    );
}

#[test]
fn defaults() {
    let caller = ("a.ts", "import check from './auth'; async function f(r) { await check(r) }");
    twins("check", &[caller, ("auth.ts", "export default async function (r) { FAIL }")]);
    twins("check", &[caller, ("auth.ts", "export default async function requireAuth(r) { FAIL }")]);
    twins("check", &[caller, ("auth.ts", "export default async (r) => { FAIL }")]);
    twins("check", &[caller, ("auth.ts", "async function x(r) { FAIL }\nexport default x")]);
    twins("check", &[caller, ("auth.ts", "async function x(r) { FAIL }\nexport { x as default }")]);
    twins("check", &[caller, ("auth.ts", "async function x(r) { FAIL }\nexport = x")]);
    twins(
        "auth.check",
        &[
            ("a.ts", "import auth from './auth'; async function f(r) { await auth.check(r) }"),
            ("auth.ts", "export default { check: async (r) => { FAIL } }"),
        ],
    );
}

#[test]
fn namespaces() {
    twins(
        "auth.requireAuth",
        &[("a.ts", "import * as auth from './lib/auth'; async function f(r) { await auth.requireAuth(r) }"), AUTH],
    );
    twins(
        "lib.auth.requireAuth",
        &[
            ("a.ts", "import * as lib from './lib'; async function f(r) { await lib.auth.requireAuth(r) }"),
            ("lib/index.ts", "export * as auth from './auth'"),
            AUTH,
        ],
    );
    twins(
        "auth.requireAuth",
        &[
            ("a.ts", "import { auth } from './lib'; async function f(r) { await auth.requireAuth(r) }"),
            ("lib/index.ts", "import * as auth from './auth'; export { auth }"),
            AUTH,
        ],
    );
}

#[test]
fn barrels() {
    let caller = ("a.ts", "import { requireAuth } from './lib'; async function f(r) { await requireAuth(r) }");
    twins("requireAuth", &[caller, ("lib/index.ts", "export * from './auth'"), AUTH]);
    twins("requireAuth", &[caller, ("lib/index.ts", "export { requireAuth } from './auth'"), AUTH]);
    twins(
        "requireAuth",
        &[caller, ("lib/index.ts", "import { requireAuth } from './auth'; export { requireAuth }"), AUTH],
    );
    twins(
        "requireAuth",
        &[
            caller,
            ("lib/index.ts", "export { check as requireAuth } from './one'"),
            ("lib/one.ts", "export * from './two'; export * from './three'"),
            ("lib/two.ts", "export const other = 1"),
            ("lib/three.ts", "export { default as check } from './four'"),
            ("lib/four.ts", "export default async function (r) { FAIL }"),
        ],
    );
    // A file's own export comes before those of its stars.
    twins(
        "requireAuth",
        &[
            caller,
            ("lib/index.ts", "export * from './other'; export async function requireAuth(r) { FAIL }"),
            ("lib/other.ts", "export async function requireAuth(r) {}"),
        ],
    );
}

#[test]
fn circles_of_exports_end() {
    let files: Files = &[
        (
            "a.ts",
            "import { requireAuth, nobody } from './b'; async function f(r) { await requireAuth(r); await nobody(r) }",
        ),
        ("b.ts", "export * from './c'; export { x as y } from './c'"),
        ("c.ts", "export * from './b'; export { y as x } from './b'; export async function requireAuth(r) { FAIL }"),
    ];
    twins("requireAuth", files);
    let (program, _) = program(&reader(files, true));
    assert_eq!(auth(&program, "a.ts", "nobody"), None);
}

#[test]
fn what_two_stars_give_differently_is_nobodys() {
    let files: Files = &[
        ("a.ts", "import { check } from './lib'; async function f(r) { await check(r) }"),
        ("lib/index.ts", "export * from './one'; export * from './two'"),
        ("lib/one.ts", "export async function check(r) { FAIL }"),
        ("lib/two.ts", "export async function check(r) { FAIL }"),
    ];
    let (program, _) = program(&reader(files, true));
    assert_eq!(auth(&program, "a.ts", "check"), None);
}

#[test]
fn required_and_dynamic_imports() {
    for (callee, text) in [
        ("requireAuth", "const { requireAuth } = require('./lib/auth'); async function f(r) { await requireAuth(r) }"),
        ("auth.requireAuth", "const auth = require('./lib/auth'); async function f(r) { await auth.requireAuth(r) }"),
        (
            "requireAuth",
            "const requireAuth = require('./lib/auth').requireAuth; async function f(r) { await requireAuth(r) }",
        ),
        (
            "requireAuth",
            "async function f(r) { const { requireAuth } = await import('./lib/auth'); await requireAuth(r) }",
        ),
        (
            "auth.requireAuth",
            "async function f(r) { const auth = await import('./lib/auth'); await auth.requireAuth(r) }",
        ),
        ("auth.requireAuth", "import auth = require('./lib/auth'); async function f(r) { await auth.requireAuth(r) }"),
    ] {
        twins(callee, &[("a.ts", text), AUTH]);
    }
    for exports in [
        "async function requireAuth(r) { FAIL }\nmodule.exports = { requireAuth }",
        "async function requireAuth(r) { FAIL }\nexports.requireAuth = requireAuth",
        "exports.requireAuth = async (r) => { FAIL }",
        "module.exports.requireAuth = async (r) => { FAIL }",
    ] {
        for text in [
            "const { requireAuth } = require('./auth'); async function f(r) { await requireAuth(r) }",
            "import { requireAuth } from './auth'; async function f(r) { await requireAuth(r) }",
        ] {
            twins("requireAuth", &[("a.js", text), ("auth.js", exports)]);
        }
    }
}

#[test]
fn classes_and_their_members() {
    let caller = "async function f(r) { await auth.check(r) }";
    let class = ("auth.ts", "export class Auth { async check(r) { FAIL } }\nexport const auth = new Auth()");
    for head in [
        "import { auth } from './auth'",
        "import { Auth } from './auth'; const auth = new Auth()",
        "import type { Auth } from './auth'; declare const auth: Auth",
        "import * as all from './auth'; const auth: all.Auth = make()",
        "declare const auth: import('./auth').Auth",
        "const auth: import('./auth').Auth | undefined = make()",
        "type A = import('./auth').Auth; const auth: A = make()",
    ] {
        let text = format!("{head};\n{caller}");
        twins("auth.check", &[("a.ts", &text), class]);
    }
    twins(
        "this.auth.check",
        &[
            (
                "a.ts",
                "import { Auth } from './auth'; class C { constructor(private auth: Auth) {} async f(r) { await this.auth.check(r) } }",
            ),
            class,
        ],
    );
    twins(
        "this.check",
        &[
            ("a.ts", "import { Auth } from './auth'; class C extends Auth { async f(r) { await this.check(r) } }"),
            class,
        ],
    );
    twins(
        "Auth.check",
        &[
            ("a.ts", "import { Auth } from './auth'; async function f(r) { await Auth.check(r) }"),
            ("auth.ts", "export class Auth { static async check(r) { FAIL } }"),
        ],
    );
    twins(
        "auth.check",
        &[
            ("a.ts", "import { auth } from './auth'; async function f(r) { await auth.check(r) }"),
            ("auth.ts", "import { Base } from './base'; class Auth extends Base {}\nexport const auth = new Auth()"),
            ("base.ts", "export abstract class Base { async check(r) { FAIL } }"),
        ],
    );
}

#[test]
fn types_lead_to_classes_through_aliases_and_fields() {
    let class = ("auth.ts", "export class Auth { async check(r) { FAIL } }");
    twins(
        "ctx.auth.check",
        &[
            (
                "a.ts",
                "import type { Context } from './context'; async function f(ctx: Context, r) { await ctx.auth.check(r) }",
            ),
            ("context.ts", "import { Auth } from './auth'; export interface Context { auth: Auth }"),
            class,
        ],
    );
    twins(
        "auth.check",
        &[
            ("a.ts", "import type { Guard } from './types'; async function f(auth: Guard, r) { await auth.check(r) }"),
            ("types.ts", "import type { Auth } from './auth'; export type Guard = Auth"),
            class,
        ],
    );
    for ty in ["import('./types').Guard", "import('./all').types.Guard", "Promise<import('./types').Guard>"] {
        let text = format!("async function f(it: {ty}, r) {{ const auth = await it; await auth.check(r) }}");
        let types = ("types.ts", "export type Guard = import('./auth').Auth");
        twins("auth.check", &[("a.ts", &text), types, ("all.ts", "export * as types from './types'"), class]);
    }
}

#[test]
fn objects_of_functions_and_factories() {
    twins(
        "auth.check",
        &[
            ("a.ts", "import { auth } from './auth'; async function f(r) { await auth.check(r) }"),
            ("auth.ts", "import { check } from './check'; export const auth = { check }"),
            ("check.ts", "export async function check(r) { FAIL }"),
        ],
    );
    twins(
        "getAuth().check",
        &[
            ("a.ts", "import { getAuth } from './auth'; async function f(r) { await getAuth().check(r) }"),
            (
                "auth.ts",
                "class Auth { async check(r) { FAIL } }\nlet one: Auth | undefined;\nexport function getAuth(): Auth { return one ??= new Auth() }",
            ),
        ],
    );
}

#[test]
fn failures_go_through_files_between() {
    twins(
        "load",
        &[
            ("a.ts", "import { load } from './middle'; async function f(r) { await load(r) }"),
            (
                "middle.ts",
                "import { requireAuth } from './lib/auth'; export async function load(r) { const u = await requireAuth(r); return u.id }",
            ),
            AUTH,
        ],
    );
    // A callback is run by a wrapper of another file.
    twins(
        "withRetry",
        &[
            (
                "a.ts",
                "import { withRetry } from './retry'; import { requireAuth } from './lib/auth'; async function f(r) { await withRetry(() => requireAuth(r)) }",
            ),
            ("retry.ts", "export async function withRetry(run) { return await run() }"),
            AUTH,
        ],
    );
    let (guarded, _) = program(&reader(
        &[
            (
                "a.ts",
                "import { safely } from './safe'; import { requireAuth } from './lib/auth'; async function f(r) { await safely(() => requireAuth(r)) }",
            ),
            ("safe.ts", "export async function safely(run) { try { return await run() } catch { return null } }"),
            AUTH,
        ],
        true,
    ));
    assert_eq!(auth(&guarded, "a.ts", "safely"), None);
}

#[test]
fn a_name_decides_only_where_no_file_does() {
    let caller = "import { requireAuth } from 'PLACE'; async function f(r) { await requireAuth(r) }";
    let (unknown, _) = program(&reader(&[("a.ts", &caller.replace("PLACE", "./gone"))], true));
    assert_eq!(auth(&unknown, "a.ts", "requireAuth"), Some(true));
    assert_eq!(unknown.links.counts.missing, 1);
}

#[test]
fn handlers_may_live_in_another_file() {
    let handler = (
        "lib/handler.ts",
        "export async function handle(request: Request) { return new Response('') }\nexport async function POST(request: Request) { return new Response('') }",
    );
    for text in [
        "export { handle as POST } from '../../../lib/handler'",
        "export * from '../../../lib/handler'",
        "import { handle } from '../../../lib/handler'; export const POST = handle",
        "import { handle } from '../../../lib/handler'; import { wrap } from 'some-wrapper'; export const POST = wrap(handle)",
    ] {
        let (program, _) = program(&reader(&[("app/api/x/route.ts", text), handler], true));
        let paths: Vec<_> =
            program.entries.iter().map(|entry| program.file(entry.handler.file).path.as_str()).collect();
        assert_eq!(paths, ["lib/handler.ts"], "{text}");
        assert_eq!(program.entries[0].name, "POST");
    }
}
