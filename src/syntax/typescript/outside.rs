//! Imports, exports, namespaces, enums: what a file shares with others.
//!
//! In: parts of their nodes. Out: [`Import`]s and [`Export`]s. `require`, `module` and `exports` are
//! decided at the end, when it is known that the file does not bind them itself.

use super::class::decorator;
use super::expr::in_slot;
use super::kind::{Kind, Slot};
use super::repair::Note;
use super::scope::plain;
use super::value::{Frame, Part, Value};
use super::walk::Lowering;
use crate::syntax::{
    BindingId, BindingKind, Export, Exported, Expr, ExprId, Import, Imported, List, Module, Name, Source, SourceOf,
    Step, Stmt,
};
use crate::text::Span;

/// What waits for the end of the file.
#[derive(Default)]
pub(super) struct Pending {
    /// `const bindings = value`.
    declared: Vec<(ExprId, List<BindingId>)>,
    /// `to = value` where `to` is a member.
    assigned: Vec<(ExprId, ExprId, Span)>,
    /// `export { name as alias }`.
    exported: Vec<(Name, Name, bool, Span)>,
}

impl Pending {
    /// Notes a declaration that may be a `require`.
    pub(super) fn required(&mut self, value: ExprId, bindings: List<BindingId>) {
        self.declared.push((value, bindings));
    }

    /// Notes an assignment that may export.
    pub(super) fn assigned(&mut self, module: &Module, to: ExprId, value: ExprId, at: Span) {
        if let Expr::Member { .. } = module.expr(to) {
            self.assigned.push((to, value, at));
        }
    }
}

impl Lowering<'_> {
    /// A node of this kind is complete.
    pub(super) fn leave_outside(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        match frame.kind {
            Kind::ImportStatement => self.leave_import(frame, parts),
            Kind::ImportClause | Kind::NamedImports => {
                let mut found: Vec<Part> = Vec::new();
                for part in parts {
                    match part.value {
                        Value::Imports(index) => found.append(&mut self.heap.imports[index as usize]),
                        Value::Import { .. } => found.push(*part),
                        Value::Ident(local) => {
                            let what = Imported::Name(self.b.name("default"));
                            let value = Value::Import { what, local, at: part.at, type_only: false };
                            found.push(Part { value, ..*part });
                        }
                        _ => {}
                    }
                }
                self.heap.imports.push(found);
                Value::Imports(self.heap.imports.len() as u32 - 1)
            }
            Kind::NamespaceImport => match parts.iter().find(|part| part.kind == Kind::Identifier) {
                Some(Part { value: Value::Ident(local), at, .. }) => {
                    Value::Import { what: Imported::All, local: *local, at: *at, type_only: false }
                }
                _ => Value::None,
            },
            Kind::ImportSpecifier | Kind::ExportSpecifier => Self::leave_specifier(frame, parts),
            Kind::ImportRequire => {
                let local = parts.iter().find(|part| part.kind == Kind::Identifier);
                let source = in_slot(parts, Slot::Source);
                match (local.map(|part| (part.value, part.at)), source.map(|part| part.value)) {
                    (Some((Value::Ident(local), at)), Some(Value::Text(from))) => {
                        let what = Imported::All;
                        self.import(from, what, Some((local, at)), false, frame.at);
                        Value::None
                    }
                    _ => Value::None,
                }
            }
            Kind::ImportAlias => self.leave_alias(frame, parts),
            Kind::ExportStatement => self.leave_export(frame, parts),
            Kind::ExportClause => {
                let found: Vec<Part> =
                    parts.iter().filter(|part| matches!(part.value, Value::Specifier { .. })).copied().collect();
                self.heap.imports.push(found);
                Value::Imports(self.heap.imports.len() as u32 - 1)
            }
            Kind::NamespaceExport => {
                let named = parts.iter().find_map(|part| match part.value {
                    Value::Ident(name) | Value::Text(name) => Some(name),
                    _ => None,
                });
                named.map_or(Value::None, Value::Namespace)
            }
            Kind::Ambient => {
                let declared = parts.iter().find(|part| {
                    matches!(part.value, Value::Stmt(_) | Value::Declared(..) | Value::Many(_))
                        && part.kind != Kind::StatementBlock
                });
                match declared {
                    Some(part) => part.value,
                    None => Value::Stmt(self.b.stmt(Stmt::Nothing, frame.at)),
                }
            }
            Kind::Module | Kind::InternalModule => self.leave_namespace(frame, parts),
            Kind::EnumDeclaration => self.leave_enum(frame, parts),
            Kind::EnumAssignment => match in_slot(parts, Slot::Value) {
                Some(part) => Value::Expr(self.expr(part)),
                None => Value::None,
            },
            _ => {
                let mut values = Vec::new();
                for part in parts.iter().filter(|part| part.kind == Kind::EnumAssignment && Self::is_expr(part)) {
                    values.push(self.expr(*part));
                }
                if values.is_empty() {
                    return Value::None;
                }
                let list = self.b.list(values);
                self.out(Expr::Parts(list), frame.at)
            }
        }
    }

    fn leave_specifier(frame: &Frame, parts: &[Part]) -> Value {
        let text = |part: Part| match part.value {
            Value::Ident(name) | Value::Text(name) => Some((name, part.at)),
            _ => None,
        };
        let type_only =
            parts.iter().any(|part| matches!(part.kind, Kind::TType | Kind::TTypeof) && part.slot == Slot::Other);
        let Some((name, name_at)) = in_slot(parts, Slot::Name).and_then(text) else { return Value::None };
        let (alias, at) = in_slot(parts, Slot::Alias).and_then(text).unwrap_or((name, name_at));
        if frame.kind == Kind::ExportSpecifier {
            return Value::Specifier { name, alias, type_only };
        }
        Value::Import { what: Imported::Name(name), local: alias, at, type_only }
    }

    fn import(&mut self, from: Name, what: Imported, local: Option<(Name, Span)>, type_only: bool, at: Span) {
        let binding = local.map(|(name, at)| {
            let owner = self.owner();
            let id = self.b.binding(plain(name, BindingKind::Import, owner, at));
            // A type-only import is a value too where `typeof` asks.
            self.scopes.bind_value(name, id);
            self.scopes.bind_type(name, id);
            id
        });
        self.b.module.imports.push(Import { from, what, binding, type_only, at });
    }

    fn leave_import(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let type_only = parts.iter().any(|part| matches!(part.kind, Kind::TType | Kind::TTypeof));
        if let Some(Part { value: Value::Text(from), .. }) = in_slot(parts, Slot::Source) {
            let clause = parts.iter().find_map(|part| match part.value {
                Value::Imports(index) => Some(index),
                _ => None,
            });
            match clause {
                Some(index) => {
                    for part in std::mem::take(&mut self.heap.imports[index as usize]) {
                        let Value::Import { what, local, at, type_only: own } = part.value else { continue };
                        self.import(from, what, Some((local, at)), type_only || own, frame.at);
                    }
                }
                None => self.import(from, Imported::Nothing, None, type_only, frame.at),
            }
        }
        if parts.iter().any(|part| part.kind == Kind::ImportRequire)
            && let Some(import) = self.b.module.imports.last_mut()
        {
            import.type_only = type_only;
        }
        Value::Stmt(self.b.stmt(Stmt::Nothing, frame.at))
    }

    /// `import a = b.c`.
    fn leave_alias(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let mut names = parts.iter().filter(|part| Self::is_expr(part)).copied();
        let (Some(local), Some(value)) = (names.next(), names.next()) else { return Value::Lost };
        let Value::Ident(name) = local.value else { return Value::Lost };
        let value = self.expr(value);
        let steps = self.b.list([]);
        let mut binding = plain(name, BindingKind::Const, self.owner(), local.at);
        binding.source = Some(Source { of: SourceOf::Expr(value), steps });
        let binding = self.b.binding(binding);
        self.scopes.bind_value(name, binding);
        self.scopes.bind_type(name, binding);
        let bindings = self.b.list([binding]);
        let stmt = self.b.stmt(Stmt::Let { bindings, value: Some(value) }, frame.at);
        Value::Declared(stmt, binding)
    }

    fn leave_namespace(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        self.namespaces = self.namespaces.saturating_sub(1);
        let stmt = match in_slot(parts, Slot::Body) {
            Some(part) => self.stmt(part),
            None => self.b.stmt(Stmt::Nothing, frame.at),
        };
        let Some(name) = in_slot(parts, Slot::Name) else { return Value::Stmt(stmt) };
        if name.kind == Kind::Str {
            return Value::Stmt(self.b.stmt(Stmt::Nothing, frame.at));
        }
        let text = name.at.of(self.text);
        let first = text.split('.').next().unwrap_or(text).trim();
        let at = Span::new(name.at.start, name.at.start + first.len() as u32);
        let first = self.b.name(first);
        self.scopes.current = frame.scope;
        // It merges with a class, a function, an enum or a namespace of the same name.
        if let Some(binding) = self.scopes.value_here(first) {
            return Value::Declared(stmt, binding);
        }
        let binding = self.b.binding(plain(first, BindingKind::Namespace, self.owner(), at));
        self.scopes.bind_value(first, binding);
        Value::Declared(stmt, binding)
    }

    fn leave_enum(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let stmt = match in_slot(parts, Slot::Body) {
            Some(part) if Self::is_expr(&part) => {
                let value = self.expr(part);
                self.b.stmt(Stmt::Do(value), frame.at)
            }
            _ => self.b.stmt(Stmt::Nothing, frame.at),
        };
        let Some(Part { value: Value::Ident(name), at, .. }) = in_slot(parts, Slot::Name) else {
            return Value::Stmt(stmt);
        };
        self.scopes.current = frame.scope;
        if let Some(binding) = self.scopes.value_here(name) {
            return Value::Declared(stmt, binding);
        }
        let binding = self.b.binding(plain(name, BindingKind::Enum, self.owner(), at));
        self.scopes.bind_value(name, binding);
        self.scopes.bind_type(name, binding);
        Value::Declared(stmt, binding)
    }

    fn export(&mut self, name: Option<Name>, what: Exported, type_only: bool, at: Span) {
        if self.namespaces == 0 {
            self.b.module.exports.push(Export { name, what, type_only, at });
        }
    }

    fn leave_export(&mut self, frame: &Frame, parts: &[Part]) -> Value {
        let type_only = parts.iter().any(|part| part.kind == Kind::TType);
        let type_only = type_only || self.repaired(frame.at) == Some(Note::TypeOnly);
        let source = in_slot(parts, Slot::Source).and_then(|part| match part.value {
            Value::Text(from) => Some(from),
            _ => None,
        });
        if let Some(from) = source {
            self.leave_export_from(frame, parts, from, type_only);
            return Value::Stmt(self.b.stmt(Stmt::Nothing, frame.at));
        }
        let is_default = parts.iter().any(|part| part.kind == Kind::TDefault);
        if let Some(declaration) = in_slot(parts, Slot::Declaration) {
            return self.leave_exported(frame, parts, declaration, is_default);
        }
        if let Some(Value::Imports(index)) =
            parts.iter().map(|part| part.value).find(|value| matches!(value, Value::Imports(_)))
        {
            for part in std::mem::take(&mut self.heap.imports[index as usize]) {
                let Value::Specifier { name, alias, type_only: own } = part.value else { continue };
                if self.namespaces == 0 {
                    self.outside.exported.push((name, alias, type_only || own, frame.at));
                }
            }
            return Value::Stmt(self.b.stmt(Stmt::Nothing, frame.at));
        }
        let equals = parts.iter().any(|part| part.kind == Kind::TEquals);
        if !is_default && !equals {
            return Value::Stmt(self.b.stmt(Stmt::Nothing, frame.at));
        }
        let Some(value) = parts.iter().find(|part| Self::is_expr(part)) else {
            return Value::Stmt(self.b.stmt(Stmt::Lost, frame.at));
        };
        let value = self.expr(*value);
        self.decorate(parts, value);
        let name = self.b.name(if equals { "export=" } else { "default" });
        self.export(Some(name), Exported::Value(value), false, frame.at);
        Value::Stmt(self.b.stmt(Stmt::Do(value), frame.at))
    }

    fn decorate(&mut self, parts: &[Part], value: ExprId) {
        if let Expr::Class(class) = self.b.module.expr(value) {
            self.b.module.classes[class.index()].decorators.extend(parts.iter().filter_map(decorator));
        }
    }

    fn leave_export_from(&mut self, frame: &Frame, parts: &[Part], from: Name, type_only: bool) {
        let at = frame.at;
        let mut all = true;
        for part in parts {
            match part.value {
                Value::Imports(index) => {
                    all = false;
                    for part in std::mem::take(&mut self.heap.imports[index as usize]) {
                        let Value::Specifier { name, alias, type_only: own } = part.value else { continue };
                        let type_only = type_only || own;
                        self.import(from, Imported::Name(name), None, type_only, at);
                        self.export(Some(alias), Exported::From { from, name }, type_only, at);
                    }
                }
                Value::Namespace(name) => {
                    all = false;
                    self.import(from, Imported::All, None, type_only, at);
                    self.export(Some(name), Exported::AllFrom(from), type_only, at);
                }
                _ => {}
            }
        }
        if all {
            self.import(from, Imported::All, None, type_only, at);
            self.export(None, Exported::AllFrom(from), type_only, at);
        }
    }

    /// `export` before a declaration.
    fn leave_exported(&mut self, frame: &Frame, parts: &[Part], declaration: Part, is_default: bool) -> Value {
        let stmts = match declaration.value {
            Value::Many(index) => self.heap.stmts[index as usize].clone(),
            Value::Stmt(stmt) | Value::Declared(stmt, _) => vec![stmt],
            _ => return declaration.value,
        };
        let mut bindings: Vec<BindingId> = Vec::new();
        if let Value::Declared(_, binding) = declaration.value {
            bindings.push(binding);
        }
        for stmt in stmts {
            match self.b.module.stmt(stmt) {
                Stmt::Let { bindings: list, .. }
                    if bindings.is_empty() || !matches!(declaration.value, Value::Declared(..)) =>
                {
                    bindings.extend(self.b.module.list(list).iter().copied());
                }
                Stmt::Class(class) => {
                    self.b.module.classes[class.index()].decorators.extend(parts.iter().filter_map(decorator));
                }
                _ => {}
            }
        }
        for binding in bindings {
            let there = *self.b.module.binding(binding);
            let name = if is_default { self.b.name("default") } else { there.name };
            let overload = self
                .b
                .module
                .exports
                .iter()
                .rev()
                .take(64)
                .any(|export| export.name == Some(name) && export.what == Exported::Binding(binding));
            if !overload {
                self.export(Some(name), Exported::Binding(binding), there.kind == BindingKind::Type, frame.at);
            }
        }
        declaration.value
    }

    /// Decides what had to wait: `require`, `module.exports`, `export { a }`.
    pub(super) fn resolve_outside(&mut self) {
        let pending = std::mem::take(&mut self.outside);
        for (name, alias, type_only, at) in pending.exported {
            if let Some(binding) = self.scopes.of_module(name) {
                let type_only = type_only || self.b.module.binding(binding).kind == BindingKind::Type;
                self.export(Some(alias), Exported::Binding(binding), type_only, at);
            }
        }
        for export in &mut self.b.module.exports {
            if let Exported::Value(value) = export.what
                && let Expr::Read(binding) = self.b.module.exprs[value.index()]
            {
                export.what = Exported::Binding(binding);
            }
        }
        for (value, bindings) in pending.declared {
            self.resolve_require(value, bindings);
        }
        for (to, value, at) in pending.assigned {
            let Expr::Member { of, name } = self.b.module.expr(to) else { continue };
            let of_text = match self.b.module.expr(of) {
                Expr::Global(of) => self.b.module.name(of),
                Expr::Member { of: inner, name } if self.is_global(inner, "module") => self.b.module.name(name),
                _ => continue,
            };
            let name = match (of_text, self.b.module.name(name)) {
                ("module", "exports") => self.b.name("export="),
                ("exports", _) => name,
                _ => continue,
            };
            let what = match self.b.module.expr(value) {
                Expr::Read(binding) => Exported::Binding(binding),
                _ => Exported::Value(value),
            };
            self.export(Some(name), what, false, at);
        }
    }

    fn is_global(&self, expr: ExprId, name: &str) -> bool {
        matches!(self.b.module.expr(expr), Expr::Global(global) if self.b.module.name(global) == name)
    }

    fn resolve_require(&mut self, value: ExprId, bindings: List<BindingId>) {
        let (call, member) = match self.b.module.expr(value) {
            Expr::Member { of, name } => (of, Some(name)),
            _ => (value, None),
        };
        let Expr::Call { callee, args } = self.b.module.expr(call) else { return };
        let [arg] = self.b.module.list(args) else { return };
        let Expr::Text(from) = self.b.module.expr(arg.value) else { return };
        if !self.is_global(callee, "require") {
            return;
        }
        let at = self.b.module.expr_span(call);
        for binding in self.b.module.list(bindings).to_vec() {
            let steps = self.b.module.binding(binding).source.map_or(List::EMPTY, |source| source.steps);
            let what = match (member, self.b.module.list(steps)) {
                (None, [Step::Key(name)]) => Imported::Name(*name),
                (Some(name), []) => Imported::Name(name),
                (Some(_), _) => continue,
                _ => Imported::All,
            };
            self.b.module.imports.push(Import { from, what, binding: Some(binding), type_only: false, at });
        }
    }
}
