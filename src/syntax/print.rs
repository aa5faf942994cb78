//! Short, canonical text of expressions for messages and identities (`users.info`), and the paths of
//! functions (`Service.getUser`, `app.message("hi")#1`).
//!
//! In: a module. Out: texts that survive reformatting, and moving a function about in its file.

use super::visit::{Node, Parents};
use super::{Body, Export, Exported, Expr, ExprId, FnId, FnKind, Key, Module, Stmt};
use rustc_hash::{FxHashMap, FxHashSet};

/// Longest text of an expression, in characters.
const EXPR_CHARS: usize = 80;
/// Longest text of a literal inside a path, in characters.
const LITERAL_CHARS: usize = 40;
/// Longest path of a function that those inside it repeat, in characters.
const PATH_CHARS: usize = 300;
/// How far around a function, and among a call's arguments, a name for it is looked for.
const CLIMB: usize = 64;

/// The text of an expression: `this.client.users.info`, `getDb().select`, `new Foo`, `items[…]`.
/// Awaits, casts and optional chains leave no trace, arguments are not shown; at most 80 characters.
pub fn path(module: &Module, expr: ExprId) -> String {
    let mut pieces: Vec<String> = Vec::new();
    let mut news = 0;
    let mut at = expr;
    loop {
        at = match module.expr(at) {
            Expr::Chain(of) | Expr::OptionalLink(of) | Expr::Await(of) | Expr::Cast { value: of, .. } => of,
            Expr::Member { of, name } => {
                pieces.push(format!(".{}", module.name(name)));
                of
            }
            Expr::Index { of, .. } => {
                pieces.push("[…]".into());
                of
            }
            Expr::Call { callee, .. } => {
                pieces.push("()".into());
                callee
            }
            Expr::New { callee, .. } => {
                if !pieces.is_empty() {
                    pieces.push("()".into());
                }
                news += 1;
                callee
            }
            other => {
                pieces.push(root(module, other));
                break;
            }
        };
    }
    let mut text = "new ".repeat(news.min(2));
    pieces.iter().rev().for_each(|piece| text.push_str(piece));
    cut(&text, EXPR_CHARS)
}

fn root(module: &Module, expr: Expr) -> String {
    match expr {
        Expr::Read(binding) => module.name(module.binding(binding).name).into(),
        Expr::Global(name) | Expr::Meta(name) => module.name(name).into(),
        Expr::This => "this".into(),
        Expr::Super => "super".into(),
        Expr::Undefined => "undefined".into(),
        Expr::Null => "null".into(),
        Expr::Bool(value) => value.to_string(),
        Expr::Number(id) => module.numbers[id.index()].to_string(),
        Expr::Text(name) => quoted(module.name(name)),
        Expr::ImportCall(of) => match module.expr(of) {
            Expr::Text(name) => format!("import({})", quoted(module.name(name))),
            _ => "import(…)".into(),
        },
        Expr::Closure(id) => match module.function(id).name {
            Some(name) => module.name(name).into(),
            None => "(…) => …".into(),
        },
        Expr::Class(_) => "class".into(),
        Expr::Tag(id) => format!("<{}>", module.name(module.tags[id.index()].name)),
        Expr::Object(_) => "{…}".into(),
        Expr::Array(_) => "[…]".into(),
        Expr::Template(_) => "`…`".into(),
        Expr::Regex => "/…/".into(),
        _ => "(…)".into(),
    }
}

fn quoted(text: &str) -> String {
    format!("{:?}", cut(text, LITERAL_CHARS))
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.into(),
        Some(_) => text.chars().take(most - 1).chain(std::iter::once('…')).collect(),
    }
}

/// The path of one function; see [`Paths`], which names all of them at once.
pub fn function_path(module: &Module, function: FnId) -> String {
    Paths::new(module).of(function).into()
}

/// The path of every function of a module.
///
/// Names of classes and functions are joined with `.`; a function without a name is called after the
/// call it is passed to, that call's first literal argument, and its number among those of the same
/// description in the same place: `app.message("hi")#1`. The module's own path is empty.
#[derive(Debug, Clone)]
pub struct Paths {
    paths: Vec<String>,
}

impl Paths {
    /// Names all functions, in one walk over the module.
    pub fn new(module: &Module) -> Self {
        let places = Places {
            module,
            parents: Parents::new(module),
            keys: module.pools.fields.iter().map(|field| (field.value, field.key)).collect(),
            exported: module.exports.iter().filter_map(exported_value).collect(),
        };
        let mut values: FxHashMap<FnId, ExprId> = FxHashMap::default();
        for (index, expr) in module.exprs.iter().enumerate() {
            if let Expr::Closure(function) = expr {
                values.insert(*function, ExprId(index as u32));
            }
        }
        let mut paths: Vec<String> = Vec::with_capacity(module.functions.len());
        let mut seen: FxHashMap<String, u32> = FxHashMap::default();
        for id in module.function_ids() {
            let function = module.function(id);
            let Some(parent) = function.parent else {
                paths.push(String::new());
                continue;
            };
            let mut path = paths.get(parent.index()).map_or(String::new(), |path| cut(path, PATH_CHARS));
            let value = values.get(&id).copied();
            // A field's value is known by the field.
            let is_field = module.function(parent).kind == FnKind::Initializer
                && value.is_some_and(|value| module.function(parent).body == Body::Expr(value));
            if !is_field {
                let (own, anonymous) = places.describe(id, value);
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&own);
                if anonymous {
                    let count = seen.entry(path.clone()).or_default();
                    *count += 1;
                    path = format!("{path}#{count}");
                }
            }
            paths.push(path);
        }
        Self { paths }
    }

    /// The path of a function.
    pub fn of(&self, function: FnId) -> &str {
        self.paths.get(function.index()).map_or("", String::as_str)
    }
}

fn exported_value(export: &Export) -> Option<ExprId> {
    match export.what {
        Exported::Value(value) => Some(value),
        _ => None,
    }
}

/// What is needed to say where a function's value goes.
struct Places<'m> {
    module: &'m Module,
    parents: Parents,
    /// The keys of all object literals, by their value.
    keys: FxHashMap<ExprId, Key>,
    /// The values of `export default`.
    exported: FxHashSet<ExprId>,
}

impl Places<'_> {
    /// A function's own part of its path, and whether it needs a number.
    fn describe(&self, id: FnId, value: Option<ExprId>) -> (String, bool) {
        let module = self.module;
        let function = module.function(id);
        let name = function.name.map(|name| module.name(name));
        if let Some(class) = function.class {
            let class = module.class(class).name.map_or("class", |name| module.name(name));
            let member = match (function.kind, name) {
                (_, Some(name)) => name,
                (FnKind::Initializer, None) => "static",
                _ => "[…]",
            };
            return (format!("{class}.{member}"), false);
        }
        let Some(value) = value else { return (name.unwrap_or("function").into(), false) };
        let (pieces, in_call) = self.around(value, name);
        if pieces.is_empty() {
            return ("function".into(), true);
        }
        (pieces.join("."), in_call)
    }

    /// What a function's value goes into, outermost first, and whether it is a call's argument.
    fn around(&self, value: ExprId, own: Option<&str>) -> (Vec<String>, bool) {
        let module = self.module;
        let (mut pieces, mut in_call): (Vec<String>, bool) = (Vec::new(), false);
        let mut below = value;
        for node in self.parents.above(Node::Expr(value)).take(CLIMB) {
            let Node::Expr(id) = node else {
                pieces.extend(self.statement(node));
                break;
            };
            match module.expr(id) {
                Expr::Object(_) => {
                    if let Some(Key::Name(key)) = self.keys.get(&below) {
                        pieces.push(module.name(*key).into());
                    }
                }
                Expr::Call { callee, args } | Expr::New { callee, args } if callee != below && !in_call => {
                    if let (true, Some(own)) = (pieces.is_empty(), own) {
                        return (vec![own.into()], false);
                    }
                    let literal = module.list(args).iter().take(CLIMB).find_map(|arg| match module.expr(arg.value) {
                        Expr::Text(name) => Some(quoted(module.name(name))),
                        _ => None,
                    });
                    pieces.push(format!("{}({})", path(module, callee), literal.unwrap_or_default()));
                    in_call = true;
                }
                Expr::Assign { to, .. } if to != below => pieces.push(path(module, to)),
                _ => {}
            }
            below = id;
        }
        if pieces.is_empty() {
            pieces.extend(own.map(String::from));
        }
        pieces.reverse();
        (pieces, in_call)
    }

    /// The name that a statement gives to what it holds.
    fn statement(&self, node: Node) -> Option<String> {
        let module = self.module;
        let Node::Stmt(id) = node else { return None };
        match module.stmt(id) {
            Stmt::Let { bindings, .. } => match module.list(bindings) {
                [binding] => Some(module.name(module.binding(*binding).name).into()),
                _ => None,
            },
            Stmt::Do(value) if self.exported.contains(&value) => Some("default".into()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{Dialect, typescript::lower};

    fn paths_of(text: &str) -> Vec<String> {
        let module = lower(text, Dialect::Tsx).expect("it is lowered");
        let paths = Paths::new(&module);
        module.function_ids().skip(1).map(|id| paths.of(id).to_string()).collect()
    }

    #[test]
    fn expressions_are_printed_without_what_does_not_matter() {
        let cases = [
            ("this.client.users.info", "this.client.users.info"),
            ("await (a as B)?.b!.c", "a.b.c"),
            ("getDb().select", "getDb().select"),
            ("new Foo(1)", "new Foo"),
            ("new Foo(1).bar", "new Foo().bar"),
            ("items[i + 1]", "items[…]"),
            ("import('x')", "import(\"x\")"),
        ];
        for (text, expected) in cases {
            let module = lower(text, Dialect::Tsx).expect("it is lowered");
            let last = ExprId(module.exprs.len() as u32 - 1);
            assert_eq!(path(&module, last), expected);
        }
    }

    #[test]
    fn long_expressions_are_cut() {
        let module = lower(&format!("a{}", ".bcd".repeat(100)), Dialect::Tsx).expect("it is lowered");
        let text = path(&module, ExprId(module.exprs.len() as u32 - 1));
        assert_eq!(text.chars().count(), 80);
        assert!(text.ends_with('…'));
    }

    #[test]
    fn functions_are_named_by_their_place() {
        let text = "\
class Service { getUser() { return () => 1; } handler = async () => { list.map(x => x); }; static { f(); } }
const api = { users: { list() {}, find: () => 1 } };
app.message(\"hi\", async () => {}); app.message(\"hi\", async () => {}); app.message(\"ho\", async () => {});
app.get(\"/\", function named() {});
export const POST = withAuth(async () => {});
export default () => {};
exports.a = () => {};
function outer() { useEffect(() => {}); (async () => {})(); }";
        assert_eq!(
            paths_of(text),
            [
                "Service.getUser",
                "Service.getUser.function#1",
                "Service.handler",
                "Service.handler",
                "Service.handler.list.map()#1",
                "Service.static",
                "api.users.list",
                "api.users.find",
                "app.message(\"hi\")#1",
                "app.message(\"hi\")#2",
                "app.message(\"ho\")#1",
                "named",
                "POST.withAuth()#1",
                "default",
                "exports.a",
                "outer",
                "outer.useEffect()#1",
                "outer.function#1",
            ]
        );
    }
}
