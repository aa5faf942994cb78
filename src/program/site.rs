//! Sites: the places that rules look at.
//!
//! In: a lowered file. Out: its sites of each kind, in the order of the text.

use super::markup::sets_address;
use super::{ExprKey, FileId, FnKey, Program};
use crate::syntax::manifest::{MANIFEST, Manifest};
use crate::syntax::visit::Node;
use crate::syntax::{BinaryOp, Body, Expr, ExprId, FnId, Item, LogicOp, Module, Stmt, StmtId};
use crate::text::Span;

/// What kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SiteKind {
    /// A call or `new`.
    Call,
    /// An element of a promise combinator.
    Element,
    /// A decision: `if`, `?:`, `&&`, `||`, `??`.
    Branch,
    /// An equality, or a call that compares.
    Comparison,
    /// `a || b`, `a ?? b`: the right side stands in for a missing left one.
    Fallback,
    /// A catch clause, or a handler given to `.catch`.
    Catch,
    /// A `try`.
    Try,
    /// A call that builds an answer to a request.
    Response,
    /// A `return`, or the value of an arrow function.
    Return,
    /// An object literal.
    Object,
    /// A function.
    Function,
    /// A markup element.
    Tag,
    /// A read of an environment variable.
    EnvRead,
    /// A changed file.
    File,
    /// The change as a whole.
    Change,
    /// A package manifest.
    Manifest,
}

impl SiteKind {
    /// Whether it is a file or the change, and no code.
    pub fn is_of_change(self) -> bool {
        matches!(self, Self::File | Self::Change | Self::Manifest)
    }

    /// Every kind with the name that pages use.
    pub const ALL: [(Self, &'static str); 16] = [
        (Self::Call, "call"),
        (Self::Element, "element"),
        (Self::Branch, "branch"),
        (Self::Comparison, "comparison"),
        (Self::Fallback, "fallback"),
        (Self::Catch, "catch"),
        (Self::Try, "try"),
        (Self::Response, "response"),
        (Self::Return, "return"),
        (Self::Object, "object"),
        (Self::Function, "function"),
        (Self::Tag, "tag"),
        (Self::EnvRead, "env-read"),
        (Self::File, "file"),
        (Self::Change, "change"),
        (Self::Manifest, "manifest"),
    ];

    /// Every kind.
    pub const EVERY: &'static [Self] = &[
        Self::Call,
        Self::Element,
        Self::Branch,
        Self::Comparison,
        Self::Fallback,
        Self::Catch,
        Self::Try,
        Self::Response,
        Self::Return,
        Self::Object,
        Self::Function,
        Self::Tag,
        Self::EnvRead,
        Self::File,
        Self::Change,
        Self::Manifest,
    ];

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(kind, _)| kind)
    }

    /// The name that pages use.
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }
}

/// Where a site stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum At {
    /// At an expression.
    Expr(ExprId),
    /// At a statement; a catch clause stands at its `try`.
    Stmt(StmtId),
    /// At an element in a literal text, by its number.
    Markup(ExprId, u16),
    /// At a function.
    Function(FnId),
    /// At the file as a whole.
    File,
}

/// A place that rules look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// Its file.
    pub file: FileId,
    /// Where it stands.
    pub at: At,
    /// What it is.
    pub kind: SiteKind,
}

impl Site {
    /// The expression or statement that it stands at or in; none for functions and files.
    pub fn node(self) -> Option<Node> {
        match self.at {
            At::Expr(id) | At::Markup(id, _) => Some(Node::Expr(id)),
            At::Stmt(id) => Some(Node::Stmt(id)),
            At::Function(_) | At::File => None,
        }
    }
}

impl Program {
    /// All sites of a kind in what is analysed of a file, in the order of the text.
    pub fn sites(&self, file: FileId, kind: SiteKind) -> Vec<Site> {
        self.sites_where(file, kind, |_| true)
    }

    /// The sites of a kind in a file for which something holds, in the order of the text.
    pub fn sites_where(&self, file: FileId, kind: SiteKind, holds: impl Fn(&Site) -> bool) -> Vec<Site> {
        let mut sites = self.find_sites(file, kind);
        sites.retain(holds);
        sites.sort_by_cached_key(|site| (self.span(*site), *site));
        sites
    }

    fn find_sites(&self, file: FileId, kind: SiteKind) -> Vec<Site> {
        let module = self.module(file);
        let at_expr = |id: ExprId| Site { file, at: At::Expr(id), kind };
        let at_stmt = |id: StmtId| Site { file, at: At::Stmt(id), kind };
        let part = &self.file(file).part;
        let exprs = || (0..module.exprs.len() as u32).map(ExprId).filter(|id| part.holds(module.expr_span(*id).start));
        let stmts = || (0..module.stmts.len() as u32).map(StmtId).filter(|id| part.holds(module.stmt_span(*id).start));
        match kind {
            SiteKind::Call => self.calls(file).iter().map(|call| at_expr(call.expr)).collect(),
            SiteKind::Response => {
                let responses = self.calls(file).iter().filter(|call| self.response(file, call).is_some());
                responses.map(|call| at_expr(call.expr)).collect()
            }
            SiteKind::Element => self
                .calls(file)
                .iter()
                .filter(|call| self.combinator(file, call.expr).is_some())
                .flat_map(|call| self.elements_of(file, call.expr))
                .map(at_expr)
                .collect(),
            SiteKind::Branch => {
                let choices = exprs().filter(|id| matches!(module.expr(*id), Expr::Choose { .. } | Expr::Logic { .. }));
                let ifs = stmts().filter(|id| matches!(module.stmt(*id), Stmt::If { .. }));
                choices.map(at_expr).chain(ifs.map(at_stmt)).collect()
            }
            SiteKind::Comparison => {
                use BinaryOp::{Eq, NotEq, StrictEq, StrictNotEq};
                let is = |id: &ExprId| match module.expr(*id) {
                    Expr::Binary { op, .. } => matches!(op, Eq | NotEq | StrictEq | StrictNotEq),
                    Expr::Call { .. } => {
                        let compare = self.models.role("compare");
                        self.call(ExprKey { file, expr: *id }).is_some_and(|call| call.roles & compare != 0)
                    }
                    _ => false,
                };
                exprs().filter(is).map(at_expr).collect()
            }
            SiteKind::Fallback => {
                let is =
                    |id: &ExprId| matches!(module.expr(*id), Expr::Logic { op: LogicOp::Or | LogicOp::Coalesce, .. });
                exprs().filter(is).map(at_expr).collect()
            }
            SiteKind::Catch | SiteKind::Try => {
                let wanted = |id: &StmtId| match module.stmt(*id) {
                    Stmt::Try { catch, .. } => kind == SiteKind::Try || catch.is_some(),
                    _ => false,
                };
                stmts().filter(wanted).map(at_stmt).collect()
            }
            SiteKind::Return => {
                let values = module.functions.iter().filter_map(|function| match function.body {
                    Body::Expr(value) if part.holds(module.expr_span(value).start) => Some(at_expr(value)),
                    _ => None,
                });
                let returns = stmts().filter(|id| matches!(module.stmt(*id), Stmt::Return(Some(_))));
                returns.map(at_stmt).chain(values).collect()
            }
            SiteKind::Object => exprs().filter(|id| matches!(module.expr(*id), Expr::Object(_))).map(at_expr).collect(),
            SiteKind::Tag => self.tags(file),
            SiteKind::Function => self.functions(file).map(|id| Site { file, at: At::Function(id), kind }).collect(),
            SiteKind::EnvRead => exprs().filter(|id| self.env_read(file, *id).is_some()).map(at_expr).collect(),
            SiteKind::File | SiteKind::Change | SiteKind::Manifest => {
                let holds = match kind {
                    SiteKind::File => self.changed.files.contains(&file),
                    // The change stands at the file that it adds most to.
                    SiteKind::Change => self.changed.files.first() == Some(&file),
                    _ => self.manifest(file).is_some(),
                };
                holds.then_some(Site { file, at: At::File, kind }).into_iter().collect()
            }
        }
    }

    /// Elements of markup: in JSX, in literal texts, and where a script gives one its address.
    fn tags(&self, file: FileId) -> Vec<Site> {
        let module = self.module(file);
        let part = &self.file(file).part;
        let site = |at: At| Site { file, at, kind: SiteKind::Tag };
        let mut sites = Vec::new();
        for id in (0..module.exprs.len() as u32).map(ExprId).filter(|id| part.holds(module.expr_span(*id).start)) {
            match module.expr(id) {
                Expr::Tag(_) => sites.push(site(At::Expr(id))),
                Expr::Assign { .. } if sets_address(module, id) && self.made_element(file, id).is_some() => {
                    sites.push(site(At::Expr(id)));
                }
                Expr::Text(_) | Expr::Template(_) => {
                    let count = self.elements_in_text(file, id).len() as u16;
                    sites.extend((0..count).map(|which| site(At::Markup(id, which))));
                }
                _ => {}
            }
        }
        sites
    }

    /// The elements of a combinator's array literal.
    pub fn elements_of(&self, file: FileId, call: ExprId) -> Vec<ExprId> {
        let module = self.module(file);
        let [only] = self.args(ExprKey { file, expr: call }) else { return Vec::new() };
        let Expr::Array(items) = module.expr(only.value) else { return Vec::new() };
        let values = module.list(items).iter();
        values
            .filter_map(|item| match item {
                Item::Value(value) => Some(*value),
                Item::Spread(_) | Item::Hole => None,
            })
            .collect()
    }

    /// The combinator whose array literal an element stands in.
    pub fn combinator_around(&self, file: FileId, element: ExprId) -> Option<ExprId> {
        self.file(file).parents.above(Node::Expr(element)).find_map(|node| match node {
            Node::Expr(id) if self.combinator(file, id).is_some() => Some(id),
            _ => None,
        })
    }

    /// The environment variable that an expression reads: `process.env.X`, `Bun.env.X`,
    /// `import.meta.env.X`, `Deno.env.get("X")`.
    pub fn env_read(&self, file: FileId, expr: ExprId) -> Option<&str> {
        let module = self.module(file);
        match module.expr(expr) {
            Expr::Member { of, name } => is_env(module, of).then(|| module.name(name)),
            Expr::Call { callee, args } => {
                let Expr::Member { of, name } = module.expr(callee) else { return None };
                let [only] = module.list(args) else { return None };
                let Expr::Text(variable) = module.expr(only.value) else { return None };
                (module.name(name) == "get" && is_env(module, of)).then(|| module.name(variable))
            }
            _ => None,
        }
    }

    /// The manifest that a file is.
    pub fn manifest(&self, file: FileId) -> Option<&Manifest> {
        let path = &self.file(file).path;
        let folder = path.strip_suffix(MANIFEST)?;
        if folder.is_empty() {
            return self.manifests.get("");
        }
        self.manifests.get(folder.strip_suffix('/')?)
    }

    /// Whether what any site of a file says by itself may differ between the sides.
    pub fn is_touched_at_all(&self, file: FileId) -> bool {
        !self.file(file).touched.is_empty()
    }

    /// Whether what a site says by itself, without those who call its function, may differ between the
    /// sides.
    pub fn is_touched(&self, site: Site) -> bool {
        match site.at {
            At::File => true,
            At::Expr(_) | At::Stmt(_) | At::Markup(..) | At::Function(_) => {
                self.file(site.file).touched.holds(self.span(site).start)
            }
        }
    }

    /// The function that holds a site; for a function, itself.
    pub fn function_at(&self, site: Site) -> FnKey {
        let function = match (site.at, site.node()) {
            (At::Function(id), _) => id,
            (_, Some(node)) => self.file(site.file).parents.function(node),
            (_, None) => FnId(0),
        };
        FnKey { file: site.file, function }
    }

    /// The bytes of a site. A catch clause is shown from its `catch`.
    pub fn span(&self, site: Site) -> Span {
        let module = self.module(site.file);
        match (site.at, site.kind) {
            (At::Stmt(id), SiteKind::Catch) => match module.stmt(id) {
                Stmt::Try { body, catch: Some(catch), .. } => {
                    Span::new(module.stmt_span(body).end, module.stmt_span(catch).end)
                }
                _ => module.stmt_span(id),
            },
            (At::Expr(id), _) => module.expr_span(id),
            (At::Stmt(id), _) => module.stmt_span(id),
            (At::Markup(id, _), _) => {
                self.element_of_markup(site).map_or_else(|| module.expr_span(id), |element| element.at)
            }
            (At::Function(id), _) => module.function(id).at,
            (At::File, _) => Span::new(0, 0),
        }
    }
}

/// Whether an expression is the environment as a whole.
fn is_env(module: &Module, expr: ExprId) -> bool {
    let Expr::Member { of, name } = module.expr(expr) else { return false };
    let root = match module.expr(of) {
        Expr::Global(root) | Expr::Meta(root) => module.name(root),
        // `import process from "node:process"`
        Expr::Read(binding) => module.name(module.binding(binding).name),
        _ => return false,
    };
    module.name(name) == "env" && ["process", "Bun", "Deno", "import.meta"].contains(&root)
}
