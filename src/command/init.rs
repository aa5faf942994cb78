//! `failpath init [--hook]`: a first settings file, and a git hook that checks every commit.
//!
//! In: the repository. Out: files; what is there already is never overwritten.

use super::{Output, seen, survey};
use crate::change::{Range, file_name};
use crate::git::{self, Env};
use crate::pipeline::Error;
use crate::settings::FILE;
use crate::source::At;
use crate::syntax::manifest::{MANIFEST, Manifest};
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

const HOOK: &str = include_str!("init/pre-commit");
/// The line by which a hook of ours is known.
const MARK: &str = "# Installed by `failpath init --hook`.";

pub(super) fn init(hook: bool, env: &Env) -> Result<Output, Error> {
    let Some(root) = git::surroundings(env)?.root else {
        let what = "there is no work tree here to write settings to".to_owned();
        return Err(Error::Refused { what, help: "run it inside the repository that is to be checked".to_owned() });
    };
    let mut said = String::new();
    let settings = root.join(FILE);
    let is_new = create(&settings, &proposed(env)?, 0o644)?;
    let what = if is_new { "wrote" } else { "kept" };
    // Writing to a String cannot fail.
    let _ = writeln!(said, "{what} {}", settings.display());
    if hook {
        install(&git::hooks(env)?, &mut said)?;
    }
    Ok(Output::clean(said))
}

/// The settings that the files of the repository suggest.
fn proposed(env: &Env) -> Result<String, Error> {
    let (_, reader) = git::compare(&Range::All, env)?;
    let paths: Vec<&str> = reader.list(At::Head).collect();
    let is_manifest = |path: &&&str| file_name(path) == MANIFEST;
    let licence = |path: &&str| {
        let source = reader.read(At::Head, path).ok()?;
        Some(((*path).to_owned(), Manifest::read(&source.text).ok()?.licence()?))
    };
    let licences = paths.iter().filter(is_manifest).filter_map(licence).collect();
    let seen = seen::look(&survey::code(&paths), &|path| reader.read(At::Head, path).ok())?;
    Ok(survey::settings(&paths, &seen, &licences))
}

fn install(folder: &Path, said: &mut String) -> Result<(), Error> {
    let path = folder.join("pre-commit");
    std::fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
    let what = if create(&path, HOOK, 0o755)? {
        "installed"
    } else if std::fs::read_to_string(&path).is_ok_and(|text| text.contains(MARK)) {
        "kept"
    } else {
        return Err(Error::Refused {
            what: format!("{} is there already, and failpath did not write it", path.display()),
            help: "add the line `failpath check --staged` to it".to_owned(),
        });
    };
    // Writing to a String cannot fail.
    let _ = writeln!(said, "{what} {}", path.display());
    Ok(())
}

/// Writes a file unless there is one; gives whether it was written.
fn create(path: &Path, text: &str, mode: u32) -> Result<bool, Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    match options.open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true).map_err(Error::file("write", path)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Error::file("write", path)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hook_is_known_again() {
        assert!(HOOK.contains(MARK));
    }
}
