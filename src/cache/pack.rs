//! A pack: many small values in one file, found by key.
//!
//! In: keys and values. Out: a file that is written as a whole or not at all, and read in parts. Nothing
//! in a pack is believed: sizes and hashes are checked, and what does not fit counts as not there.
//!
//! The form: a head (mark, build, number of records, hash of the index), the index (records of one size,
//! sorted by key), the values. Numbers are little-endian.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use xxhash_rust::xxh3::xxh3_64;

const MARK: &[u8; 8] = b"failpk01";
const HEAD: usize = 8 + 8 + 8 + 8;
/// Key, offset of the value, its length, its hash.
const RECORD: usize = KEY + 8 + 8 + 8;
const KEY: usize = 21;

/// What a value is found by: the name of a content, and what is known of it.
pub(super) type Key = [u8; KEY];

/// A pack that is open.
#[derive(Debug)]
pub(super) struct Pack {
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    index: Vec<u8>,
    file: Mutex<File>,
    /// All of it, where it is asked for often.
    held: Option<Vec<u8>>,
}

impl Pack {
    /// Opens a pack of this build; all of it is read into memory if `in_memory`.
    pub fn open(path: &Path, build: u64, in_memory: bool) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let bytes = file.metadata().ok()?.len();
        let mut head = [0; HEAD];
        file.read_exact(&mut head).ok()?;
        let number = |at: usize| head.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes);
        if head[..8] != *MARK || number(8)? != build {
            return None;
        }
        let size = usize::try_from(number(16)?).ok()?.checked_mul(RECORD)?;
        if (HEAD + size) as u64 > bytes {
            return None;
        }
        let mut index = vec![0; size];
        file.read_exact(&mut index).ok()?;
        if xxh3_64(&index) != number(24)? {
            return None;
        }
        let mut whole = None;
        if in_memory {
            let mut rest = Vec::new();
            file.read_to_end(&mut rest).ok()?;
            whole = Some(rest);
        }
        Some(Self { path: path.to_owned(), bytes, index, file: Mutex::new(file), held: whole })
    }

    fn record(&self, at: usize) -> &[u8] {
        &self.index[at * RECORD..(at + 1) * RECORD]
    }

    fn len(&self) -> usize {
        self.index.len() / RECORD
    }

    /// The value of a key; none if it is damaged.
    pub fn get(&self, key: &Key) -> Option<Vec<u8>> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if &self.record(middle)[..KEY] < key.as_slice() { low = middle + 1 } else { high = middle }
        }
        (low < self.len() && self.record(low)[..KEY] == *key).then(|| self.value(low))?
    }

    fn value(&self, at: usize) -> Option<Vec<u8>> {
        let record = self.record(at);
        let number = |at: usize| record.get(KEY + at..KEY + at + 8)?.try_into().ok().map(u64::from_le_bytes);
        let (offset, length, hash) = (number(0)?, number(8)?, number(16)?);
        if offset.checked_add(length)? > self.bytes {
            return None;
        }
        let value = if let Some(held) = &self.held {
            let start = usize::try_from(offset.checked_sub((HEAD + self.index.len()) as u64)?).ok()?;
            held.get(start..start.checked_add(usize::try_from(length).ok()?)?)?.to_vec()
        } else {
            let mut value = vec![0; usize::try_from(length).ok()?];
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(offset)).ok()?;
            file.read_exact(&mut value).ok()?;
            value
        };
        (xxh3_64(&value) == hash).then_some(value)
    }

    /// All keys and values that are whole.
    pub fn all(&self) -> impl Iterator<Item = (Key, Vec<u8>)> {
        (0..self.len()).filter_map(|at| Some((self.record(at)[..KEY].try_into().ok()?, self.value(at)?)))
    }
}

/// Writes a pack into `folder`, where others see it whole or not at all.
pub(super) fn write(folder: &Path, prefix: &str, build: u64, values: &BTreeMap<Key, Vec<u8>>) -> io::Result<PathBuf> {
    let mut index = Vec::with_capacity(values.len() * RECORD);
    let mut offset = (HEAD + values.len() * RECORD) as u64;
    for (key, value) in values {
        index.extend_from_slice(key);
        for number in [offset, value.len() as u64, xxh3_64(value)] {
            index.extend_from_slice(&number.to_le_bytes());
        }
        offset += value.len() as u64;
    }
    let mut name = format!("{prefix}{:016x}", xxh3_64(&index));
    name.push_str(super::ENDING);
    let path = folder.join(name);
    let mut file = io::BufWriter::new(tempfile::Builder::new().suffix(super::UNFINISHED).tempfile_in(folder)?);
    file.write_all(MARK)?;
    for number in [build, values.len() as u64, xxh3_64(&index)] {
        file.write_all(&number.to_le_bytes())?;
    }
    file.write_all(&index)?;
    for value in values.values() {
        file.write_all(value)?;
    }
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(path)
}
