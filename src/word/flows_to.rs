//! `flows-to`: what a value is used for, followed forward through names, fields and calls.
//!
//! In: a place that has a value. Out: the call or the place that uses it.

use super::{Answer, Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word, place_of};
use crate::change::file_name;
use crate::finding::{Confidence, Label, Role};
use crate::limits::VALUE_STEPS;
use crate::program::secret::names;
use crate::program::{At, ExprKey, FileId, Origin, Program, Site, SiteKind, bounds};
use crate::syntax::visit::Node;
use crate::syntax::{
    BinaryOp, BindingId, Body, Exported, Expr, ExprId, FnId, Imported, Key, MemberKind, SourceOf, Stmt, UnaryOp,
};
use std::collections::{BTreeSet, VecDeque};

/// The word.
pub(super) const WORD: Word = Word {
    name: "flows-to",
    sites: &[SiteKind::Fallback, SiteKind::Object, SiteKind::Call, SiteKind::Element, SiteKind::EnvRead],
    parameters: &[Parameter {
        name: "",
        values: Values::RoleOr(&["return", "branch", "response", "any", "rejection"]),
        required: true,
    }],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 6,
    upwards: true,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let At::Expr(asked) = site.at else { return Answer::No("it has no value".into()) };
    let mut flow = Flow {
        program: context.program,
        wanted: parameters.main(),
        whole: site.kind == SiteKind::Call,
        waiting: VecDeque::new(),
        seen: BTreeSet::new(),
    };
    if flow.wants("rejection")
        && let Some(at) = context.program.rejection_reader(site.file, asked)
    {
        return Answer::Yes(vec![use_of(context, site.file, at, "a look at its result")]);
    }
    flow.add(site.file, asked);
    let mut steps = 0;
    while let Some((file, expr)) = flow.waiting.pop_front() {
        steps += 1;
        if steps > VALUE_STEPS {
            let value = ExprKey { file: site.file, expr: asked };
            context.program.stop_at(bounds::Bound::Value, context.program.function_of(value));
            break;
        }
        if let Some((callee, at)) = flow.step(file, expr) {
            return Answer::Yes(vec![use_of(context, file, at, &callee)]);
        }
    }
    Answer::No("nothing of the kind uses it".into())
}

fn use_of(context: Context<'_>, file: FileId, at: ExprId, callee: &str) -> Evidence {
    let place = place_of(context.program, file, context.program.module(file).expr_span(at));
    Evidence::new(Confidence::High).capture("callee", callee.to_string()).label(Label {
        role: Role::Context,
        place,
        text: format!("{callee} uses it"),
    })
}

struct Flow<'a> {
    program: &'a Program,
    wanted: &'a [String],
    /// Whether parts of the value stand for it: what a call gives, unlike a secret, is used by its fields.
    whole: bool,
    waiting: VecDeque<(FileId, ExprId)>,
    seen: BTreeSet<(FileId, ExprId)>,
}

impl Flow<'_> {
    fn add(&mut self, file: FileId, expr: ExprId) {
        if self.seen.insert((file, expr)) {
            self.waiting.push_back((file, expr));
        }
    }

    fn wants(&self, what: &str) -> bool {
        self.wanted.iter().any(|wanted| wanted == what)
    }

    /// Where one value goes next; the use if that is a wanted one.
    fn step(&mut self, file: FileId, expr: ExprId) -> Option<(String, ExprId)> {
        if self.wants("any")
            && let Some(used) = self.use_of(file, expr)
        {
            return Some(used);
        }
        let module = self.program.module(file);
        let parents = &self.program.file(file).parents;
        match parents.of(Node::Expr(expr)) {
            Some(Node::Expr(parent)) => match module.expr(parent) {
                Expr::Binary { .. } | Expr::Not(_) if self.whole && self.wants("branch") => self.add(file, parent),
                Expr::Binary {
                    op: BinaryOp::Eq | BinaryOp::NotEq | BinaryOp::StrictEq | BinaryOp::StrictNotEq,
                    left,
                    right,
                } => {
                    let other = if left == expr { right } else { left };
                    let compares = !crate::program::secret::is_constant(module, other);
                    return (compares && self.wants("compare")).then(|| ("a comparison".to_string(), parent));
                }
                Expr::Call { callee, .. } | Expr::New { callee, .. } if callee != expr => {
                    return self.argument(file, parent, expr);
                }
                // When something ends says nothing of whose it is.
                Expr::Member { of, name } if of == expr && self.whole && !is_time(module.name(name)) => {
                    self.add(file, parent);
                }
                Expr::Choose { test, .. } if self.whole && self.wants("branch") && test == expr => {
                    return Some(("a condition".to_string(), expr));
                }
                Expr::Object(_) if self.whole && self.wants("return") => self.add(file, parent),
                Expr::Member { of, name } if of == expr => self.part(file, parent, module.name(name)),
                Expr::Object(fields) => {
                    let field = module.list(fields).iter().find(|field| field.value == expr).copied();
                    let name = field.and_then(|field| match field.key {
                        Key::Name(name) => Some(module.name(name)),
                        _ => None,
                    });
                    return self.field(file, parent, name);
                }
                Expr::Assign { to, value, .. } if value == expr => match module.expr(to) {
                    Expr::Read(binding) => self.reads(file, binding, None),
                    Expr::Member { of, name } if module.expr(of) == Expr::This => {
                        self.fields_of_this(file, module.name(name));
                    }
                    _ => {}
                },
                Expr::Logic { .. }
                | Expr::Choose { .. }
                | Expr::Cast { .. }
                | Expr::Await(_)
                | Expr::Chain(_)
                | Expr::OptionalLink(_)
                | Expr::Template(_)
                | Expr::Array(_)
                | Expr::Binary { op: BinaryOp::Add, .. } => self.add(file, parent),
                _ => {}
            },
            Some(Node::Stmt(stmt)) => match module.stmt(stmt) {
                Stmt::Let { bindings, .. } => {
                    for binding in module.list(bindings) {
                        self.reads(file, *binding, None);
                    }
                }
                Stmt::Return(_) => return self.returned(file, parents.function(Node::Stmt(stmt)), expr),
                Stmt::If { .. } if self.wants("branch") => return Some(("a condition".to_string(), expr)),
                _ => {}
            },
            None => {
                let function = parents.function(Node::Expr(expr));
                match module.function(function).body {
                    Body::Expr(value) if value == expr => return self.returned(file, function, expr),
                    _ => self.exported_value(file, expr),
                }
            }
        }
        None
    }

    /// The place that makes any use at all of a value; `None` where it is dropped, or held by a name.
    fn use_of(&self, file: FileId, expr: ExprId) -> Option<(String, ExprId)> {
        let module = self.program.module(file);
        let used = || Some(("what stands around it".to_string(), expr));
        match self.program.file(file).parents.of(Node::Expr(expr)) {
            Some(Node::Expr(parent)) => match module.expr(parent) {
                Expr::Await(_) | Expr::Cast { .. } | Expr::Chain(_) | Expr::OptionalLink(_) => None,
                Expr::Unary(UnaryOp::Void, _) => None,
                Expr::Logic { right, .. } if right == expr => None,
                Expr::Choose { test, .. } if test != expr => None,
                Expr::Comma(parts) if module.list(parts).last() != Some(&expr) => None,
                Expr::Assign { to, value, .. } if value == expr && matches!(module.expr(to), Expr::Read(_)) => None,
                Expr::Call { callee, .. } | Expr::New { callee, .. } if callee != expr => None,
                _ => used(),
            },
            Some(Node::Stmt(stmt)) => match module.stmt(stmt) {
                Stmt::Do(_) | Stmt::Let { .. } => None,
                _ => used(),
            },
            None => used(),
        }
    }

    /// A call takes the value.
    fn argument(&mut self, file: FileId, call: ExprId, expr: ExprId) -> Option<(String, ExprId)> {
        let known = self.program.call(ExprKey { file, expr: call })?;
        let roles: Vec<&str> = self.wanted.iter().map(String::as_str).filter(|role| !is_place(role)).collect();
        if known.roles & self.program.models.roles(&roles) != 0 {
            return Some((format!("`{}`", known.written), call));
        }
        let answers = self.wants("response") && self.program.response(file, known).is_some();
        if answers || self.wants("any") {
            return Some((format!("`{}`", known.written), call));
        }
        let at = self.program.args(ExprKey { file, expr: call }).iter().position(|arg| arg.value == expr)?;
        if let Origin::Function(target) = known.callee {
            let module = self.program.module(target.file);
            for (number, binding) in module.bindings.iter().enumerate() {
                if binding.owner == target.function
                    && binding
                        .source
                        .is_some_and(|source| source.of == SourceOf::Param(at as u16) && source.steps.is_empty())
                {
                    self.reads(target.file, BindingId(number as u32), None);
                }
            }
            return None;
        }
        let last = known.written.rsplit('.').next().unwrap_or_default().to_string();
        let global = known.written.starts_with("Buffer.") || known.written == "String";
        let hashes = last == "update"
            && self.program.text(file, self.program.module(file).expr_span(call)).contains("createHash");
        if global || hashes || matches!(last.as_str(), "encode" | "createHash" | "TextEncoder" | "Uint8Array") {
            self.add(file, call);
        }
        None
    }

    /// A member of the value: a method that gives the same in another form.
    fn part(&mut self, file: FileId, member: ExprId, name: &str) {
        let parents = &self.program.file(file).parents;
        let same = names::keeps_text(name) || matches!(name, "update" | "digest" | "substring" | "subarray" | "padEnd");
        if let Some(Node::Expr(call)) = parents.of(Node::Expr(member))
            && same
        {
            self.add(file, call);
        }
    }

    /// The value is a field of an object literal.
    fn field(&mut self, file: FileId, object: ExprId, name: Option<&str>) -> Option<(String, ExprId)> {
        let module = self.program.module(file);
        let parents = &self.program.file(file).parents;
        let name = name?;
        let words = names::words(name);
        let outbound = words.iter().any(|word| matches!(word, "client" | "api" | "access" | "consumer"));
        let is_secret = !outbound
            && (names::meaning(name) == names::Meaning::Secret
                || matches!(name, "secretOrKey" | "secretOrPrivateKey" | "password" | "key"));
        // Outwards through enclosing literals, to the call or the name that holds them.
        let mut at = object;
        let mut keys = vec![name.to_string()];
        loop {
            match parents.of(Node::Expr(at)) {
                Some(Node::Expr(parent)) => match module.expr(parent) {
                    Expr::Object(fields) => {
                        let field = module.list(fields).iter().find(|field| field.value == at);
                        if let Some(Key::Name(name)) = field.map(|field| field.key) {
                            keys.push(module.name(name).to_string());
                        }
                        at = parent;
                    }
                    Expr::Cast { .. } | Expr::Await(_) | Expr::Logic { .. } | Expr::Choose { .. } => at = parent,
                    Expr::Call { .. } | Expr::New { .. } => {
                        // An environment for another process is no use of the secret.
                        let is_env = keys.iter().any(|key| key == "env");
                        return self.handed_on(file, parent, is_secret && !is_env);
                    }
                    _ => return None,
                },
                Some(Node::Stmt(stmt)) => {
                    if let Stmt::Let { bindings, .. } = module.stmt(stmt) {
                        for binding in module.list(bindings).to_vec() {
                            if let Some(found) = self.object_reads(file, binding, &keys, is_secret) {
                                return Some(found);
                            }
                        }
                    }
                    return None;
                }
                None => return None,
            }
        }
    }

    /// An object with the value under a secret's name is handed to a call.
    fn handed_on(&self, file: FileId, call: ExprId, is_secret: bool) -> Option<(String, ExprId)> {
        let known = self.program.call(ExprKey { file, expr: call })?;
        let freezes = known.written.starts_with("Object.") || known.written.rsplit('.').next() == Some("parse");
        (is_secret && !freezes && self.wants("sign")).then(|| (format!("`{}`", known.written), call))
    }

    /// Reads of a name that holds an object with the value under `keys`, innermost key first.
    fn object_reads(
        &mut self,
        file: FileId,
        binding: BindingId,
        keys: &[String],
        is_secret: bool,
    ) -> Option<(String, ExprId)> {
        let module = self.program.module(file);
        let parents = &self.program.file(file).parents;
        for read in self.program.file(file).facts.reads(binding).to_vec() {
            let mut at = read;
            let mut left = keys.len();
            while let Some(Node::Expr(parent)) = parents.of(Node::Expr(at)) {
                match module.expr(parent) {
                    Expr::Member { of, name } if of == at && left > 0 && module.name(name) == keys[left - 1] => {
                        left -= 1;
                        at = parent;
                    }
                    _ => break,
                }
            }
            if left == 0 {
                self.add(file, at);
            } else if at == read
                && let Some(Node::Expr(call)) = parents.of(Node::Expr(read))
                && matches!(module.expr(call), Expr::Call { callee, .. } | Expr::New { callee, .. } if callee != read)
                && let Some(found) = self.handed_on(file, call, is_secret)
            {
                return Some(found);
            }
        }
        self.reads(file, binding, Some(keys));
        None
    }

    /// Goes on at every read of a name, in this file and where it is imported. With `keys` the reads
    /// here are done already, and elsewhere the value is under these keys.
    fn reads(&mut self, file: FileId, binding: BindingId, keys: Option<&[String]>) {
        if keys.is_none() {
            for read in self.program.file(file).facts.reads(binding).to_vec() {
                self.add(file, read);
            }
        }
        let module = self.program.module(file);
        let exported = |export: &&crate::syntax::Export| export.what == Exported::Binding(binding);
        let Some(name) = module.exports.iter().find(exported).and_then(|export| export.name) else { return };
        let name = module.name(name).to_string();
        for other in self.program.file_ids() {
            let importing = self.program.module(other);
            for import in &importing.imports {
                let (Imported::Name(what), Some(local)) = (import.what, import.binding) else { continue };
                if importing.name(what) != name || !self.names_file(importing.name(import.from), file) {
                    continue;
                }
                match keys {
                    Some(keys) => {
                        let _ = self.object_reads_once(other, local, keys);
                    }
                    None => {
                        for read in self.program.file(other).facts.reads(local).to_vec() {
                            self.add(other, read);
                        }
                    }
                }
            }
        }
    }

    fn object_reads_once(&mut self, file: FileId, binding: BindingId, keys: &[String]) -> Option<()> {
        let module = self.program.module(file);
        let parents = &self.program.file(file).parents;
        for read in self.program.file(file).facts.reads(binding).to_vec() {
            let mut at = read;
            for key in keys.iter().rev() {
                let Some(Node::Expr(parent)) = parents.of(Node::Expr(at)) else { return None };
                match module.expr(parent) {
                    Expr::Member { of, name } if of == at && module.name(name) == key => at = parent,
                    _ => break,
                }
            }
            if at != read {
                self.add(file, at);
            }
        }
        Some(())
    }

    /// Whether a specifier may name a file: by its last part.
    fn names_file(&self, from: &str, file: FileId) -> bool {
        let path = &self.program.file(file).path;
        let stem = file_name(path).split('.').next().unwrap_or_default().to_string();
        let folder = path.rsplit('/').nth(1).unwrap_or_default().to_string();
        let tail = file_name(from).split('.').next().unwrap_or_default();
        tail == stem || (stem == "index" && tail == folder)
    }

    fn fields_of_this(&mut self, file: FileId, field: &str) {
        let module = self.program.module(file);
        for (at, expr) in module.exprs.iter().enumerate() {
            if let Expr::Member { of, name } = *expr
                && module.expr(of) == Expr::This
                && module.name(name) == field
            {
                self.add(file, ExprId(at as u32));
            }
        }
    }

    /// The value of a class field.
    fn exported_value(&mut self, file: FileId, expr: ExprId) {
        let module = self.program.module(file);
        let function = self.program.file(file).parents.function(Node::Expr(expr));
        let member = module
            .classes
            .iter()
            .flat_map(|class| module.list(class.members))
            .find(|member| member.kind == MemberKind::Field(function));
        if let Some(Key::Name(name)) = member.map(|member| member.key) {
            self.fields_of_this(file, module.name(name));
        }
    }

    /// A function comes back with the value: on to its calls.
    fn returned(&mut self, file: FileId, function: FnId, expr: ExprId) -> Option<(String, ExprId)> {
        if self.wants("return") {
            return Some(("a return".to_string(), expr));
        }
        let module = self.program.module(file);
        if module.function(function).kind == crate::syntax::FnKind::Initializer {
            self.exported_value(file, expr);
            return None;
        }
        let target = Origin::Function(crate::program::FnKey { file, function });
        let calls: Vec<ExprId> =
            self.program.calls(file).iter().filter(|call| call.callee == target).map(|call| call.expr).collect();
        for call in calls {
            self.add(file, call);
        }
        None
    }
}

/// Whether a field says when something begins or ends.
fn is_time(name: &str) -> bool {
    matches!(name, "exp" | "iat" | "nbf" | "length")
}

fn is_place(role: &str) -> bool {
    matches!(role, "return" | "branch" | "response" | "any" | "rejection")
}
