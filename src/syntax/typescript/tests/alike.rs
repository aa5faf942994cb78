//! Both parsers lead to the same lowered form.

use super::super::{oxc, tolerant};
use super::dump;
use crate::syntax::visit::{self, Node};
use crate::syntax::{Expr, LostWhy, Module, Name};

/// Run with `FAILPATH_CORPUS=<directory> cargo test alike -- --ignored --nocapture`.
#[test]
#[ignore = "needs a directory of source code in FAILPATH_CORPUS"]
#[expect(clippy::print_stdout, reason = "it is there to print")]
fn corpus() {
    let (mut files, mut slow, mut better, mut equal, mut differ) = (0, 0, 0, 0, 0);
    super::corpus::each(|path, dialect, text| {
        if text.len() > 2 * 1024 * 1024 {
            return;
        }
        files += 1;
        let Some(fast) = oxc::lower(text, dialect) else {
            slow += 1;
            println!("slow {}", path.display());
            return;
        };
        super::consistent(&fast);
        let Ok(other) = tolerant(text, dialect) else {
            better += 1;
            println!("refused {}", path.display());
            return;
        };
        let (one, two) = (lines(&other), lines(&fast));
        if one == two {
            equal += 1;
            return;
        }
        if other.lost.iter().any(|lost| lost.why != LostWhy::Depth) {
            better += 1;
            return;
        }
        differ += 1;
        println!("differ {}", path.display());
        let first = one.iter().zip(&two).position(|(one, two)| one != two).unwrap_or(one.len().min(two.len()));
        for (name, lines) in [("tree", &one), ("oxc ", &two)] {
            let Some(line) = lines.get(first) else { continue };
            let from = one[first.min(one.len() - 1)].bytes().zip(two[first.min(two.len() - 1)].bytes());
            let at = from.take_while(|(one, two)| one == two).count();
            let shown: String = line.get(at.saturating_sub(60)..).unwrap_or(line).chars().take(160).collect();
            println!("  {name} {shown}");
        }
    });
    println!("{files} files: {equal} alike, {differ} not, {better} only read by one, {slow} with errors");
}

/// Everything that the later stages can see, without the numbers that are only names.
fn lines(module: &Module) -> Vec<String> {
    let mut lines: Vec<String> = dump::module(module).lines().map(str::to_owned).collect();
    let word = |shown: String| shown.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("").to_owned();
    let name = |name: Option<Name>| name.map_or("-", |name| module.name(name)).to_owned();
    for id in module.function_ids() {
        let it = module.function(id);
        let of = (name(it.name), it.kind, it.is_async, it.is_generator, it.parent, it.class, it.at, it.head);
        lines.push(format!("{id:?} {of:?} {}", it.params.len()));
        visit::walk_function(module, id, &mut |node| {
            let (shown, at) = match node {
                Node::Expr(id) => (format!("{:?}", module.expr(id)), module.expr_span(id)),
                Node::Stmt(id) => (format!("{:?}", module.stmt(id)), module.stmt_span(id)),
            };
            lines.push(format!("{at:?} {}", word(shown)));
            if let Node::Expr(id) = node {
                let fields = match module.expr(id) {
                    Expr::Object(fields) => fields,
                    Expr::Tag(tag) => module.tags[tag.index()].fields,
                    _ => return true,
                };
                for field in module.list(fields) {
                    lines.push(format!("  {:?} {:?}", field.kind, field.at));
                }
            }
            true
        });
    }
    for it in &module.bindings {
        let of = (name(Some(it.name)), word(format!("{:?}", it.kind)), it.owner, it.reassigned, it.at);
        lines.push(format!("binding {of:?}"));
    }
    for it in &module.classes {
        lines.push(format!("class {:?} {:?} {:?}", name(it.name), it.parent, it.at));
        lines.extend(module.list(it.members).iter().map(|member| format!("  {:?} {}", member.at, member.is_static)));
    }
    lines.extend(module.imports.iter().map(|it| format!("import {:?}", it.at)));
    lines.extend(module.exports.iter().map(|it| format!("export {:?}", it.at)));
    lines.extend(module.directives.iter().map(|it| format!("directive {:?}", it.at)));
    lines.extend(module.lost.iter().map(|it| format!("lost {it:?}")));
    lines
}
