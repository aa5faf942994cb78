use failpath::*;
use std::collections::BTreeMap;
use std::sync::Arc;
fn main() {
    let mut args = std::env::args().skip(1);
    let rev = args.next().unwrap();
    let pat = args.next().unwrap_or_default();
    let env = git::Env::of_process(None).unwrap();
    let t = std::time::Instant::now();
    let (change, reader) = git::compare(&change::Range::AllAt { head: rev }, &env).unwrap();
    let sources = git::read(&change, &reader, |p| syntax::Dialect::of_path(p).is_some() && p.contains(&pat));
    eprintln!("read {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let modules = syntax::load::load(&sources);
    eprintln!("lowered {} lost {} {:?}", modules.head.len(), modules.head_lost.len(), t.elapsed());
    let t = std::time::Instant::now();
    let models = Arc::new(model::Models::load(&[]).unwrap());
    let files = modules.head.iter().map(|(p, m)| (p.clone(), sources.head[p].clone(), m.clone())).collect();
    let program = program::Program::new(files, models, BTreeMap::new());
    eprintln!("program {:?} entries {}", t.elapsed(), program.entries.len());
    if !pat.is_empty() {
        for e in &program.entries {
            println!("ENTRY {:?} {}", e, program.file(e.handler.file).path);
        }
        for f in program.file_ids() {
            for c in program.calls(f) {
                let line = program.file(f).source.lines.line(program.module(f).expr_span(c.expr).start);
                let ways = program.ways(program::ExprKey { file: f, expr: c.expr });
                println!(
                    "{}:{} {} {:?} roles {:x} guessed {:x} {:?}",
                    program.file(f).path,
                    line,
                    c.written,
                    c.callee,
                    c.roles,
                    c.guessed,
                    ways
                );
            }
            for id in program.module(f).function_ids() {
                let s = program.summary(program::FnKey { file: f, function: id });
                println!("FN {} {:?}", syntax::print::function_path(program.module(f), id), s);
            }
        }
    }
}
