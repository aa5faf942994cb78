//! Stage 3: what the settings make of a run.
//!
//! In: the settings file that counts, the pages it names, and levels from the command line. Out:
//! [`Setup`]: rules ready to be asked, models, and which files are looked at.

use super::error::Error;
use super::rules::{Catalogue, own_pages};
use crate::change::{Change, file_name};
use crate::finding::Severity;
use crate::git::{Env, Reader};
use crate::model::{ModelFile, Models};
use crate::request::SettingsChoice;
use crate::rule::builtin::Loaded;
use crate::rule::compile::{CompiledRule, compile};
use crate::rule::knob::{self, Knobs};
use crate::rule::roles;
use crate::rule::sentence::Rule;
use crate::settings::{self, Chosen, FILE, IdleGlobs, Level, Settings};
use crate::source::{At, Unread};
use crate::syntax::Dialect;
use crate::syntax::manifest::MANIFEST;
use crate::verdict::SettingsFrom;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// What a run is made with.
#[derive(Debug)]
pub struct Setup {
    /// Every rule with its page.
    pub catalogue: Arc<Catalogue>,
    /// The settings, with levels from the command line over their own.
    pub settings: Settings,
    /// Where they are from.
    pub from: SettingsFrom,
    /// Whether the other side has different ones.
    pub differ: bool,
    /// The rules that are on, ready to be asked.
    pub rules: Vec<CompiledRule>,
    /// What is known about the world outside.
    pub models: Arc<Models>,
    /// Globs of the settings that are like no file, to be told.
    pub idle: Option<IdleGlobs>,
    /// Everything that was read to make it, in one text.
    pub read: String,
    critical: GlobSet,
}

/// The settings that count, and the pages that they name.
struct Found {
    path: String,
    chosen: Chosen,
    pages: Vec<(String, String)>,
}

impl Setup {
    /// Reads the settings that `choice` asks for.
    ///
    /// # Errors
    /// Mistakes in settings, pages or levels.
    pub fn read(
        change: &Change,
        reader: &Reader,
        choice: &SettingsChoice,
        levels: &[(String, Level)],
        env: &Env,
    ) -> Result<Self, Error> {
        let Found { path, chosen, pages } = find(change, reader, choice, env)?;
        let read = format!("{path:?} {:?} {pages:?} {levels:?}", chosen.text);
        let text = chosen.text.as_deref().map(|text| (path.as_str(), text));
        let catalogue = if pages.is_empty() { Catalogue::builtin()? } else { Catalogue::read(&pages)?.into() };
        let mut setup = Self::new(catalogue, text, levels)?;
        (setup.from, setup.differ, setup.read) = (chosen.from, chosen.differ, read);
        setup.idle = setup.settings.idle_globs(reader.list(At::Base).chain(reader.list(At::Head)));
        Ok(setup)
    }

    /// Does what every run needs, whatever its settings: while something else is being waited for.
    pub fn prepare() {
        // What goes wrong is told by whoever asks for them.
        let _ = rayon::join(|| models(&Settings::default()), Catalogue::builtin);
    }

    /// With settings given as path and text; defaults without.
    ///
    /// # Errors
    /// Mistakes in settings or levels.
    pub fn new(
        catalogue: impl Into<Arc<Catalogue>>,
        text: Option<(&str, &str)>,
        levels: &[(String, Level)],
    ) -> Result<Self, Error> {
        let catalogue = catalogue.into();
        let mut settings = match text {
            Some((path, text)) => settings::load(text, path, &catalogue.infos)?,
            None => Settings::default(),
        };
        for (rule, level) in levels {
            catalogue.info(rule)?;
            settings.levels.insert(rule.clone(), *level);
            // What is typed holds everywhere.
            settings.overrides.iter_mut().for_each(|over| _ = over.levels.remove(rule));
        }
        let models = models(&settings)?;
        roles(&catalogue, &settings, &models)?;
        let rules = catalogue.rules.iter().filter_map(|loaded| compiled(&loaded.rule, &settings).transpose());
        let rules = rules.collect::<Result<_, _>>()?;
        let critical = critical(&settings);
        Ok(Self {
            catalogue,
            settings,
            from: SettingsFrom::None,
            differ: false,
            rules,
            models,
            idle: None,
            read: String::new(),
            critical,
        })
    }

    /// Whether a file is looked at: source code that is not excluded.
    pub fn wants(&self, path: &str) -> bool {
        Dialect::of_path(path).is_some() && !self.settings.excluded.is_match(path)
    }

    /// Whether a changed file is read: code, or a manifest.
    pub fn reads(&self, path: &str) -> bool {
        let name = file_name(path);
        self.wants(path) || name == MANIFEST && !self.settings.excluded.is_match(path)
    }

    /// Whether a file lies on a critical path.
    pub fn is_critical(&self, path: &str) -> bool {
        self.critical.is_match(path)
    }

    /// The severity of a rule; `None` if it is off.
    pub fn severity(&self, rule: &str) -> Option<Severity> {
        self.settings.severity(rule, self.default_severity(rule))
    }

    /// The severity of a rule that is on in some part of the repository, wherever it is not set.
    pub fn severity_anywhere(&self, rule: &str) -> Option<Severity> {
        let default = self.default_severity(rule);
        let is_on = self.settings.is_on_anywhere(rule, default);
        self.severity(rule).or(default.or(Some(Severity::Warning)).filter(|_| is_on))
    }

    fn default_severity(&self, rule: &str) -> Option<Severity> {
        self.catalogue.info(rule).ok().and_then(|info| info.severity)
    }
}

/// Refuses roles that no model declares, the repository's own included.
fn roles(catalogue: &Catalogue, settings: &Settings, models: &Models) -> Result<(), Error> {
    let check = |loaded: &Loaded| roles::check(&loaded.rule, &loaded.page, &knobs(&loaded.rule, settings), models);
    let errors: Vec<_> = catalogue.rules.iter().filter_map(|loaded| check(loaded).err()).flatten().collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::Pages { errors }) }
}

/// The knobs that settings set for a rule.
fn knobs(rule: &Rule, settings: &Settings) -> Knobs {
    let mut knobs = settings.shared_knobs();
    knobs.extend(settings.knobs.get(&rule.id).cloned().unwrap_or_default());
    knobs
}

/// A rule with its knobs and its level; `None` if it is off.
fn compiled(rule: &Rule, settings: &Settings) -> Result<Option<CompiledRule>, Error> {
    let compiled = compile(rule, &knobs(rule, settings)).map_err(|error| {
        match settings.at_knob(&error.rule, &error.knobs, &error.to_string()) {
            Some(drawn) => Error::from(drawn),
            None => Error::from(error),
        }
    })?;
    Ok(match settings.levels.get(&rule.id) {
        // Where it is off, its findings are left out later.
        Some(Level::Off) => settings.is_on_anywhere(&rule.id, None).then_some(compiled),
        Some(Level::At(severity)) => Some(compiled.with_severity(*severity)),
        None => Some(compiled),
    })
}

/// The built-in models, compiled once, with the repository's own.
fn models(settings: &Settings) -> Result<Arc<Models>, Error> {
    static BUILTIN: OnceLock<Arc<Models>> = OnceLock::new();
    let mut own = settings.models::<ModelFile>()?;
    if !settings.own.is_empty() {
        own.get_or_insert_default().own.extend(settings.own.iter().cloned());
    }
    if let Some(own) = own {
        return Ok(Arc::new(Models::load(&[(FILE.to_owned(), own)])?));
    }
    if let Some(models) = BUILTIN.get() {
        return Ok(Arc::clone(models));
    }
    let models = Arc::new(Models::load(&[])?);
    Ok(Arc::clone(BUILTIN.get_or_init(|| models)))
}

fn critical(settings: &Settings) -> GlobSet {
    let mut knobs: BTreeMap<_, _> = knob::shared();
    knobs.extend(settings.shared_knobs());
    let mut set = GlobSetBuilder::new();
    for text in knobs.get("critical").into_iter().flatten() {
        // Broken globs have been refused with the settings.
        if let Ok(glob) = GlobBuilder::new(text).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().unwrap_or_default()
}

fn find(change: &Change, reader: &Reader, choice: &SettingsChoice, env: &Env) -> Result<Found, Error> {
    let choose = |read: &dyn Fn(At) -> Result<Option<String>, Error>| {
        settings::choose(change, env.in_actions(), choice.from, read)
    };
    let (path, chosen, at) = match &choice.file {
        _ if choice.isolated => (FILE.to_owned(), Chosen::default(), None),
        Some(file) => {
            // The file is this machine's own; the pages that it names are those of the side that
            // would have counted.
            let at = choose(&|_| Ok(Some(String::new())))?.at;
            let text = Some(read_file(&env.folder.join(file))?);
            let chosen = Chosen { text, at, from: SettingsFrom::File, differ: false };
            (file.display().to_string(), chosen, at)
        }
        None => {
            let chosen = choose(&|at| match reader.read(at, FILE) {
                Ok(source) => Ok(Some(source.text.clone())),
                Err(Unread::NotFound) => Ok(None),
                Err(why) => Err(Error::Unreadable { path: FILE.to_owned(), why: why.to_string() }),
            })?;
            let at = chosen.at;
            (FILE.to_owned(), chosen, at)
        }
    };
    let globs = chosen.text.as_deref().map(settings::page_globs).unwrap_or_default();
    let pages = at.map_or_else(|| Ok(Vec::new()), |at| own_pages(reader, at, &globs))?;
    Ok(Found { path, chosen, pages })
}

/// A settings file of this machine.
///
/// # Errors
/// When it cannot be read as text.
pub fn read_file(path: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(path).map_err(Error::file("read", path))?;
    let unreadable = |why: Unread| Error::Unreadable { path: path.display().to_string(), why: why.to_string() };
    crate::source::decode(bytes).map_err(unreadable)
}
