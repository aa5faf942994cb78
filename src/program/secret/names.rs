//! What names say: secret, platform, opt-out, logger. Names propose; running the function decides.
//!
//! In: a name as written. Out: what its words mean.

use super::Production;

/// What a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A secret wherever it stands: `webhookSecret`, `SIGNING_KEY`.
    Secret,
    /// A secret where it is a setting, a credential where a caller sends it: `apiKey`, `token`.
    Key,
    /// A question about the platform.
    Platform(Production),
    /// A setting that turns something off.
    OptOut,
    /// Nothing of interest.
    None,
}

/// The words of a name, in lower case: `GITHUB_WEBHOOK_SECRET`, `githubWebhookSecret`.
pub fn words(name: &str) -> Words {
    let mut words = String::with_capacity(name.len() + 4);
    let mut fresh = true;
    let mut upper_before = false;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_alphanumeric() {
            fresh = true;
            upper_before = false;
            continue;
        }
        let starts = c.is_uppercase() && (!upper_before || chars.peek().is_some_and(|next| next.is_lowercase()));
        if (fresh || starts) && !words.is_empty() {
            words.push(BETWEEN);
        }
        words.extend(c.to_lowercase());
        fresh = false;
        upper_before = c.is_uppercase() || c.is_ascii_digit();
    }
    Words(words)
}

/// Words in one text: names are looked at very often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(String);

/// What stands between words; no part of any.
const BETWEEN: char = ' ';

impl Words {
    /// The words, in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split(BETWEEN).filter(|word| !word.is_empty())
    }

    /// The first one.
    pub fn first(&self) -> Option<&str> {
        self.iter().next()
    }

    /// The last one.
    pub fn last(&self) -> Option<&str> {
        self.iter().next_back()
    }

    /// Whether this is one of them.
    pub fn has(&self, wanted: &str) -> bool {
        self.iter().any(|word| word == wanted)
    }
}

const NOT_A_SECRET: &[&str] = &[
    "id",
    "ids",
    "prefix",
    "name",
    "names",
    "ttl",
    "rounds",
    "length",
    "size",
    "header",
    "headers",
    "url",
    "uri",
    "path",
    "public",
    "captcha",
    "recaptcha",
    "hcaptcha",
    "turnstile",
    "altcha",
    "pow",
    "expiry",
    "expires",
    "expiration",
    "count",
    "limit",
    "limits",
    "version",
    "algorithm",
    "alg",
    "type",
    "max",
    "min",
    "field",
    "label",
    "cache",
    "leader",
    "lock",
    "index",
    "usage",
    "hint",
    "scope",
    "scopes",
    "issuer",
    "audience",
    "file",
    "primary",
    "foreign",
    "partition",
    "sort",
    "address",
    "mint",
    "contract",
    "budget",
    "rate",
    "cards",
    "placeholder",
];

/// What a name means.
pub fn meaning(name: &str) -> Meaning {
    let words = words(name);
    let words: Vec<&str> = words.iter().collect();
    if words.is_empty() {
        return Meaning::None;
    }
    if let Some(answer) = platform(&words) {
        return Meaning::Platform(answer);
    }
    if opts_out(&words) {
        return Meaning::OptOut;
    }
    if words.iter().any(|word| NOT_A_SECRET.contains(word)) {
        return Meaning::None;
    }
    let has = |word: &str| words.contains(&word);
    let last = words.last().copied().unwrap_or_default();
    let asks = matches!(words[0], "is" | "has" | "get" | "set" | "verify" | "validate" | "generate" | "create");
    if asks && !is_constant(name) {
        return Meaning::None;
    }
    let key = has("key") || last == "keys";
    let strong_key = key
        && (has("signing")
            || has("webhook")
            || has("encryption")
            || has("private")
            || has("hmac")
            || has("jwt")
            || has("session")
            || has("cookie"));
    if has("secret") || has("secretkey") || strong_key || (has("client") && last == "state") {
        return Meaning::Secret;
    }
    if has("expected") && (has("token") || key || has("password")) {
        return Meaning::Secret;
    }
    let before = ["api", "auth", "admin", "internal", "service", "master", "shared", "access", "control", "health"];
    let named_key = (key && before.iter().any(|word| has(word))) || has("apikey");
    let token =
        matches!(last, "token" | "tokens" | "password" | "passwd" | "passphrase" | "credential" | "credentials");
    if named_key || token {
        return Meaning::Key;
    }
    Meaning::None
}

fn platform(words: &[&str]) -> Option<Production> {
    match words {
        ["environment" | "stage"]
        | ["node" | "app" | "deploy" | "deployment" | "vercel" | "runtime" | "railway", "env" | "environment"] => {
            Some(Production::Name)
        }
        ["vercel" | "netlify" | "render" | "railway"] => Some(Production::On),
        ["ci" | "vitest" | "test" | "debug"] | ["jest", ..] => Some(Production::Off),
        ["is" | "in", rest @ ..] | rest if rest.len() <= 2 => match rest.first()? {
            &"prod" | &"production" => Some(Production::On),
            &"dev" | &"development" | &"local" | &"localhost" | &"testing"
                if words[0] == "is" || words[0] == "in" || rest.len() == 1 || rest[1] == "mode" =>
            {
                Some(Production::Off)
            }
            &"test" | &"staging" if words[0] == "is" => Some(Production::Off),
            _ => None,
        },
        _ => None,
    }
}

fn opts_out(words: &[&str]) -> bool {
    let off = |word: &&str| {
        matches!(
            *word,
            "disable" | "disabled" | "skip" | "allow" | "insecure" | "bypass" | "unsafe" | "ignore" | "dangerously"
        )
    };
    let first = if matches!(words[0], "is" | "should") && words.len() > 1 { words[1] } else { words[0] };
    let secret = words.iter().any(|word| matches!(*word, "secret" | "token" | "key" | "password"));
    (off(&first) && !(secret && first == "bypass"))
        || words.last().is_some_and(|word| *word == "disabled" || *word == "insecure")
        || (!secret && words.iter().any(|word| matches!(*word, "skip" | "disable" | "insecure" | "unauthenticated")))
}

/// Whether a name is written like a constant or a variable of the environment.
pub fn is_constant(name: &str) -> bool {
    name.len() > 1 && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Whether a part of a path is what a caller sent.
pub fn is_request(part: &str) -> bool {
    matches!(
        part,
        "req"
            | "request"
            | "headers"
            | "header"
            | "headersList"
            | "body"
            | "query"
            | "payload"
            | "cookies"
            | "searchParams"
            | "params"
            | "formData"
            | "notification"
            | "event"
            | "message"
            | "socket"
            | "handshake"
            | "input"
    )
}

/// Whether a part of a path holds settings of this installation.
pub fn is_settings(part: &str) -> bool {
    let words = words(part);
    words.last().is_some_and(|word| {
        matches!(
            word,
            "config"
                | "configuration"
                | "settings"
                | "setting"
                | "options"
                | "opts"
                | "secrets"
                | "credentials"
                | "env"
                | "conf"
                | "cfg"
                | "integration"
                | "constants"
                | "account"
                | "webhook"
                | "endpoint"
                | "connection"
        )
    })
}

/// Whether a call by this name reads a variable of the environment by its name.
pub fn reads_environment(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|word| matches!(word, "env" | "config" | "setting" | "secret" | "environment" | "envvar"))
}

/// Whether a call by this name never comes back without a value.
pub fn must_be_there(name: &str) -> bool {
    let words = words(name);
    words.first().is_some_and(|word| matches!(word, "require" | "must" | "ensure" | "assert" | "expect" | "load"))
        || words.iter().any(|word| matches!(word, "throw" | "required" | "create" | "generate"))
}

/// The secret that a call by this name gives: `getWebhookSecret` gives `webhookSecret`.
pub fn gives_secret(name: &str) -> Option<String> {
    let words = words(name);
    let verb =
        words.first().filter(|word| matches!(*word, "get" | "find" | "fetch" | "read" | "resolve" | "lookup"))?;
    let last = words.last();
    let signing = words.has("signing");
    if words.iter().nth(1).is_none() || !(last == Some("secret") || (last == Some("key") && signing)) {
        return None;
    }
    let rest = name.get(verb.len()..).unwrap_or_default().trim_start_matches('_');
    let mut chars = rest.chars();
    let first = chars.next()?;
    Some(first.to_lowercase().chain(chars).collect())
}

/// Whether `name` is the secret that is called `asked`, also where `asked` is a question for it:
/// `isSlackSigningConfigured` asks for `SLACK_SIGNING_SECRET`.
pub fn is_same_secret(asked: &str, name: &str) -> bool {
    if asked == name {
        return true;
    }
    if configured(asked).is_none() {
        return false;
    }
    let (asked, name) = (words(asked), words(name));
    let asked: Vec<&str> = asked.iter().collect();
    asked.get(1..asked.len() - 1).is_some_and(|about| about.iter().all(|word| name.has(word)))
}

/// The secret whose presence a call by this name asks for: `isSigningConfigured` asks for the
/// signing secret.
pub fn configured(name: &str) -> Option<String> {
    let words = words(name);
    let asks = matches!(words.first(), Some("is" | "has"));
    let there = words.last().is_some_and(|word| matches!(word, "configured" | "set" | "present"))
        || (words.first().is_some_and(|word| word == "has") && words.last().is_some_and(|word| word == "secret"));
    let about = words.iter().any(|word| matches!(word, "signing" | "secret" | "signature" | "auth" | "webhook"));
    (asks && there && about && words.iter().nth(2).is_some()).then(|| name.to_string())
}

/// Whether a method by this name gives the same text in another form.
pub fn keeps_text(name: &str) -> bool {
    matches!(name, "trim" | "toString" | "toLowerCase" | "toUpperCase" | "replace" | "trimEnd" | "trimStart" | "slice")
}

/// Whether a call by this name checks what it is given: `verifySignature`, `timingSafeEqual`.
pub fn checks(name: &str) -> bool {
    // `text.match(..)` and `check(..)` say nothing by themselves.
    if is_anti_abuse(name) || matches!(name, "match" | "matches" | "check" | "checks" | "matchAll") {
        return false;
    }
    let words = words(name);
    words.iter().any(|word| {
        matches!(
            word,
            "verify"
                | "verifies"
                | "verified"
                | "verifier"
                | "validate"
                | "valid"
                | "equal"
                | "equals"
                | "compare"
                | "matches"
                | "match"
                | "authenticate"
                | "authorize"
                | "check"
                | "unwrap"
        ) || word.starts_with("verif")
    }) || name == "constructEvent"
        || name == "constructEventAsync"
}

/// Whether a failed check by this name throws when nobody looks at the result.
pub fn may_throw_on_failure(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|word| {
        matches!(word, "verify" | "validate" | "assert" | "authenticate" | "authorize" | "unwrap" | "check")
    }) || name.starts_with("constructEvent")
}

/// Whether a call by this name lets callers in by other means than the secret at hand.
pub fn is_other_auth(name: &str) -> bool {
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word));
    has(&["auth", "authenticate", "authenticated", "authorize", "session", "jwt", "oauth"])
        || (has(&["require", "current"]) && has(&["user", "admin", "member"]))
        || (has(&["verify", "validate"]) && has(&["token", "user", "access"]))
}

/// Whether a name is about abuse, not about who the caller is: captcha, proof of work.
pub fn is_anti_abuse(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|word| {
        matches!(word, "captcha" | "recaptcha" | "hcaptcha" | "turnstile" | "altcha" | "pow" | "honeypot" | "challenge")
    }) || name.contains("ProofOfWork")
        || name.contains("PoW")
        || words.0.contains("proof of work")
}

/// Whether a path is a logger's: `console.warn`, `this.logger.error`, `log`.
pub fn is_logger(path: &[&str]) -> bool {
    path.iter().any(|part| {
        let words = words(part);
        words.iter().any(|word| matches!(word, "console" | "logger" | "log" | "logging"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_into_words() {
        assert_eq!(words("githubWebhookSECRET").0, "github webhook secret");
        assert_eq!(words("HTTPServerKey2").0, "http server key2");
        assert_eq!(words("_STRIPE_WEBHOOK__SECRET_").0, "stripe webhook secret");
        assert_eq!(words("a_b").iter().rev().collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!((words("_").first(), words("").last()), (None, None));
    }

    #[test]
    fn meanings_follow_the_words() {
        for name in ["CRON_SECRET", "clientState", "signingKey", "webhookSecret", "expectedToken"] {
            assert_eq!(meaning(name), Meaning::Secret, "{name}");
        }
        for name in ["ADMIN_API_KEY", "token", "METRICS_PASSWORD", "apiKey"] {
            assert_eq!(meaning(name), Meaning::Key, "{name}");
        }
        for name in
            ["JWT_SIGNING_KEY_ID", "TOKEN_PREFIX", "PASSWORD_ROUNDS", "secretName", "TURNSTILE_SECRET_KEY", "user"]
        {
            assert_eq!(meaning(name), Meaning::None, "{name}");
        }
        for name in ["SKIP_WEBHOOK_VERIFICATION", "disableAuth", "AUTH_DISABLED", "allowUnsigned"] {
            assert_eq!(meaning(name), Meaning::OptOut, "{name}");
        }
        assert_eq!(meaning("NODE_ENV"), Meaning::Platform(Production::Name));
        assert_eq!(meaning("isProduction"), Meaning::Platform(Production::On));
        assert_eq!(meaning("isDev"), Meaning::Platform(Production::Off));
    }

    #[test]
    fn abuse_is_not_access() {
        assert!(is_anti_abuse("verifyPoW"));
        assert!(is_anti_abuse("verifyTurnstile"));
        assert!(!is_anti_abuse("verifyWebhook"));
    }
}
