//! Fills a [`Module`]: the one place where ids are handed out.
//!
//! In: what a front end has read. Out: the module.

use super::{
    Binding, BindingId, Class, ClassId, Dialect, Expr, ExprId, FnId, Function, List, Module, Name, Names, NumId,
    Pooled, Pools, Stmt, StmtId, Tag, TagId, Template, TemplateId, Type, TypeId,
};
use crate::limits::LITERAL_BYTES;
use crate::text::Span;
use rustc_hash::FxHashMap;

/// A module under construction.
pub struct Builder {
    /// What has been built so far.
    pub module: Module,
    interned: FxHashMap<Box<str>, Name>,
}

impl Builder {
    /// An empty module.
    pub fn new(dialect: Dialect) -> Self {
        let module = Module {
            dialect,
            names: Names::default(),
            exprs: Vec::new(),
            expr_at: Vec::new(),
            stmts: Vec::new(),
            stmt_at: Vec::new(),
            pools: Pools::default(),
            numbers: Vec::new(),
            templates: Vec::new(),
            tags: Vec::new(),
            bindings: Vec::new(),
            functions: Vec::new(),
            classes: Vec::new(),
            types: Vec::new(),
            imports: Vec::new(),
            exports: Vec::new(),
            directives: Vec::new(),
            lost: Vec::new(),
        };
        Self { module, interned: FxHashMap::default() }
    }

    /// The name of a text; texts over the limit are cut at a character boundary.
    pub fn name(&mut self, text: &str) -> Name {
        let mut end = text.len().min(LITERAL_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = &text[..end];
        if let Some(name) = self.interned.get(text) {
            return *name;
        }
        let name = self.module.names.push(text);
        self.interned.insert(text.into(), name);
        name
    }

    /// Adds an expression.
    pub fn expr(&mut self, expr: Expr, at: Span) -> ExprId {
        self.module.exprs.push(expr);
        self.module.expr_at.push(at);
        ExprId(self.module.exprs.len() as u32 - 1)
    }

    /// Adds a statement.
    pub fn stmt(&mut self, stmt: Stmt, at: Span) -> StmtId {
        self.module.stmts.push(stmt);
        self.module.stmt_at.push(at);
        StmtId(self.module.stmts.len() as u32 - 1)
    }

    /// Adds a list.
    pub fn list<T: Pooled>(&mut self, elements: impl IntoIterator<Item = T>) -> List<T> {
        let pool = T::pool_mut(&mut self.module.pools);
        let start = pool.len() as u32;
        pool.extend(elements);
        let len = pool.len() as u32 - start;
        List { start, len, kind: std::marker::PhantomData }
    }

    /// Adds a number.
    pub fn number(&mut self, value: f64) -> NumId {
        self.module.numbers.push(value);
        NumId(self.module.numbers.len() as u32 - 1)
    }

    /// Adds a template.
    pub fn template(&mut self, template: Template) -> TemplateId {
        self.module.templates.push(template);
        TemplateId(self.module.templates.len() as u32 - 1)
    }

    /// Adds a tag.
    pub fn tag(&mut self, tag: Tag) -> TagId {
        self.module.tags.push(tag);
        TagId(self.module.tags.len() as u32 - 1)
    }

    /// Adds a type.
    pub fn ty(&mut self, ty: Type) -> TypeId {
        self.module.types.push(ty);
        TypeId(self.module.types.len() as u32 - 1)
    }

    /// Adds a binding.
    pub fn binding(&mut self, binding: Binding) -> BindingId {
        self.module.bindings.push(binding);
        BindingId(self.module.bindings.len() as u32 - 1)
    }

    /// Adds a function.
    pub fn function(&mut self, function: Function) -> FnId {
        self.module.functions.push(function);
        FnId(self.module.functions.len() as u32 - 1)
    }

    /// Adds a class.
    pub fn class(&mut self, class: Class) -> ClassId {
        self.module.classes.push(class);
        ClassId(self.module.classes.len() as u32 - 1)
    }
}
