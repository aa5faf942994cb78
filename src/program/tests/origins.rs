//! Whose code a call is: through names, fields, types, parameters and factories.

use super::{escapes, origin, program, program_of};

const INFO: &str = "@slack/web-api#WebClient.users.info";

/// The origin of the only `.users.info` call of a text.
fn is_slack(text: &str) {
    let text = format!("import {{ WebClient }} from '@slack/web-api'; import {{ App }} from '@slack/bolt';\n{text}");
    let program = program_of(&[("a.ts", &text)]);
    let file = super::FileId(0);
    let call = program.calls(file).iter().find(|call| call.written.ends_with("users.info")).expect(&text);
    assert_eq!(super::describe(&program, &call.callee), INFO, "{text}");
}

#[test]
fn names_and_aliases() {
    is_slack("const c = new WebClient('x'); const d = c; d.users.info()");
    is_slack("let c; c = new WebClient('x'); c.users.info()");
    is_slack("let c = null; c = new WebClient('x'); c.users.info()");
    is_slack("const { users } = new WebClient('x'); users.info()");
    is_slack("const c = new WebClient('x'); c?.users?.info()");
    is_slack("const c = (await make())!; async function make() { return new WebClient('x') } c.users.info()");
    is_slack("const c = opts.client as WebClient; c.users.info()");
}

#[test]
fn fields_of_classes() {
    is_slack("class A { client = new WebClient('x'); f() { this.client.users.info() } }");
    is_slack("class A { private client: WebClient; f() { this.client.users.info() } }");
    is_slack("class A { private client: WebClient | null = null; f() { this.client?.users.info() } }");
    is_slack("class A { client; constructor() { this.client = new WebClient('x') } f() { this.client.users.info() } }");
    is_slack(
        "class A { constructor() { this.client = new WebClient('x') } f() { return () => this.client.users.info() } }",
    );
    is_slack("class A { constructor(private client: WebClient) {} f() { this.client.users.info() } }");
    is_slack(
        "class A { constructor(private readonly client: WebClient) {} f = async () => { await this.client.users.info() } }",
    );
    is_slack("class A { constructor(client: WebClient) { this.client = client } f() { this.client.users.info() } }");
    is_slack("class A { static client = new WebClient('x'); f() { A.client.users.info() } }");
    is_slack(
        "class A { #client = new WebClient('x'); get client() { return this.#client } f() { this.client.users.info() } }",
    );
    is_slack("class A { get client(): WebClient { return make() } f() { this.client.users.info() } }");
}

#[test]
fn inherited_members() {
    is_slack("class A { client = new WebClient('x') } class B extends A { f() { this.client.users.info() } }");
    is_slack("class A { protected client: WebClient } class B extends A { f() { super.client.users.info() } }");
    is_slack("class A { private client: WebClient } class B { a = new A(); f() { this.a.client.users.info() } }");
}

#[test]
fn types() {
    is_slack("type C = App['client']; function f(c: C) { c.users.info() }");
    is_slack("interface Deps { client: WebClient } function f({ client }: Deps) { client.users.info() }");
    is_slack("interface Deps { client: WebClient } function f(deps: Deps) { deps.client.users.info() }");
    is_slack("function f({ client }: { client: WebClient; id?: string } = {}) { client.users.info() }");
    is_slack("function f(client?: WebClient) { client?.users.info() }");
    is_slack("async function f(c: Promise<WebClient>) { (await c).users.info() }");
    is_slack("function f(cs: WebClient[]) { for (const c of cs) c.users.info() }");
    is_slack("function make() { return new WebClient('x') } function f(c: ReturnType<typeof make>) { c.users.info() }");
}

#[test]
fn factories_and_singletons() {
    is_slack("function make() { return new WebClient('x') } make().users.info()");
    is_slack("const make = () => new WebClient('x'); const c = make(); c.users.info()");
    is_slack("function make(): WebClient { if (x) return a; return b } make().users.info()");
    is_slack("let c: WebClient | undefined; function get() { c ??= new WebClient('x'); return c } get().users.info()");
    is_slack(
        "class S { static instance: S; static get() { return S.instance ?? (S.instance = new S()) } client = new WebClient('x') } S.get().client.users.info()",
    );
    is_slack("const app = new App({}); app.client.users.info()");
}

#[test]
fn other_people_are_not_apis() {
    let program = program_of(&[(
        "a.ts",
        "import { map } from 'lodash'; import { db } from '@/db'; map([]); db.user.create(); (0, x)()",
    )]);
    assert_eq!(origin(&program, "map"), "lodash#map");
    assert_eq!(origin(&program, "db.user.create"), "db.user.create from @/db");
}

#[test]
fn parameters_are_symbols_until_a_caller_says_what_they_are() {
    let helper = "async function getUser(c, id) { return (await c.users.info({ user: id })).user }";
    assert_eq!(escapes(&format!("{helper} async function f() {{ await getUser(client, 'x') }}")), "api c.users.info");
    assert_eq!(super::escapes_in(&program(helper), "getUser"), "param 0.users.info");
    let destructured = "async function getUser({ client, id }) { return await client.users.info(id) }";
    assert_eq!(
        escapes(&format!("{destructured} async function f() {{ await getUser({{ client, id: 1 }}) }}")),
        "api users.info"
    );
    let twice = format!("{helper} async function again(c) {{ return getUser(c, 'x') }}");
    assert_eq!(escapes(&format!("{twice} async function f() {{ await again(client) }}")), "api c.users.info");
    assert_eq!(escapes(&format!("{twice} async function f() {{ try {{ await again(client) }} catch {{}} }}")), "");
    let local = "const db = { users: { info: async () => 1 } };";
    assert_eq!(escapes(&format!("{helper} {local} async function f() {{ await getUser(db, 'x') }}")), "");
}

#[test]
fn methods() {
    assert_eq!(
        escapes(
            "class A { async g() { await client.users.info() } } class B extends A { async f() { await this.g() } }"
        ),
        "api users.info"
    );
    assert_eq!(
        escapes(
            "class A { async g() { await client.users.info() } } class B extends A { async g() {} async f() { await super.g() } }"
        ),
        "api users.info"
    );
    assert_eq!(
        escapes(
            "class A { async g() { await client.users.info() } } class B extends A { async g() {} async f() { await this.g() } }"
        ),
        ""
    );
    assert_eq!(
        escapes("const s = { async g() { await client.users.info() }, async f() { await this.g() } }"),
        "api users.info"
    );
    assert_eq!(
        escapes("const s = { g: async () => { await client.users.info() } }; async function f() { await s.g() }"),
        "api users.info"
    );
}
