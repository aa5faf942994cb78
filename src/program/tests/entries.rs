//! Where inbound things enter, and what a throw means there.

use super::{entries, origin, program_of, routes};

fn one(path: &str, text: &str) -> Vec<String> {
    entries(&program_of(&[(path, text)]))
}

const BOLT: &str = "import { App } from '@slack/bolt'; const app = new App({});\n";

#[test]
fn bolt() {
    for method in ["message", "event", "action", "command", "view", "shortcut"] {
        let text = format!("{BOLT}app.{method}('x', async ({{ say }}) => {{ await say('x') }})");
        assert_eq!(one("a.ts", &text), [format!("event lost app.{method}")]);
    }
    assert_eq!(one("a.ts", &format!("{BOLT}app.start()")), [""; 0]);
}

#[test]
fn what_a_bolt_handler_is_given() {
    let text = format!(
        "{BOLT}app.message(async ({{ client, say, message: {{ user }} }}) => {{ await client.users.info({{ user }}); await say('x') }});
         app.event('a', handle); async function handle(args) {{ await args.client.chat.update() }}"
    );
    let program = program_of(&[("a.ts", &text)]);
    assert_eq!(origin(&program, "client.users.info"), "@slack/web-api#WebClient.users.info");
    assert_eq!(origin(&program, "say"), "@slack/web-api#WebClient.chat.postMessage");
    assert_eq!(origin(&program, "args.client.chat.update"), "@slack/web-api#WebClient.chat.update");
    assert_eq!(routes(&program, "client.users.info"), ["lost app.message"]);
}

#[test]
fn handlers_by_reference() {
    let class = |register: &str| {
        format!(
            "import {{ App }} from '@slack/bolt'; class A {{ app = new App({{}}); start() {{ {register} }} async handle({{ say }}) {{ await say() }} arrow = async () => {{}} }}"
        )
    };
    for register in [
        "this.app.message(this.handle)",
        "this.app.message(this.handle.bind(this))",
        "this.app.message(this.arrow)",
        "this.app.message(async (a) => this.handle(a))",
    ] {
        assert_eq!(one("a.ts", &class(register)), ["event lost this.app.message"], "{register}");
    }
    let map = format!(
        "{BOLT}const handlers = {{ hello: async () => {{}}, other: async () => {{}} }}; app.message(handlers.hello)"
    );
    assert_eq!(one("a.ts", &map), ["event lost app.message"]);
    let arrow = format!("{BOLT}const hello = async () => {{}}; app.message('x', hello)");
    assert_eq!(one("a.ts", &arrow), ["event lost app.message"]);
}

#[test]
fn a_route_through_a_method() {
    let text = "import { App } from '@slack/bolt'; import { WebClient } from '@slack/web-api';
        class Service { private client: WebClient; app: App;
            start() { this.app.message(this.onMessage.bind(this)) }
            private async onMessage() { const user = await this.getUser('x'); await this.runtime.createMemory(user) }
            async getUser(id) { return (await this.client.users.info({ user: id })).user } }";
    assert_eq!(routes(&program_of(&[("a.ts", text)]), "this.client.users.info"), ["lost this.app.message"]);
}

#[test]
fn express_by_its_version() {
    let text = "import express from 'express'; const app = express(); const router = express.Router();
        app.get('/x', async (req, res) => { res.json({}) }); router.use(async (req, res, next) => { next() })";
    let with = |version: &str| {
        let manifest = format!("{{ \"dependencies\": {{ \"express\": \"{version}\" }} }}");
        entries(&program_of(&[("package.json", &manifest), ("src/a.ts", text)]))
    };
    assert_eq!(with("^4.18.0"), ["request crash app.get", "request crash router.use"]);
    assert_eq!(with("^5.0.0"), ["request 500 app.get", "request 500 router.use"]);
    assert_eq!(with("5"), ["request 500 app.get", "request 500 router.use"]);
    assert_eq!(one("a.ts", text), ["request 500 app.get", "request 500 router.use"]);
}

#[test]
fn the_nearest_manifest_decides() {
    let text = "import express from 'express'; const app = express(); app.get('/x', async (req, res) => {})";
    let program = program_of(&[
        ("package.json", "{ \"dependencies\": { \"express\": \"^5.1.0\" } }"),
        ("old/package.json", "{ \"dependencies\": { \"express\": \"~4.19.2\" } }"),
        ("old/src/a.ts", text),
        ("src/a.ts", text),
    ]);
    assert_eq!(entries(&program), ["request crash app.get", "request 500 app.get"]);
}

#[test]
fn hono() {
    let text = "import { Hono } from 'hono'; const app = new Hono();
        app.get('/x', async (c) => c.json({})); app.post('/webhook', async (c) => c.json({})); app.use('*', mw); async function mw(c, next) { await next() }";
    let mut found = one("a.ts", text);
    found.sort();
    assert_eq!(found, ["request 500 app.get", "request 500 app.use", "webhook redelivered app.post"]);
}

#[test]
fn next_route_handlers() {
    assert_eq!(
        one("app/x/route.ts", "export async function POST(req) {} export function helper() {}"),
        ["request 500 POST"]
    );
    assert_eq!(one("src/app/x/route.ts", "export const GET = async () => {}"), ["request 500 GET"]);
    assert_eq!(one("app/api/webhooks/x/route.ts", "export async function POST(req) {}"), ["webhook redelivered POST"]);
    assert_eq!(
        one("app/x/route.ts", "const wrap = (h) => async (r) => h(r); export const POST = wrap(async (req) => {})")
            .len(),
        2
    );
    assert_eq!(
        one(
            "app/x/route.ts",
            "import { wrap } from './w'; async function h(req) {} export const POST = wrap(h); export { POST as PUT }"
        ),
        ["request 500 POST"]
    );
    assert_eq!(one("lib/x.ts", "export async function POST(req) {}"), [""; 0]);
}

#[test]
fn server_actions() {
    assert_eq!(
        one("a.ts", "'use server'; export async function save() {} async function local() {}"),
        ["request 500 save"]
    );
    assert_eq!(
        one("a.ts", "export async function save() { 'use server' } export async function other() {}"),
        ["request 500 save"]
    );
    assert_eq!(one("a.ts", "'use client'; export async function save() {}"), [""; 0]);
}

#[test]
fn work_in_the_background_is_lost() {
    let route = |text: &str| {
        let text = format!("{}{text} async function g() {{ await client.users.info() }}", super::SLACK);
        routes(&program_of(&[("app/x/route.ts", &text)]), "client.users.info")
    };
    assert_eq!(
        route(
            "import { after } from 'next/server'; export async function POST() { after(async () => { await g() }); return 1 }"
        ),
        ["lost POST"]
    );
    assert_eq!(route("export async function POST(req, ctx) { ctx.waitUntil(g()); return 1 }"), ["lost POST"]);
    assert_eq!(
        route("export async function POST(req, ctx) { ctx.waitUntil(g().catch(() => {})); return 1 }"),
        ["handler in POST"]
    );
    assert_eq!(route("export async function POST() { await g() }"), ["500 POST"]);
}
