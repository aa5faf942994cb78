//! A module: everything that is known of one file, and how to look at it.
//!
//! In: nothing (plain data). Out: [`Module`] with its look-ups.

use super::{
    Binding, BindingId, Class, ClassId, Directive, Export, Expr, ExprId, FnId, Function, Import, List, Lost, Name,
    Names, Pooled, Pools, Stmt, StmtId, Tag, Template, Type, TypeId,
};
use crate::change::file_name;
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// Which grammar a file is read with. The same text as `.ts` and `.tsx` parses differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Dialect {
    /// `.ts`, `.mts`, `.cts`.
    TypeScript,
    /// `.tsx`, and all JavaScript: `.js`, `.jsx`, `.mjs`, `.cjs`.
    Tsx,
}

impl Dialect {
    /// The dialect of a path by its ending; `None` for files that are not source code.
    /// Declaration files (`.d.ts`) are source code too.
    pub fn of_path(path: &str) -> Option<Self> {
        let name = file_name(path);
        let (stem, ending) = name.rsplit_once('.')?;
        if stem.is_empty() {
            return None;
        }
        match ending.to_ascii_lowercase().as_str() {
            "ts" | "mts" | "cts" => Some(Self::TypeScript),
            "tsx" | "js" | "jsx" | "mjs" | "cjs" => Some(Self::Tsx),
            _ => None,
        }
    }
}

/// One source file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Module {
    /// The grammar it was read with.
    pub dialect: Dialect,
    /// Every name and literal text in it.
    pub names: Names,
    /// Expressions, children before parents.
    pub exprs: Vec<Expr>,
    /// The text of each expression (without enclosing parentheses).
    pub expr_at: Vec<Span>,
    /// Statements.
    pub stmts: Vec<Stmt>,
    /// The text of each statement.
    pub stmt_at: Vec<Span>,
    /// The elements of every [`List`].
    pub pools: Pools,
    /// Values of number literals.
    pub numbers: Vec<f64>,
    /// Template literals.
    pub templates: Vec<Template>,
    /// Markup elements.
    pub tags: Vec<Tag>,
    /// Variables, parameters, imports, functions, classes, types.
    pub bindings: Vec<Binding>,
    /// Functions; the first is the module's top level.
    pub functions: Vec<Function>,
    /// Classes.
    pub classes: Vec<Class>,
    /// Types, as far as origins read them.
    pub types: Vec<Type>,
    /// `import` declarations and `require` calls bound to a name, one per imported name.
    pub imports: Vec<Import>,
    /// What other files can import.
    pub exports: Vec<Export>,
    /// `"use server"` and the like, and suppression comments.
    pub directives: Vec<Directive>,
    /// Regions that were not understood.
    pub lost: Vec<Lost>,
}

impl Module {
    /// The elements of a list.
    pub fn list<T: Pooled>(&self, list: List<T>) -> &[T] {
        &T::pool(&self.pools)[list.start as usize..(list.start + list.len) as usize]
    }

    /// The text of a name.
    pub fn name(&self, name: Name) -> &str {
        self.names.get(name)
    }

    /// The expression with this id.
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs[id.index()]
    }

    /// The expression behind casts and `await`.
    pub fn awaited(&self, value: ExprId) -> ExprId {
        let mut value = value;
        while let Expr::Cast { value: inner, .. } | Expr::Await(inner) = self.expr(value) {
            value = inner;
        }
        value
    }

    /// The text of an expression.
    pub fn expr_span(&self, id: ExprId) -> Span {
        self.expr_at[id.index()]
    }

    /// The statement with this id.
    pub fn stmt(&self, id: StmtId) -> Stmt {
        self.stmts[id.index()]
    }

    /// The text of a statement.
    pub fn stmt_span(&self, id: StmtId) -> Span {
        self.stmt_at[id.index()]
    }

    /// The function with this id.
    pub fn function(&self, id: FnId) -> &Function {
        &self.functions[id.index()]
    }

    /// The binding with this id.
    pub fn binding(&self, id: BindingId) -> &Binding {
        &self.bindings[id.index()]
    }

    /// The class with this id.
    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.index()]
    }

    /// The type with this id.
    pub fn ty(&self, id: TypeId) -> Type {
        self.types[id.index()]
    }

    /// The ids of all functions, the module's top level first.
    pub fn function_ids(&self) -> impl Iterator<Item = FnId> + use<> {
        (0..self.functions.len() as u32).map(FnId)
    }

    /// The import that a binding stands for.
    pub fn import_of(&self, binding: BindingId) -> Option<&Import> {
        self.imports.iter().find(|import| import.binding == Some(binding))
    }
}
