//! Which two sides each mode compares.

use crate::repo::{Repo, git, probe, probed_lines, revs, show, since};
use failpath::change::{Range, Side};
use failpath::git::{Env, compare};

fn all_at(head: &str) -> Range {
    Range::AllAt { head: head.to_owned() }
}

#[test]
fn the_work_tree_since_the_default_branch() {
    let repo = Repo::with(&[("a.ts", "1\n"), ("gone.ts", "x\n"), (".gitignore", "ignored.ts\n")]);
    repo.git(&["switch", "-q", "-c", "topic"]);
    repo.write("b.ts", "b\n");
    repo.commit("on topic");
    repo.write("a.ts", "1\n2\n");
    repo.write("new/untracked.ts", "u\n");
    repo.write("ignored.ts", "i\n");
    repo.write("node_modules/x/index.js", "n\n");
    std::fs::remove_file(repo.path.join("gone.ts")).unwrap();
    let expected = "M a.ts -1,0 +2,1\nA b.ts -0,0 +1,1\nD gone.ts -1,1 +0,0\nA new/untracked.ts -0,0 +1,1\n";
    assert_eq!(repo.show(&Range::Default), expected);
    assert_eq!(repo.show(&since("main")), expected);
    let (change, _) = compare(&Range::Default, &Env::new(repo.path.join("new"))).unwrap();
    assert_eq!((change.base_name.as_str(), change.head, change.all), ("main", Side::WorkTree, false));
    assert_eq!(change.root.unwrap().canonicalize().unwrap(), repo.path);
}

#[test]
fn work_of_others_on_the_base_branch_is_not_shown() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    repo.git(&["switch", "-q", "-c", "topic"]);
    repo.write("b.ts", "b\n");
    repo.commit("on topic");
    repo.git(&["switch", "-q", "main"]);
    repo.write("theirs.ts", "t\n");
    repo.commit("on main");
    assert_eq!(repo.show(&revs("main", "topic")), "A b.ts -0,0 +1,1\n");
    repo.git(&["switch", "-q", "topic"]);
    assert_eq!(repo.show(&since("main")), "A b.ts -0,0 +1,1\n");
}

#[test]
fn any_way_to_name_a_revision() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    let first = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["tag", "-a", "v1", "-m", "v1"]);
    repo.write("b.ts", "b\n");
    repo.commit("second");
    for base in [first.as_str(), &first[..10], "v1", "HEAD~1", "main^", "refs/tags/v1"] {
        assert_eq!(repo.show(&revs(base, "HEAD")), "A b.ts -0,0 +1,1\n", "{base}");
    }
    assert_eq!(repo.show(&revs("HEAD", "HEAD")), "");
}

#[test]
fn an_unknown_revision_is_an_error_with_a_way_out() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    let error = repo.error(&revs("nowhere", "HEAD"));
    assert!(error.contains("`nowhere`") && error.contains("git fetch origin nowhere"), "{error}");
    let error = repo.error(&since("0123456789012345678901234567890123456789"));
    assert!(error.contains("0123456789012345678901234567890123456789"), "{error}");
    let error = repo.error(&revs("main", "--upload-pack=x"));
    assert!(error.contains("begins with `-`"), "{error}");
    repo.git(&["update-ref", "refs/remotes/origin/release", "HEAD"]);
    let error = repo.error(&since("release"));
    assert!(error.contains("origin/release"), "{error}");
}

#[test]
fn the_default_branch_is_looked_for_in_order() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    let error = repo.error(&Range::Default);
    assert!(error.contains("no other local main or master") && error.contains("--base REV"), "{error}");
    let name = |env: &Env| compare(&Range::Default, env).unwrap().0.base_name;
    let mut env = Env::new(&repo.path);
    repo.git(&["branch", "master"]);
    assert_eq!(name(&env), "master");
    repo.git(&["remote", "add", "origin", "/nowhere"]);
    repo.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    assert_eq!(name(&env), "origin/main");
    repo.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
    let error = repo.error(&Range::Default);
    assert!(error.contains("origin/main, origin/master"), "{error}");
    repo.git(&["update-ref", "refs/remotes/origin/develop", "HEAD"]);
    repo.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop"]);
    assert_eq!(name(&env), "origin/develop");
    env.vars.insert("GITHUB_BASE_REF".to_owned(), "master".to_owned());
    assert_eq!(name(&env), "origin/master");
    env.default_branch = Some("main".to_owned());
    assert_eq!(name(&env), "origin/main");
}

#[test]
fn staged_reads_the_index_and_never_the_disk() {
    let repo = Repo::with(&[("a.ts", "1\n"), ("b.ts", "b\n")]);
    repo.write("a.ts", "1\nstaged\n");
    repo.git(&["add", "a.ts"]);
    repo.write("a.ts", "1\nstaged\nlater\n");
    repo.write("b.ts", "not staged\n");
    repo.write("planned.ts", "p\n");
    repo.git(&["add", "-N", "planned.ts"]);
    let (change, reader) = repo.compare(&Range::Staged).unwrap();
    assert_eq!(show(&change), "M a.ts -1,0 +2,1\n");
    assert_eq!(reader.read(failpath::source::At::Head, "a.ts").unwrap().text, "1\nstaged\n");
}

#[test]
fn before_the_first_commit() {
    let repo = Repo::empty();
    assert_eq!(repo.show(&Range::Staged), "");
    assert_eq!(repo.show(&Range::All), "");
    repo.write("a.ts", "1\n2\n");
    repo.git(&["add", "a.ts"]);
    let (change, _) = repo.compare(&Range::Staged).unwrap();
    assert_eq!((show(&change).as_str(), change.all), ("A a.ts -0,0 +1,2\n", false));
    assert_eq!(repo.show(&Range::All), "A a.ts\n");
    for range in [Range::Default, revs("HEAD~1", "HEAD"), all_at("HEAD")] {
        let error = repo.error(&range);
        assert!(error.contains("no commit"), "{error}");
    }
}

#[test]
fn everything_in_a_repository_a_folder_and_a_commit() {
    let repo = Repo::with(&[("a.ts", "1\n"), (".gitignore", "out/\n"), (".github/x.yml", "x\n")]);
    repo.write("b.ts", "b\n");
    repo.write("out/c.ts", "c\n");
    let (change, _) = repo.compare(&Range::All).unwrap();
    assert_eq!(show(&change), "A .github/x.yml\nA .gitignore\nA a.ts\nA b.ts\n");
    assert!(change.all && change.is_added(&change.files[2], 1));
    assert_eq!(repo.show(&all_at("HEAD")), "A .github/x.yml\nA .gitignore\nA a.ts\n");

    let folder = Repo::folder();
    folder.write("src/a.ts", "1\n");
    folder.write("src/.gitignore", "/b.ts\n");
    folder.write("src/b.ts", "b\n");
    folder.write("node_modules/x/index.js", "n\n");
    let (change, reader) = folder.compare(&Range::All).unwrap();
    assert_eq!(show(&change), "A src/.gitignore\nA src/a.ts\n");
    assert_eq!((change.head, change.git_dir), (Side::Folder, None));
    assert_eq!(reader.read(failpath::source::At::Head, "src/a.ts").unwrap().text, "1\n");
    let error = folder.error(&Range::Default);
    assert!(error.contains("not inside a git repository") && error.contains("--all"), "{error}");
}

#[test]
fn a_bare_copy_named_by_the_environment() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    repo.write("b.ts", "b\n");
    repo.commit("second");
    let bare = repo.beside("bare");
    repo.git(&["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    let error = crate::repo::error(compare(&Range::All, &Env::new(&bare)));
    assert!(error.contains("has no work tree") && error.contains("--all --head REV"), "{error}");
    for config in [true, false] {
        if !config {
            std::fs::remove_file(bare.join("config")).unwrap();
        }
        let vars = [("GIT_DIR", bare.to_str().unwrap())];
        let root = std::path::Path::new("/");
        assert_eq!(probe(root, "HEAD~1 HEAD", &vars), "A b.ts -0,0 +1,1\n");
        assert_eq!(probe(root, "all HEAD", &vars), "A a.ts\nA b.ts\n");
    }
}

#[test]
fn a_hook_of_a_partial_commit_sees_the_index_of_that_commit() {
    let repo = Repo::with(&[("a.ts", "1\n"), ("b.ts", "1\n")]);
    repo.write("a.ts", "2\n");
    repo.write("b.ts", "2\n");
    repo.git(&["add", "a.ts"]);
    let answer = repo.beside("answer");
    let program = std::env::current_exe().unwrap();
    let hook = format!(
        "#!/bin/sh\nPROBE=staged '{}' --exact repo::probed --ignored --nocapture > '{}'\n",
        program.display(),
        answer.display()
    );
    repo.write(".git/hooks/pre-commit", hook);
    git(&repo.path, &["update-index", "--chmod=+x", "a.ts"]);
    std::process::Command::new("chmod").args(["+x", ".git/hooks/pre-commit"]).current_dir(&repo.path).status().unwrap();
    repo.git(&["commit", "-q", "-m", "only b", "--", "b.ts"]);
    assert_eq!(probed_lines(&std::fs::read_to_string(answer).unwrap()), "M b.ts -1,1 +1,1\n");
}

#[test]
fn pre_commit_gives_a_range() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    repo.write("b.ts", "b\n");
    repo.commit("second");
    let mut env = Env::new(&repo.path);
    env.vars.insert("PRE_COMMIT_FROM_REF".to_owned(), "HEAD~1".to_owned());
    env.vars.insert("PRE_COMMIT_TO_REF".to_owned(), "HEAD".to_owned());
    assert_eq!(show(&compare(&Range::Default, &env).unwrap().0), "A b.ts -0,0 +1,1\n");
}

#[test]
fn several_places_where_the_ends_parted() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    repo.git(&["switch", "-q", "-c", "left"]);
    repo.write("left.ts", "l\n");
    let left = repo.commit("left");
    repo.git(&["switch", "-q", "-c", "right", "main"]);
    repo.write("right.ts", "r\n");
    let right = repo.commit("right");
    repo.git(&["merge", "-q", "--no-edit", &left]);
    repo.git(&["switch", "-q", "left"]);
    repo.git(&["merge", "-q", "--no-edit", &right]);
    repo.write("left.ts", "more\n");
    repo.commit("more");
    let error = repo.error(&revs("right", "left"));
    assert!(error.contains(&left) && error.contains(&right) && error.contains("--base "), "{error}");
    // What the error proposes works.
    assert_eq!(repo.show(&revs(&right, "left")), "A left.ts -0,0 +1,1\n");
}

#[test]
fn unrelated_histories() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    repo.git(&["switch", "-q", "--orphan", "other"]);
    repo.write("b.ts", "b\n");
    repo.commit("other");
    let error = repo.error(&revs("main", "other"));
    assert!(error.contains("no common commit") && error.contains("unrelated"), "{error}");
}

#[test]
fn a_linked_work_tree() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "-q", "-b", "topic", linked.to_str().unwrap()]);
    std::fs::write(linked.join("a.ts"), "2\n").unwrap();
    std::fs::write(linked.join("b.ts"), "b\n").unwrap();
    let (change, reader) = compare(&Range::Default, &Env::new(&linked)).unwrap();
    assert_eq!(show(&change), "M a.ts -1,1 +1,1\nA b.ts -0,0 +1,1\n");
    assert_eq!(reader.read(failpath::source::At::Base, "a.ts").unwrap().text, "1\n");
    assert_eq!(probe(&linked, "default", &[]), "M a.ts -1,1 +1,1\nA b.ts -0,0 +1,1\n");
}

#[test]
fn a_shallow_clone_names_the_way_out() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    let first = repo.git(&["rev-parse", "HEAD"]);
    repo.write("b.ts", "b\n");
    let second = repo.commit("second");
    repo.write("c.ts", "c\n");
    repo.commit("third");
    let clone = repo.beside("clone");
    let url = format!("file://{}", repo.path.display());
    repo.git(&["clone", "-q", "--depth=1", &url, clone.to_str().unwrap()]);
    let run = |base: &str| compare(&revs(base, "HEAD"), &Env::new(&clone));
    for base in [first.as_str(), "HEAD~1"] {
        let error = crate::repo::error(run(base));
        assert!(error.contains(base) && error.contains("fetch-depth: 0"), "{error}");
    }
    // A parent at the boundary needs no history once it is there; what lies further back does.
    git(&clone, &["fetch", "-q", "--depth=1", "origin", &second]);
    assert_eq!(show(&run(&second).unwrap().0), "A c.ts -0,0 +1,1\n");
    git(&clone, &["fetch", "-q", "--depth=1", "origin", &first]);
    let error = crate::repo::error(run(&first));
    assert!(error.contains("no common commit") && error.contains("git fetch --unshallow"), "{error}");
}
