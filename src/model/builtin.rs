//! The models that come with failpath: one line for each file of `rules/models`.
//!
//! In: nothing. Out: the files' names and texts.

/// Name and content of each file.
pub const BUILTIN: &[(&str, &str)] = &[
    ("ai", include_str!("../../rules/models/ai.toml")),
    ("auth", include_str!("../../rules/models/auth.toml")),
    ("chat", include_str!("../../rules/models/chat.toml")),
    ("crypto", include_str!("../../rules/models/crypto.toml")),
    ("discord", include_str!("../../rules/models/discord.toml")),
    ("express", include_str!("../../rules/models/express.toml")),
    ("fastify", include_str!("../../rules/models/fastify.toml")),
    ("hono", include_str!("../../rules/models/hono.toml")),
    ("job", include_str!("../../rules/models/job.toml")),
    ("language", include_str!("../../rules/models/language.toml")),
    ("mcp", include_str!("../../rules/models/mcp.toml")),
    ("next", include_str!("../../rules/models/next.toml")),
    ("payment", include_str!("../../rules/models/payment.toml")),
    ("react", include_str!("../../rules/models/react.toml")),
    ("services", include_str!("../../rules/models/services.toml")),
    ("slack", include_str!("../../rules/models/slack.toml")),
    ("stream", include_str!("../../rules/models/stream.toml")),
    ("telegram", include_str!("../../rules/models/telegram.toml")),
    ("trpc", include_str!("../../rules/models/trpc.toml")),
    ("web", include_str!("../../rules/models/web.toml")),
    ("work", include_str!("../../rules/models/work.toml")),
];

#[cfg(test)]
mod tests {
    #[test]
    fn every_file_of_the_folder_is_listed() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/models");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("rules/models")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter_map(|name| Some(name.strip_suffix(".toml")?.to_owned()))
            .collect();
        files.sort();
        let listed: Vec<&str> = super::BUILTIN.iter().map(|(name, _)| *name).collect();
        assert_eq!(files, listed);
    }
}
