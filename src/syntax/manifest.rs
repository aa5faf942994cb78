//! Facts of a package.json: name, dependencies, workspaces, licence.
