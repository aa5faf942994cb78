//! What is known on one path, in little memory: a run keeps a copy of it for every statement.
//!
//! In: values by expression or name. Out: their numbers in order, which are quick to copy, to compare
//! and to hash; the values themselves stand once in a table.

use super::value::Value;
use rustc_hash::FxHashMap;

/// Numbers of values by the number of what has them, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Slots(Vec<(u32, u32)>);

impl Slots {
    /// The number of the value that something has.
    pub fn get(&self, of: u32) -> Option<u32> {
        self.find(of).ok().map(|at| self.0[at].1)
    }

    /// Gives it another.
    pub fn put(&mut self, of: u32, value: u32) {
        match self.find(of) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (of, value)),
        }
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    fn find(&self, of: u32) -> Result<usize, usize> {
        self.0.binary_search_by_key(&of, |(known, _)| *known)
    }
}

/// Values, each once, by number.
#[derive(Debug, Default)]
pub(super) struct Table {
    list: Vec<Value>,
    numbers: FxHashMap<Value, u32>,
}

impl Table {
    /// The number of a value.
    pub fn number(&mut self, value: Value) -> u32 {
        if let Some(number) = self.numbers.get(&value) {
            return *number;
        }
        let number = self.list.len() as u32;
        self.list.push(value.clone());
        self.numbers.insert(value, number);
        number
    }

    /// The value with a number.
    pub fn get(&self, number: u32) -> Option<&Value> {
        self.list.get(number as usize)
    }
}
