//! How long the stages take on one text of ordinary size, and on a small repository made of it.
//!
//! In: texts made here. Out: criterion's figures. `cargo bench --bench stages`

use criterion::{Criterion, Throughput};
use failpath::git::compare_texts;
use failpath::pipeline::{Catalogue, Log, Setup};
use failpath::source::Source;
use failpath::syntax::outline::Outline;
use failpath::syntax::{Dialect, typescript};
use failpath::{View, judge};
use std::collections::BTreeMap;
use std::hint::black_box;

/// Functions of one file: about eight kilobytes.
const FUNCTIONS: usize = 24;
/// Files of the repository.
const FILES: usize = 40;

fn text(file: usize, edit: &str) -> String {
    let next = (file + 1) % FILES;
    let mut text = format!("import {{ load0 }} from './f{next}';\nimport express from 'express';\n");
    for at in 0..FUNCTIONS {
        text.push_str("export async function load");
        text.push_str(&at.to_string());
        text.push_str("(request: Request, limit = 10) {\n  const found: string[] = [];\n  try {\n    ");
        text.push_str("const answer = await fetch(`https://x.y/${request.url}?limit=${limit}`);\n    ");
        text.push_str(
            "for (const one of await answer.json()) { if (one.id !== null) found.push(one.name ?? ''); }\n  ",
        );
        text.push_str("} catch (error) {\n    console.error('failed', error);\n    throw error;\n  }\n");
        text.push_str(edit);
        text.push_str("  return { found, first: await load0(request) };\n}\n");
    }
    text
}

fn stages(criterion: &mut Criterion) {
    let one = text(0, "");
    let mut group = criterion.benchmark_group("one text");
    group.throughput(Throughput::Bytes(one.len() as u64));
    group.bench_function("outline", |bench| bench.iter(|| Outline::new(black_box(one.as_bytes()))));
    group.bench_function("lower", |bench| bench.iter(|| typescript::lower(black_box(&one), Dialect::TypeScript)));
    if let Ok(module) = typescript::lower(&one, Dialect::TypeScript)
        && let Ok(bytes) = postcard::to_stdvec(&module)
    {
        group.bench_function("from cache", |bench| {
            bench.iter(|| postcard::from_bytes::<failpath::syntax::Module>(black_box(&bytes)));
        });
    }
    group.bench_function("lines", |bench| bench.iter(|| Source::new(String::new(), black_box(one.clone()))));
    group.finish();
    let side = |edit: &str| (0..FILES).map(|at| (format!("src/f{at}.ts"), text(at, edit))).collect::<BTreeMap<_, _>>();
    let setup = Catalogue::read(&[]).ok().and_then(|catalogue| Setup::new(catalogue, None, &[]).ok());
    let compared = compare_texts(&side(""), &side("  console.log(limit);\n")).ok();
    if let (Some(setup), Some((change, reader))) = (setup, compared) {
        criterion.bench_function("judge", |bench| {
            bench.iter(|| judge(&change, &reader, &setup, &View::default(), &mut Log::default()));
        });
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    stages(&mut criterion);
    criterion.final_summary();
}
