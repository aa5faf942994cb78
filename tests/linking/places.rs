//! Every way in which a specifier names a file: settings, packages of the workspace, and what is refused.
//!
//! In: files. Out: whether the imported function is known by what it does.

use super::{AUTH, Files, program, reader, twins};
use failpath::program::resolve::{Resolved, Resolver};
use failpath::source::At;

const TSCONFIG: &str = r#"{
  // comments are fine
  "compilerOptions": { "paths": { "@/*": ["./src/*"], "~auth": ["./src/lib/auth.ts"] } },
}"#;

#[test]
fn paths_of_a_tsconfig() {
    for specifier in ["@/lib/auth", "~auth", "@/lib/auth.js"] {
        let text =
            format!("import {{ requireAuth }} from '{specifier}'; async function f(r) {{ await requireAuth(r) }}");
        twins("requireAuth", &[("src/app/a.ts", &text), ("src/lib/auth.ts", AUTH.1), ("tsconfig.json", TSCONFIG)]);
    }
    let base = r#"{ "compilerOptions": { "baseUrl": "src" } }"#;
    let text = "import { requireAuth } from 'lib/auth'; async function f(r) { await requireAuth(r) }";
    twins("requireAuth", &[("src/app/a.ts", text), ("src/lib/auth.ts", AUTH.1), ("tsconfig.json", base)]);
}

#[test]
fn tsconfigs_that_extend_and_refer() {
    let text = "import { requireAuth } from '@/lib/auth'; async function f(r) { await requireAuth(r) }";
    twins(
        "requireAuth",
        &[
            ("apps/web/src/a.ts", text),
            ("apps/web/src/lib/auth.ts", AUTH.1),
            (
                "apps/web/tsconfig.json",
                r#"{ "extends": "../../tsconfig.base.json", "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }"#,
            ),
            ("tsconfig.base.json", r#"{ "compilerOptions": { "strict": true } }"#),
        ],
    );
    twins(
        "requireAuth",
        &[
            ("src/a.ts", text),
            ("src/lib/auth.ts", AUTH.1),
            ("tsconfig.json", r#"{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }"#),
            ("tsconfig.app.json", r#"{ "include": ["src"], "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }"#),
        ],
    );
    // Files that it does not include are read by other tools with the same paths.
    twins(
        "requireAuth",
        &[
            ("tests/a.ts", text),
            ("src/lib/auth.ts", AUTH.1),
            ("tsconfig.json", r#"{ "include": ["src"], "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }"#),
        ],
    );
}

#[test]
fn a_broken_tsconfig_costs_only_what_it_says() {
    let text = "import { requireAuth } from '@/lib/auth'; import { x } from './b'; async function f(r) { await requireAuth(r) }";
    let paths = r#""compilerOptions": { "paths": { "@/*": ["./src/*"] } }"#;
    for (extends, more) in [
        (r#""@tsconfig/node22/tsconfig.json""#, ("unused.json", "{}")),
        (r#""./gone.json""#, ("unused.json", "{}")),
        (r#""./other.json""#, ("other.json", r#"{ "extends": "./tsconfig.json" }"#)),
        (r#""./other.json""#, ("other.json", "{ this is no json")),
        (r#""../outside.json""#, ("unused.json", "{}")),
        (r#""/etc/tsconfig.json""#, ("unused.json", "{}")),
    ] {
        let tsconfig = format!("{{ \"extends\": {extends}, {paths} }}");
        let files: Files = &[
            ("src/a.ts", text),
            ("src/b.ts", "export const x = 1"),
            ("src/lib/auth.ts", AUTH.1),
            ("tsconfig.json", &tsconfig),
            more,
        ];
        twins("requireAuth", files);
        let (_, resolver) = program(&reader(files, true));
        let said = resolver.not_analysed();
        assert_eq!(said.iter().map(|said| said.path.as_str()).collect::<Vec<_>>(), ["tsconfig.json"], "{extends}");
        assert!(said[0].reason.contains("extends") && !said[0].reason.contains("/tree"), "{}", said[0].reason);
    }
    let files: Files = &[
        ("a.ts", "import { requireAuth } from './lib/auth'; async function f(r) { await requireAuth(r) }"),
        AUTH,
        ("tsconfig.json", "no json"),
    ];
    twins("requireAuth", files);
    // The resolver follows what a tsconfig extends by recursion, whatever way leads there.
    let ways =
        ["./tTO.json", "./t/../tTO", "/tree/c/tTO.json", "@acme/c/tTO.json", "@acme/c/x/TO", "#x/TO", "c/../tTO"];
    for way in ways {
        let next = |to: usize| format!("{{\"extends\":\"{}\"}}", way.replace("TO", &to.to_string()));
        let endless: Vec<(String, String)> = (0..5_000).map(|n| (format!("c/t{n}.json"), next(n + 1))).collect();
        let mut files = files.to_vec();
        files[2].1 = r#"{"extends":"./c/t0.json"}"#;
        files.push(("package.json", r#"{ "name": "root", "workspaces": ["c"] }"#));
        files.push((
            "c/package.json",
            r##"{ "name": "@acme/c", "exports": { "./x/*": "./t*.json", "./*": "./*" }, "imports": { "#x/*": "./t*.json" } }"##,
        ));
        files.extend(endless.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        twins("requireAuth", &files);
    }
}

#[test]
fn packages_of_the_workspace_need_no_installation() {
    let caller = "import { requireAuth } from 'SPEC'; async function f(r) { await requireAuth(r) }";
    let auth = AUTH.1;
    let root = r#"{ "name": "root", "workspaces": ["packages/*"] }"#;
    for (manifest, specifier, file) in [
        (r#"{ "name": "@acme/auth", "main": "./src/index.ts" }"#, "@acme/auth", "src/index.ts"),
        (r#"{ "name": "@acme/auth", "main": "dist/index.js" }"#, "@acme/auth", "src/index.ts"),
        (r#"{ "name": "@acme/auth", "main": "dist/index.js" }"#, "@acme/auth", "index.ts"),
        (
            r#"{ "name": "@acme/auth", "module": "dist/esm/main.mjs", "main": "dist/cjs/main.cjs" }"#,
            "@acme/auth",
            "src/main.ts",
        ),
        (r#"{ "name": "@acme/auth", "types": "dist/index.d.ts" }"#, "@acme/auth", "src/index.ts"),
        (
            r#"{ "name": "@acme/auth", "exports": { ".": { "types": "./dist/index.d.ts", "import": "./dist/index.js" } } }"#,
            "@acme/auth",
            "src/index.ts",
        ),
        (r#"{ "name": "@acme/auth", "exports": { "./*": "./build/*.js" } }"#, "@acme/auth/guard", "src/guard.ts"),
        (
            r#"{ "name": "@acme/auth", "exports": { "./guard": { "types": "./dist/guard.d.ts" } } }"#,
            "@acme/auth/guard",
            "src/guard.ts",
        ),
        (r#"{ "name": "@acme/auth" }"#, "@acme/auth", "index.ts"),
        (r#"{ "name": "@acme/auth" }"#, "@acme/auth/src/guard", "src/guard.ts"),
        (r#"{ "name": "auth" }"#, "auth/src/guard", "src/guard.ts"),
    ] {
        let text = caller.replace("SPEC", specifier);
        let path = format!("packages/auth/{file}");
        let files = [
            ("packages/web/a.ts", text.as_str()),
            ("package.json", root),
            ("packages/auth/package.json", manifest),
            (&path, auth),
        ];
        twins("requireAuth", &files);
        let pnpm = [files[0], ("pnpm-workspace.yaml", "packages:\n  - 'packages/*'\n"), files[2], files[3]];
        twins("requireAuth", &pnpm);
    }
}

#[test]
fn imports_of_the_package_itself() {
    let text = "import { requireAuth } from '#auth'; async function f(r) { await requireAuth(r) }";
    twins(
        "requireAuth",
        &[
            ("src/a.ts", text),
            ("src/auth.ts", AUTH.1),
            ("package.json", r##"{ "name": "x", "imports": { "#auth": "./src/auth.ts" } }"##),
        ],
    );
}

#[test]
fn nothing_outside_the_tree_is_found() {
    let reader = reader(
        &[
            ("src/a.ts", ""),
            ("b.ts", ""),
            ("etc/passwd.ts", ""),
            ("tsconfig.json", r#"{"compilerOptions":{"paths":{"p":["../../etc/passwd"],"q":["/etc/passwd"]}}}"#),
        ],
        true,
    );
    let resolver = Resolver::new(&reader, At::Head);
    assert_eq!(resolver.resolve("src/a.ts", "../b"), Resolved::File("b.ts".to_owned()));
    for specifier in
        ["../../b", "../../../etc/passwd", "/etc/passwd", "/tree/b", "../../tree/b", "file:///etc/passwd", "p", "q"]
    {
        let found = resolver.resolve("src/a.ts", specifier);
        assert!(!matches!(found, Resolved::File(_)), "{specifier}: {found:?}");
    }
}
