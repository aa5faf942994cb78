//! Reads Rust files into what the checks ask about: every path that a file names, every macro and
//! method that it calls, outside of code for tests.
//!
//! In: text. Out: [`SourceFile`]s.

use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;
use syn::visit::{self, Visit};

/// Where the project is.
pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// One file, without its tests.
pub struct SourceFile {
    /// Relative to the project, with `/`.
    pub path: String,
    /// Paths such as `crate::text::Span`, as written, one for each leaf of a `use`.
    pub named: Vec<Mention>,
    /// Methods called.
    pub methods: Vec<Mention>,
    /// Macros called.
    pub macros: Vec<Mention>,
    /// Modules that only tests have, by file.
    test_modules: Vec<String>,
}

/// A path at a place.
pub struct Mention {
    /// Its segments, from the root of the crate (`crate`, ...) where that can be said.
    pub path: Vec<String>,
    /// From 1.
    pub line: usize,
}

impl Mention {
    /// The path as text.
    pub fn text(&self) -> String {
        self.path.join("::")
    }
}

impl SourceFile {
    /// Reads one file; `path` decides what `self` and `super` mean.
    pub fn read(path: &str, text: &str) -> Self {
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut reader = Reader {
            file: Self {
                path: path.to_owned(),
                named: Vec::new(),
                methods: Vec::new(),
                macros: Vec::new(),
                test_modules: Vec::new(),
            },
            module: module_of(path),
        };
        reader.visit_file(&file);
        reader.file
    }

    /// The module that the file is, from `crate` on.
    pub fn module(&self) -> Vec<String> {
        module_of(&self.path)
    }
}

/// All files under `src/` but those that are only there for tests.
pub static PROJECT: LazyLock<Vec<SourceFile>> = LazyLock::new(project);

fn project() -> Vec<SourceFile> {
    let files: Vec<SourceFile> =
        files("src", "rs").into_iter().map(|(path, text)| SourceFile::read(&path, &text)).collect();
    let tests: BTreeSet<String> = files.iter().flat_map(|file| file.test_modules.iter().cloned()).collect();
    let is_test = |file: &SourceFile| {
        let module = file.module().join("::");
        tests.iter().any(|test| module == *test || module.starts_with(&format!("{test}::")))
    };
    files.into_iter().filter(|file| !is_test(file)).collect()
}

/// The files under a folder of the project that end in `.extension`, by path, with their texts.
pub fn files(folder: &str, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(ROOT).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let text = std::fs::read_to_string(&path).expect("text");
                let path = path.strip_prefix(ROOT).expect("inside").to_string_lossy().replace('\\', "/");
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

fn module_of(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut module = vec!["crate".to_owned()];
    module.extend(inner.split('/').filter(|part| !["mod", "lib", "main"].contains(part)).map(str::to_owned));
    module
}

struct Reader {
    file: SourceFile,
    module: Vec<String>,
}

impl Reader {
    /// Notes a path, made absolute where it begins with `crate`, `self`, `super` or this library's name.
    fn name(&mut self, path: Vec<String>, line: usize) {
        let mut from = match path[0].as_str() {
            "self" | "super" => self.module.clone(),
            _ => Vec::new(),
        };
        for part in path {
            match part.as_str() {
                "self" => {}
                "super" => drop(from.pop()),
                "failpath" if from.is_empty() => from.push("crate".to_owned()),
                _ => from.push(part),
            }
        }
        if !from.is_empty() {
            self.file.named.push(Mention { path: from, line });
        }
    }

    fn leaves(&mut self, tree: &syn::UseTree, before: &mut Vec<String>) {
        let mut leaf = |ident: &syn::Ident, before: &[String]| {
            let path = before.iter().cloned().chain([ident.to_string()]).collect();
            self.name(path, ident.span().start().line);
        };
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.leaves(&path.tree, before);
                before.pop();
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.leaves(tree, before)),
            syn::UseTree::Name(name) => leaf(&name.ident, before),
            syn::UseTree::Rename(rename) => leaf(&rename.ident, before),
            syn::UseTree::Glob(glob) => {
                leaf(&syn::Ident::new("all", glob.star_token.spans[0]), before);
            }
        }
    }

    /// What is in a macro call is tokens only: paths, methods and macros are told by their marks.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mark = |at: usize, mark: char| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == mark);
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(ident) => {
                    let line = ident.span().start().line;
                    let is_method = at >= 2 && mark(at - 2, '.');
                    let mut path = vec![ident.to_string()];
                    while mark(at, ':') && mark(at + 1, ':') {
                        let Some(TokenTree::Ident(next)) = tokens.get(at + 2) else { break };
                        path.push(next.to_string());
                        at += 3;
                    }
                    if is_method {
                        self.file.methods.push(Mention { path, line });
                    } else if mark(at, '!') && matches!(tokens.get(at + 1), Some(TokenTree::Group(_))) {
                        self.file.macros.push(Mention { path, line });
                    } else {
                        self.name(path, line);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

impl<'a> Visit<'a> for Reader {
    fn visit_item(&mut self, item: &'a syn::Item) {
        if !only_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        } else if let syn::Item::Mod(module) = item
            && module.content.is_none()
        {
            self.file.test_modules.push(format!("{}::{}", self.module.join("::"), module.ident));
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        if !only_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_mod(&mut self, module: &'a syn::ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        self.leaves(&item.tree, &mut Vec::new());
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let line = path.segments.first().map_or(0, |first| first.ident.span().start().line);
        self.name(path.segments.iter().map(|segment| segment.ident.to_string()).collect(), line);
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        let line = call.method.span().start().line;
        self.file.methods.push(Mention { path: vec![call.method.to_string()], line });
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        let path: Vec<String> = call.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let line = call.path.segments[0].ident.span().start().line;
        self.file.macros.push(Mention { path: path.clone(), line });
        self.name(path, line);
        self.tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'a syn::Attribute) {
        let path: Vec<String> = attribute.path().segments.iter().map(|segment| segment.ident.to_string()).collect();
        let line = attribute.path().segments[0].ident.span().start().line;
        if let syn::Meta::List(list) = &attribute.meta {
            self.tokens(list.tokens.clone());
        }
        self.name(path, line);
    }
}

fn only_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    use syn::Item;
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

#[test]
fn paths_are_read_wherever_they_are_written() {
    let text = "
        use crate::a::{self, b::C, d as e};
        use super::f::*;
        fn g(h: crate::i::J) -> self::k::L { println!(\"{}\", m.get(crate::n::o(x))); failpath::p() }
        mod inner { use super::super::q; }
        #[derive(r::S)] struct T;
    ";
    let file = SourceFile::read("src/top/leaf.rs", text);
    let named: BTreeSet<String> = file.named.iter().map(Mention::text).collect();
    for path in [
        "crate::a",
        "crate::a::b::C",
        "crate::a::d",
        "crate::top::f::all",
        "crate::i::J",
        "crate::top::leaf::k::L",
        "crate::n::o",
        "crate::p",
        "crate::top::q",
        "r::S",
    ] {
        assert!(named.contains(path), "{path} is not in {named:?}");
    }
    assert!(file.methods.iter().any(|method| method.text() == "get"));
    assert!(file.macros.iter().any(|call| call.text() == "println" && call.line == 4));
}

#[test]
fn tests_are_left_out() {
    let text = "
        #[cfg(test)] mod tests { use crate::a; }
        #[cfg(test)] mod apart;
        #[cfg(feature = \"cli\")] use crate::b;
        impl T { #[cfg(test)] fn f() { crate::c() } }
        #[test] fn g() { crate::d() }
    ";
    let file = SourceFile::read("src/top/mod.rs", text);
    let named: Vec<String> = file.named.iter().map(Mention::text).filter(|path| path.starts_with("crate::")).collect();
    assert_eq!(named, ["crate::b"]);
    assert_eq!(file.test_modules, ["crate::top::apart"]);
}
