//! A module as an s-expression, for tests to compare.

use crate::syntax::{
    BindingId, BindingKind, Body, ClassId, DirectiveKind, Exported, Expr, ExprId, FieldKind, FnId, Imported, Item, Key,
    List, MemberKind, Module, Name, Source, SourceOf, Step, Stmt, StmtId, Type, TypeId,
};
use std::fmt::Write as _;

/// The top level's statements, one per line, then imports, exports and what else there is.
pub(super) fn module(module: &Module) -> String {
    let dump = Dump { module };
    let mut out = String::new();
    if let Body::Block(body) = module.functions[0].body
        && let Stmt::Block(stmts) = module.stmt(body)
    {
        for stmt in module.list(stmts) {
            let _ = writeln!(out, "{}", dump.stmt(*stmt));
        }
    }
    for import in &module.imports {
        let what = match import.what {
            Imported::Name(name) => module.name(name).to_string(),
            Imported::All => "*".into(),
            Imported::Nothing => "-".into(),
        };
        let binding = import.binding.map_or(String::new(), |id| format!(" as {}", dump.binding(id)));
        let ty = if import.type_only { " type" } else { "" };
        let _ = writeln!(out, "(import{ty} {what} from {}{binding})", module.name(import.from));
    }
    for binding in module.bindings.iter().filter(|binding| binding.kind == BindingKind::Type) {
        let ty = binding.ty.map_or(String::new(), |ty| format!(" {}", dump.ty(ty)));
        let _ = writeln!(out, "(type {}{ty})", module.name(binding.name));
    }
    for export in &module.exports {
        let name = export.name.map_or("*", |name| module.name(name));
        let what = match export.what {
            Exported::Binding(id) => dump.binding(id),
            Exported::Value(id) => dump.expr(id),
            Exported::From { from, name } => format!("{}#{}", module.name(from), module.name(name)),
            Exported::AllFrom(from) => format!("{}#*", module.name(from)),
        };
        let ty = if export.type_only { " type" } else { "" };
        let _ = writeln!(out, "(export{ty} {name} {what})");
    }
    for directive in &module.directives {
        let (kind, name) = match directive.kind {
            DirectiveKind::Prologue(name) => ("prologue", name),
            DirectiveKind::Ignore(name) => ("ignore", name),
        };
        let _ = writeln!(out, "({kind} {:?} in {})", module.name(name), directive.owner.0);
    }
    out
}

struct Dump<'m> {
    module: &'m Module,
}

impl Dump<'_> {
    fn name(&self, name: Name) -> &str {
        self.module.name(name)
    }

    fn exprs(&self, ids: impl IntoIterator<Item = ExprId>) -> String {
        ids.into_iter().fold(String::new(), |mut out, id| {
            let _ = write!(out, " {}", self.expr(id));
            out
        })
    }

    fn binding(&self, id: BindingId) -> String {
        let binding = self.module.binding(id);
        format!("{}%{}", self.name(binding.name), id.0)
    }

    fn declared(&self, id: BindingId) -> String {
        let binding = self.module.binding(id);
        let mut out = self.binding(id);
        if binding.reassigned {
            out.push('*');
        }
        if let Some(ty) = binding.ty {
            let _ = write!(out, ":{}", self.ty(ty));
        }
        if let Some(source) = binding.source {
            let steps = self.source(source);
            if !steps.is_empty() {
                let _ = write!(out, "={steps}");
            }
        }
        out
    }

    fn source(&self, source: Source) -> String {
        let root = match source.of {
            SourceOf::Expr(_) => String::new(),
            SourceOf::Param(index) => format!("param{index}"),
            SourceOf::Element(id) => format!("element({})", self.expr(id)),
            SourceOf::AwaitedElement(id) => format!("awaited({})", self.expr(id)),
            SourceOf::KeyOf(id) => format!("key({})", self.expr(id)),
            SourceOf::Caught => "caught".into(),
        };
        root + &self.steps(source.steps)
    }

    fn steps(&self, steps: List<Step>) -> String {
        self.module.list(steps).iter().fold(String::new(), |out, step| {
            out + &match *step {
                Step::Key(name) => format!(".{}", self.name(name)),
                Step::Index(index) => format!("[{index}]"),
                Step::Computed(id) => format!("[{}]", self.expr(id)),
                Step::Rest => "...".into(),
                Step::Default(id) => format!("??{}", self.expr(id)),
            }
        })
    }

    fn key(&self, key: Key) -> String {
        match key {
            Key::Name(name) => self.name(name).into(),
            Key::Computed(id) => format!("[{}]", self.expr(id)),
            Key::None => "...".into(),
        }
    }

    fn fields(&self, fields: List<crate::syntax::Field>) -> String {
        self.module.list(fields).iter().fold(String::new(), |out, field| {
            let kind = match field.kind {
                FieldKind::Value => "",
                FieldKind::Shorthand => "short ",
                FieldKind::Method => "method ",
                FieldKind::Get => "get ",
                FieldKind::Set => "set ",
                FieldKind::Spread => "spread ",
            };
            format!("{out} ({kind}{} {})", self.key(field.key), self.expr(field.value))
        })
    }

    fn expr(&self, id: ExprId) -> String {
        let m = self.module;
        match m.expr(id) {
            Expr::Read(id) => self.binding(id),
            Expr::Global(name) => self.name(name).into(),
            Expr::This => "this".into(),
            Expr::Super => "super".into(),
            Expr::Meta(name) => format!("(meta {})", self.name(name)),
            Expr::Undefined => "undefined".into(),
            Expr::Null => "null".into(),
            Expr::Bool(value) => value.to_string(),
            Expr::Number(id) => m.numbers[id.index()].to_string(),
            Expr::Text(name) => format!("{:?}", self.name(name)),
            Expr::Regex => "regex".into(),
            Expr::Template(id) => {
                let template = m.templates[id.index()];
                let texts: Vec<&str> = m.list(template.texts).iter().map(|name| self.name(*name)).collect();
                format!("(template {texts:?}{})", self.exprs(m.list(template.holes).iter().copied()))
            }
            Expr::Member { of, name } => format!("(. {} {})", self.expr(of), self.name(name)),
            Expr::Index { of, key } => format!("([] {} {})", self.expr(of), self.expr(key)),
            Expr::OptionalLink(of) => format!("(? {})", self.expr(of)),
            Expr::Chain(of) => format!("(chain {})", self.expr(of)),
            Expr::Call { callee, args } => format!("(call {}{})", self.expr(callee), self.args(args)),
            Expr::New { callee, args } => format!("(new {}{})", self.expr(callee), self.args(args)),
            Expr::ImportCall(of) => format!("(import {})", self.expr(of)),
            Expr::Await(of) => format!("(await {})", self.expr(of)),
            Expr::Yield { value, all } => {
                format!("(yield{}{})", if all { "*" } else { "" }, self.exprs(value))
            }
            Expr::Not(of) => format!("(! {})", self.expr(of)),
            Expr::Unary(op, of) => format!("({op:?} {})", self.expr(of)),
            Expr::Binary { op, left, right } => format!("({op:?} {} {})", self.expr(left), self.expr(right)),
            Expr::Logic { op, left, right } => format!("({op:?} {} {})", self.expr(left), self.expr(right)),
            Expr::Choose { test, yes, no } => format!("(choose{})", self.exprs([test, yes, no])),
            Expr::Assign { op, to, value } => format!("(={op:?} {} {})", self.expr(to), self.expr(value)),
            Expr::Pattern(targets) => {
                m.list(targets).iter().fold(String::from("(pattern"), |out, target| {
                    format!("{out} {}={}", self.expr(target.to), self.steps(target.steps))
                }) + ")"
            }
            Expr::Object(fields) => format!("(object{})", self.fields(fields)),
            Expr::Array(items) => {
                m.list(items).iter().fold(String::from("(array"), |out, item| {
                    out + &match *item {
                        Item::Value(id) => format!(" {}", self.expr(id)),
                        Item::Spread(id) => format!(" ...{}", self.expr(id)),
                        Item::Hole => " hole".into(),
                    }
                }) + ")"
            }
            Expr::Closure(id) => self.function(id),
            Expr::Class(id) => self.class(id),
            Expr::Tag(id) => {
                let tag = m.tags[id.index()];
                let component = tag.component.map_or(String::new(), |id| format!("={}", self.expr(id)));
                let children = self.exprs(m.list(tag.children).iter().copied());
                format!("(<{}>{component}{}{children})", self.name(tag.name), self.fields(tag.fields))
            }
            Expr::Cast { value, ty } => format!("(as {} {})", self.expr(value), self.ty(ty)),
            Expr::Comma(parts) => format!("(,{})", self.exprs(m.list(parts).iter().copied())),
            Expr::Parts(parts) => format!("(parts{})", self.exprs(m.list(parts).iter().copied())),
            Expr::Lost => "lost".into(),
        }
    }

    fn args(&self, args: List<crate::syntax::Arg>) -> String {
        self.module.list(args).iter().fold(String::new(), |out, arg| {
            format!("{out} {}{}", if arg.spread { "..." } else { "" }, self.expr(arg.value))
        })
    }

    fn stmts(&self, stmts: List<StmtId>) -> String {
        self.module.list(stmts).iter().fold(String::new(), |out, stmt| format!("{out} {}", self.stmt(*stmt)))
    }

    fn stmt(&self, id: StmtId) -> String {
        let m = self.module;
        let opt = |id: Option<StmtId>| id.map_or(String::new(), |id| format!(" {}", self.stmt(id)));
        match m.stmt(id) {
            Stmt::Do(value) => format!("(do {})", self.expr(value)),
            Stmt::Let { bindings, value } => {
                let names: Vec<String> = m.list(bindings).iter().map(|id| self.declared(*id)).collect();
                let kind = m.list(bindings).first().map_or(BindingKind::Const, |id| m.binding(*id).kind);
                format!("({} [{}]{})", format!("{kind:?}").to_lowercase(), names.join(" "), self.exprs(value))
            }
            Stmt::Return(value) => format!("(return{})", self.exprs(value)),
            Stmt::Throw(value) => format!("(throw {})", self.expr(value)),
            Stmt::If { test, yes, no } => format!("(if {} {}{})", self.expr(test), self.stmt(yes), opt(no)),
            Stmt::Loop { kind, init, test, update, body } => format!(
                "({kind:?}{} test{} update{} {})",
                opt(init),
                self.exprs(test),
                self.exprs(update),
                self.stmt(body)
            ),
            Stmt::Switch { on, arms } => {
                m.list(arms).iter().fold(format!("(switch {}", self.expr(on)), |out, arm| {
                    let test = arm.test.map_or("default".into(), |test| self.expr(test));
                    format!("{out} (case {test}{})", self.stmts(arm.body))
                }) + ")"
            }
            Stmt::Block(stmts) => format!("{{{}}}", self.stmts(stmts).trim_start()),
            Stmt::Try { body, param, catch, finally } => {
                let param = param.map_or(String::new(), |id| format!(" {}", self.declared(id)));
                let catch = catch.map_or(String::new(), |id| format!(" (catch{param} {})", self.stmt(id)));
                let finally = finally.map_or(String::new(), |id| format!(" (finally {})", self.stmt(id)));
                format!("(try {}{catch}{finally})", self.stmt(body))
            }
            Stmt::Break(label) => format!("(break{})", label.map_or("", |name| self.name(name))),
            Stmt::Continue(label) => format!("(continue{})", label.map_or("", |name| self.name(name))),
            Stmt::Labeled { name, body } => format!("(label {} {})", self.name(name), self.stmt(body)),
            Stmt::Using { binding, value, is_await } => format!(
                "(using{} {} {})",
                if is_await { "-await" } else { "" },
                self.declared(binding),
                self.expr(value)
            ),
            Stmt::Function(id) => self.function(id),
            Stmt::Class(id) => self.class(id),
            Stmt::Nothing => "nothing".into(),
            Stmt::Lost => "lost".into(),
        }
    }

    fn function(&self, id: FnId) -> String {
        let f = self.module.function(id);
        let mut out = format!("({}", format!("{:?}", f.kind).to_lowercase());
        let flags = [(f.is_async, " async"), (f.is_generator, " *")];
        flags.iter().filter(|(set, _)| *set).for_each(|(_, text)| out.push_str(text));
        if let Some(name) = f.name {
            let _ = write!(out, " {}", self.name(name));
        }
        for decorator in &f.decorators {
            let _ = write!(out, " @{}", self.expr(*decorator));
        }
        out.push_str(" (");
        for (index, param) in f.params.iter().enumerate() {
            let names: Vec<String> = match param.binding {
                Some(id) => vec![self.binding(id)],
                None => self.leaves_of(id, index as u16),
            };
            let _ = write!(out, "{}{}", if index > 0 { " " } else { "" }, names.join(","));
            let marks = [(param.rest, "..."), (param.optional, "?"), (param.field.is_some(), "!")];
            marks.iter().filter(|(set, _)| *set).for_each(|(_, text)| out.push_str(text));
            if let Some(ty) = param.ty {
                let _ = write!(out, ":{}", self.ty(ty));
            }
            if let Some(default) = param.default {
                let _ = write!(out, "??{}", self.expr(default));
            }
        }
        out.push(')');
        if let Some(ty) = f.returns {
            let _ = write!(out, ":{}", self.ty(ty));
        }
        match f.body {
            Body::Block(body) => out + " " + &self.stmt(body) + ")",
            Body::Expr(body) => out + " " + &self.expr(body) + ")",
            Body::None => out + ")",
        }
    }

    fn leaves_of(&self, function: FnId, index: u16) -> Vec<String> {
        (0..self.module.bindings.len() as u32)
            .map(BindingId)
            .filter(|id| {
                let binding = self.module.binding(*id);
                binding.owner == function && binding.source.is_some_and(|source| source.of == SourceOf::Param(index))
            })
            .map(|id| self.declared(id))
            .collect()
    }

    fn class(&self, id: ClassId) -> String {
        let class = self.module.class(id);
        let mut out = String::from("(class");
        if let Some(name) = class.name {
            let _ = write!(out, " {}", self.name(name));
        }
        for decorator in &class.decorators {
            let _ = write!(out, " @{}", self.expr(*decorator));
        }
        if let Some(extends) = class.extends {
            let _ = write!(out, " extends {}", self.expr(extends));
        }
        for ty in &class.implements {
            let _ = write!(out, " implements {}", self.ty(*ty));
        }
        for member in self.module.list(class.members) {
            let _ = write!(out, " ({}{}", if member.is_static { "static " } else { "" }, self.key(member.key));
            if let Some(ty) = member.ty {
                let _ = write!(out, ":{}", self.ty(ty));
            }
            match member.kind {
                MemberKind::Method(id) | MemberKind::Field(id) | MemberKind::StaticBlock(id) => {
                    let _ = write!(out, " {})", self.function(id));
                }
                MemberKind::Declared => out.push(')'),
            }
        }
        out + ")"
    }

    pub(super) fn ty(&self, id: TypeId) -> String {
        let m = self.module;
        let args = |args: List<TypeId>| {
            let args: Vec<String> = m.list(args).iter().map(|id| self.ty(*id)).collect();
            if args.is_empty() { String::new() } else { format!("<{}>", args.join(" ")) }
        };
        let path = |path: List<Name>| m.list(path).iter().map(|name| self.name(*name)).collect::<Vec<_>>().join(".");
        let join = |list: List<TypeId>, by: &str| {
            let types: Vec<String> = m.list(list).iter().map(|id| self.ty(*id)).collect();
            types.join(by)
        };
        match m.ty(id) {
            Type::Named { binding, path: names, args: types } => {
                let dot = if names.is_empty() { "" } else { "." };
                format!("{}{dot}{}{}", self.binding(binding), path(names), args(types))
            }
            Type::Global { path: names, args: types } => format!("{}{}", path(names), args(types)),
            Type::Index { of, key } => format!("{}[{}]", self.ty(of), self.name(key)),
            Type::Imported { from, path: names } => format!("import {}.{}", self.name(from), path(names)),
            Type::TypeOf(id) => format!("typeof {}", self.expr(id)),
            Type::Union(types) => join(types, "|"),
            Type::Both(types) => join(types, "&"),
            Type::Object(fields) => {
                let fields: Vec<String> = m
                    .list(fields)
                    .iter()
                    .map(|field| {
                        let mark = if field.optional { "?" } else { "" };
                        format!("{}{mark}:{}", self.name(field.key), self.ty(field.ty))
                    })
                    .collect();
                format!("{{{}}}", fields.join(" "))
            }
            Type::Function(returns) => format!("()=>{}", returns.map_or("_".into(), |id| self.ty(id))),
            Type::Array(of) => format!("{}[]", self.ty(of)),
            Type::Undefined => "undefined".into(),
            Type::Null => "null".into(),
            Type::Text => "string".into(),
            Type::Bool => "boolean".into(),
            Type::Literal(name) => format!("{:?}", self.name(name)),
            Type::Other => "_".into(),
        }
    }
}
