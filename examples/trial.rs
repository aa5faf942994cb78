use failpath::program::{*};
use failpath::syntax::*;
use failpath::word::{self, *};
use std::sync::Arc;
fn walk(d:&std::path::Path,out:&mut Vec<String>){ if d.is_file(){out.push(d.to_string_lossy().into_owned());return} let mut es:Vec<_>=std::fs::read_dir(d).unwrap().flatten().map(|e|e.path()).collect(); es.sort(); for e in es { walk(&e,out)} }
fn main(){
 let args: Vec<String> = std::env::args().skip(1).collect();
 let verbose = std::env::var("V").is_ok();
 let mut paths=vec![]; for a in &args { walk(std::path::Path::new(a),&mut paths); }
 let models = Arc::new(failpath::model::Models::load(&[]).unwrap());
 let mut files=vec![];
 for path in &paths {
  let Some(d)=Dialect::of_path(path) else {continue};
  let Ok(text) = std::fs::read_to_string(path) else {continue};
  if text.len()>2_000_000 {continue}
  let Ok(m) = typescript::lower(&text, d) else { println!("{path}: not lowered"); continue };
  files.push((path.as_str().into(), Arc::new(failpath::source::Source::new(String::new(), text)), Arc::new(m)));
 }
 let program = Program::new(files, models, Default::default());
 let t=std::time::Instant::now(); let mut tt=[std::time::Duration::ZERO;6]; let mut nn=0;
 let ctx = Context { program: &program, explain: true };
 let ask=|w:&str, site, ps:&[(&str,&str)], b:&Bound| { let Some(w)=word::named(w) else {return Answer::No("absent".into())}; let Ask::Test(t)=w.ask else {panic!()}; t(ctx, site, &Parameters(ps.iter().map(|(a,b)|(a.to_string(),b.split('|').map(|x|x.to_string()).collect())).collect()), b)};
 let f=|source:&failpath::source::Source,a:&Answer| match a { Answer::Yes(e)=>format!("YES {:?} {}", e[0].captures.first().map(|c|c.1.clone()), e[0].labels.first().map_or(String::new(),|l| format!("@{}", source.lines.line(l.place.span.start)))), Answer::No(r)=>format!("no: {r}") };
 for file in program.file_ids() {
  let source=program.file(file).source.clone(); let path=&program.file(file).path; let path=format!("{path}");
  for site in program.sites(file, SiteKind::Branch) {
    let line = source.lines.line(program.span(site).start);
    if let Answer::Yes(es) = ask("tests", site, &[("","secret")], &Bound::default()) {
      for e in es {
        let t0=std::time::Instant::now(); nn+=1; let a = ask("outcome", site, &[("assume","set"),("may","reject")], &e.bound); let e0=t0.elapsed(); tt[0]+=e0; if e0.as_millis()>300 { eprintln!("slow {path}:{line} {e0:?}"); }
        let b = ask("outcome", site, &[("assume","unset"),("is","pass")], &e.bound);
        let hit = matches!(b, Answer::Yes(_));
        if verbose || hit { println!("{path}:{line}: {} R3 {:?} | set {} | unset {}", if hit {"FINDING"} else {"-"}, e.bound.secret, f(&source,&a), f(&source,&b)); }
      }
    }
  }
  for site in program.sites(file, SiteKind::Comparison) {
    let line = source.lines.line(program.span(site).start);
    if let Answer::Yes(es) = ask("operand", site, &[("from","secret"),("may-be","unset")], &Bound::default()) {
      for e in es {
        let a = ask("operand", site, &[("from","request"),("may-be","missing")], &e.bound);
        let b = ask("outcome", site, &[("assume","unset"),("is","pass")], &e.bound);
        let hit = matches!(a, Answer::Yes(_)) && matches!(b, Answer::Yes(_));
        if verbose || hit { println!("{path}:{line}: {} R3c {:?} | request {} | unset {}", if hit {"FINDING"} else {"-"}, e.bound.secret, f(&source,&a), f(&source,&b)); }
      }
    }
  }
  for site in program.sites(file, SiteKind::Fallback) {
    let line = source.lines.line(program.span(site).start);
    if let Answer::Yes(es) = ask("operand", site, &[("from","env")], &Bound::default()) {
      for e in es {
        let a = ask("operand", site, &[("is","non-empty-literal")], &e.bound);
        if !matches!(a, Answer::Yes(_)) {continue}
        let b = ask("flows-to", site, &[("","sign|verify|encrypt|compare")], &e.bound);
        let hit = matches!(b, Answer::Yes(_));
        if verbose || hit { println!("{path}:{line}: {} R3b {:?} | {} | flows {}", if hit {"FINDING"} else {"-"}, e.bound.secret, f(&source,&a), f(&source,&b)); }
      }
    }
  }
 }
 eprintln!("outcome set {:?} n {nn}", tt[0]); eprintln!("asked in {:?}", t.elapsed());
}
