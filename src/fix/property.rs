//! A property of an object literal gets a word that its value lacks, or is added.
//!
//! In: the object. Out: edits of its text.

use super::layout::{indentation, line_end};
use super::{Edit, Property, edit};
use crate::program::{FileId, Program};
use crate::syntax::{Expr, ExprId, Key, Module};
use crate::text::Span;

pub(super) fn add(program: &Program, file: FileId, expr: ExprId, property: &Property) -> Option<Vec<Edit>> {
    let module = program.module(file);
    let text = &program.file(file).source.text;
    let Expr::Object(fields) = module.expr(expr) else { return None };
    let fields = module.list(fields);
    let named = fields.iter().find(|field| match field.key {
        Key::Name(name) => module.name(name).eq_ignore_ascii_case(&property.name),
        _ => false,
    });
    if let Some(field) = named {
        return extend(program, file, module, field.value, &property.holds);
    }
    // What is spread later may hold the property.
    let last = fields.last().filter(|field| field.key != Key::None)?;
    let quoted = format!("{:?}: {:?}", property.name, property.value);
    let between = match indentation(text, last.at.start) {
        Some(indent) => format!(",{}{indent}", line_end(text)),
        None => ", ".to_owned(),
    };
    Some(vec![edit(program, file, Span::new(last.at.end, last.at.end), format!("{between}{quoted}"))])
}

/// Adds a word to a literal that is a list with commas.
fn extend(program: &Program, file: FileId, module: &Module, value: ExprId, holds: &str) -> Option<Vec<Edit>> {
    let Expr::Text(_) = module.expr(value) else { return None };
    let span = module.expr_span(value);
    let written = span.of(&program.file(file).source.text);
    let quote = written.chars().next().filter(|quote| ['"', '\'', '`'].contains(quote))?;
    let inner = written.strip_prefix(quote)?.strip_suffix(quote)?;
    let between = if inner.trim().is_empty() { "" } else { ", " };
    Some(vec![edit(program, file, span, format!("{quote}{}{between}{holds}{quote}", inner.trim_end()))])
}
