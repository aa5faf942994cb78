//! Models made ready for asking: patterns compiled, roles as bits.
//!
//! In: [`ModelFile`]s. Out: [`Models`].

use super::memo::Memo;
use super::{Ingress, ModelFile, Patterns, builtin::BUILTIN};
use std::collections::{BTreeMap, BTreeSet};

/// A set of roles: bit `n` is the role with number `n` in [`Models::role_names`].
pub type Roles = u64;

/// What is wrong with a file of models.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is not valid TOML of the expected shape.
    #[error("the models in {name} cannot be read: {message}")]
    Toml {
        /// Which file.
        name: String,
        /// What the TOML reader says.
        message: String,
    },
    /// A pattern is broken.
    #[error("the models in {name} have a broken pattern: {message}")]
    Pattern {
        /// Which file.
        name: String,
        /// What is wrong with it.
        message: String,
    },
    /// There are more roles than fit.
    #[error("the models name more than 64 roles; use fewer names")]
    Roles,
}

/// An ingress with its patterns compiled.
#[derive(Debug, Clone)]
pub struct CompiledIngress {
    /// As written.
    pub model: Ingress,
    /// Over the declared types of parameters.
    pub takes: Patterns,
    /// Over the first argument.
    pub first: Patterns,
    /// Over paths.
    pub files: Patterns,
    /// Over exported names.
    pub export: Patterns,
}

/// Where a response's status is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponseStatus {
    /// Nowhere: it is always this.
    Fixed,
    /// In this argument.
    Argument(usize),
    /// In this field of this argument.
    Field(usize, String),
    /// In a call named `status` earlier in the chain.
    Receiver,
}

/// Everything that is known about the world outside the program.
#[derive(Debug, Clone)]
pub struct Models {
    roles: Vec<String>,
    calls: Patterns,
    call_roles: Vec<(u32, bool)>,
    names: Patterns,
    name_roles: Vec<(u32, bool)>,
    named_anyway: Roles,
    names_own: bool,
    own: Patterns,
    aliases: BTreeMap<String, String>,
    /// All ingress models.
    pub ingress: Vec<CompiledIngress>,
    ingress_calls: Patterns,
    ingress_of_call: Vec<usize>,
    responses: Patterns,
    response_of: Vec<(ResponseStatus, u16)>,
    /// The roles of calls and those that they are an exception to.
    known_calls: Memo<(Roles, Roles)>,
    known_names: Memo<Roles>,
    /// Whether calls register anything.
    known_ingress: Memo<bool>,
    known_responses: Memo<Option<usize>>,
}

impl Models {
    /// The built-in models with the user's own (`name`, content) after them.
    pub fn load(own: &[(String, ModelFile)]) -> Result<Self, ModelError> {
        let mut files = Vec::new();
        for (name, text) in BUILTIN {
            let file: ModelFile = toml::from_str(text)
                .map_err(|error| ModelError::Toml { name: (*name).to_owned(), message: error.to_string() })?;
            files.push(((*name).to_owned(), file));
        }
        files.extend(own.iter().cloned());
        Self::compile(&files)
    }

    fn compile(files: &[(String, ModelFile)]) -> Result<Self, ModelError> {
        let mut roles: Vec<String> =
            files.iter().flat_map(|(_, file)| &file.role).map(|role| role.role.clone()).collect();
        roles.sort();
        roles.dedup();
        if roles.len() > 64 {
            return Err(ModelError::Roles);
        }
        let number = |role: &str| roles.iter().position(|known| known == role).unwrap_or(0) as u32;
        let (mut calls, mut call_roles, mut names, mut name_roles) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut ingress, mut ingress_calls, mut ingress_of_call) = (Vec::new(), Vec::new(), Vec::new());
        let (mut responses, mut response_of) = (Vec::new(), Vec::new());
        let mut aliases = BTreeMap::new();
        let mut named_anyway = 0;
        for (name, file) in files {
            let broken = |error: globset::Error| ModelError::Pattern { name: name.clone(), message: error.to_string() };
            for role in &file.role {
                let bit = number(&role.role);
                named_anyway |= Roles::from(role.resolved) << bit;
                let add = |list: &[String], pool: &mut Vec<String>, bits: &mut Vec<(u32, bool)>, except: bool| {
                    pool.extend(list.iter().cloned());
                    bits.extend(list.iter().map(|_| (bit, except)));
                };
                add(&role.calls, &mut calls, &mut call_roles, false);
                add(&role.except, &mut calls, &mut call_roles, true);
                add(&role.names, &mut names, &mut name_roles, false);
                add(&role.except, &mut names, &mut name_roles, true);
            }
            for model in &file.ingress {
                ingress_calls.extend(model.call.iter().cloned());
                ingress_of_call.extend(model.call.iter().map(|_| ingress.len()));
                ingress.push(CompiledIngress {
                    takes: Patterns::new(&model.takes).map_err(broken)?,
                    first: Patterns::new(&model.first).map_err(broken)?,
                    files: Patterns::paths(&model.files).map_err(broken)?,
                    export: Patterns::new(&model.export).map_err(broken)?,
                    model: model.clone(),
                });
            }
            for response in &file.response {
                responses.extend(response.calls.iter().cloned());
                let status = status_place(response.status.as_deref());
                response_of.extend(response.calls.iter().map(|_| (status.clone(), response.default)));
            }
            aliases.extend(file.alias.iter().map(|alias| (alias.from.clone(), alias.to.clone())));
        }
        let broken = |error: globset::Error| ModelError::Pattern { name: "models".into(), message: error.to_string() };
        let own = files.iter().flat_map(|(_, file)| &file.own);
        let names_own = calls.iter().any(|pattern| pattern.contains("./"));
        Ok(Self {
            calls: Patterns::new(&calls).map_err(broken)?,
            names: Patterns::new(&names).map_err(broken)?,
            own: Patterns::new(own).map_err(broken)?,
            ingress_calls: Patterns::new(&ingress_calls).map_err(broken)?,
            responses: Patterns::new(&responses).map_err(broken)?,
            roles,
            call_roles,
            name_roles,
            named_anyway,
            names_own,
            aliases,
            ingress,
            ingress_of_call,
            response_of,
            known_calls: Memo::default(),
            known_names: Memo::default(),
            known_ingress: Memo::default(),
            known_responses: Memo::default(),
        })
    }

    /// Compiles what nearly every file asks for, while something else is being done.
    pub fn prepare(&self) {
        [&self.calls, &self.names, &self.ingress_calls].into_iter().for_each(Patterns::prepare);
    }

    /// Packages whose declared version decides what they do.
    pub fn versioned(&self) -> BTreeSet<&str> {
        self.ingress.iter().flat_map(|ingress| ingress.model.package.keys()).map(String::as_str).collect()
    }

    /// The names of all roles; the position is the bit.
    pub fn role_names(&self) -> &[String] {
        &self.roles
    }

    /// The bit of a role; 0 for a role that no model names.
    pub fn role(&self, name: &str) -> Roles {
        // They are sorted.
        self.roles.binary_search_by(|known| known.as_str().cmp(name)).map_or(0, |bit| 1 << bit)
    }

    /// The bits of several roles.
    pub fn roles(&self, names: &[&str]) -> Roles {
        names.iter().map(|name| self.role(name)).fold(0, |all, bit| all | bit)
    }

    /// Whether a model names what is called exactly so, such as `fetch`.
    pub fn knows_call(&self, text: &str) -> bool {
        self.calls.matches(text) || self.ingress_calls.matches(text) || self.responses.matches(text)
    }

    /// The roles of something outside that is resolved, for instance `console.error`, and those that it is an
    /// exception to, whatever its name suggests.
    pub fn roles_of_call(&self, text: &str) -> (Roles, Roles) {
        self.known_calls.of(text, || {
            let (yes, no) = bits(&self.calls.matching(text), &self.call_roles);
            (yes & !no, no)
        })
    }

    /// The roles that a written name suggests.
    pub fn roles_of_name(&self, text: &str) -> Roles {
        self.known_names.of(text, || {
            let (yes, no) = bits(&self.names.matching(text), &self.name_roles);
            yes & !no
        })
    }

    /// The roles that a written name suggests also where its source is at hand.
    pub fn named_anyway(&self) -> Roles {
        self.named_anyway
    }

    /// Whether a model names functions of the project, such as `./src/credits.ts#reserve`.
    pub fn names_own(&self) -> bool {
        self.names_own
    }

    /// Whether a package is the organisation's own work.
    pub fn is_own(&self, package: &str) -> bool {
        self.own.matches(package)
    }

    /// What `text` is an alias of, with the rest of the path kept.
    pub fn alias(&self, text: &str) -> Option<String> {
        let mut end = text.len();
        loop {
            if let Some(to) = self.aliases.get(&text[..end]) {
                return Some(format!("{to}{}", &text[end..]));
            }
            end = text[..end].rfind(['.', '#', '('])?;
        }
    }

    /// The ingress models that a call registers a handler for.
    pub fn ingress_of_call(&self, text: &str) -> Vec<&CompiledIngress> {
        if !self.known_ingress.of(text, || self.ingress_calls.matches(text)) {
            return Vec::new();
        }
        let mut found: Vec<usize> =
            self.ingress_calls.matching(text).into_iter().map(|at| self.ingress_of_call[at]).collect();
        found.dedup();
        found.into_iter().map(|at| &self.ingress[at]).collect()
    }

    /// How a call builds a response, if it does: where its status is, and the default.
    pub fn response(&self, text: &str) -> Option<&(ResponseStatus, u16)> {
        let found = self.known_responses.of(text, || self.responses.matching(text).first().copied());
        found.map(|at| &self.response_of[at])
    }
}

/// The roles that are meant, and those that are excepted.
fn bits(matching: &[usize], roles: &[(u32, bool)]) -> (Roles, Roles) {
    let (mut yes, mut no) = (0, 0);
    for at in matching {
        let (bit, except) = roles[*at];
        *(if except { &mut no } else { &mut yes }) |= 1u64 << bit;
    }
    (yes, no)
}

fn status_place(text: Option<&str>) -> ResponseStatus {
    match text {
        None => ResponseStatus::Fixed,
        Some("receiver") => ResponseStatus::Receiver,
        Some(text) => match text.split_once('.') {
            Some((at, field)) => ResponseStatus::Field(at.parse().unwrap_or(0), field.to_owned()),
            None => text.parse().map_or(ResponseStatus::Fixed, ResponseStatus::Argument),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_models_compile() {
        let models = Models::load(&[]).expect("built-in models");
        assert_ne!(models.roles_of_call("@slack/web-api#WebClient.users.info").0 & models.role("api"), 0);
        assert_eq!(models.roles_of_call("lodash#map").0 & models.role("api"), 0);
    }

    #[test]
    fn an_exception_holds_against_what_a_name_suggests() {
        let models = Models::load(&[]).expect("built-in models");
        let store = models.role("store");
        assert_ne!(models.roles_of_name("seen.delete") & store, 0);
        assert_ne!(models.roles_of_call("Map.delete").1 & store, 0);
        assert_eq!(models.roles_of_call("@prisma/client#PrismaClient.user.delete").1 & store, 0);
    }

    #[test]
    fn packages_have_the_roles_that_they_tell() {
        let models = Models::load(&[]).expect("built-in models");
        for (call, role, has) in [
            ("@slack/bolt/dist/Assistant#AllAssistantMiddlewareArgs.setStatus", "api", true),
            ("@slack/bolt#SlackEventMiddlewareArgs.say", "reply", true),
            ("@slack/bolt#SlackEventMiddlewareArgs.payload.say", "reply", false),
            ("discord.js#Event.channel.sendTyping", "api", true),
            ("discord.js#Event.channel.messages.fetch().first().reply", "reply", true),
            ("discord.js#Client.guilds.cache.delete", "api", false),
            ("discord.js#Event.options.getString", "api", false),
            ("telegraf#Context.replyWithPhoto", "reply", true),
            ("telegraf#Context.sendChatAction", "api", true),
            ("telegraf#Context.sendChatAction", "reply", false),
            ("grammy#Bot.api.sendMessage", "reply", true),
            ("openai#default.chat.completions.create", "provider", true),
            ("@anthropic-ai/sdk#default.messages.create", "api", true),
            ("ai#streamText", "api", false),
            ("stripe#default.refunds.create", "refund", true),
            ("stripe#Stripe.checkout.sessions.create", "billing", true),
            ("stripe#default.webhooks.constructEvent", "api", false),
            ("stripe#default.webhooks.constructEvent", "verify", true),
            ("jose#SignJWT.setProtectedHeader().setIssuedAt().sign", "jwt-sign", true),
            ("jose#decodeJwt", "verify", false),
            ("jsonwebtoken#default.verify", "jwt-verify", true),
            ("bcryptjs#default.compare", "password-hash", true),
            ("node:crypto#timingSafeEqual", "compare", true),
            ("bullmq#Queue.add", "emit", true),
            ("node:crypto#createHash().update", "store", false),
        ] {
            assert_eq!(models.roles_of_call(call).0 & models.role(role) != 0, has, "{call} as {role}");
        }
    }

    #[test]
    fn an_alias_keeps_the_rest_of_the_path() {
        let models = Models::load(&[]).expect("built-in models");
        assert_eq!(
            models.alias("@slack/bolt#App.client.users.info").as_deref(),
            Some("@slack/web-api#WebClient.users.info")
        );
    }
}
