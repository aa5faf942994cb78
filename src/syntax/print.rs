//! Short, canonical text of expressions for messages and identities (`users.info`).
