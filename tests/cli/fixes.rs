//! Fixes that are written, and fixes that are printed.

use crate::scratch::Scratch;

const WAITED: &str = "async function load(id) {\n  const found = await fetch(`https://example.com/${id}`);\n  if (!found.ok) throw new Error(id);\n  return found.json();\n}\n\nexport async function profile(id) {\n  try {\n    return await load(id);\n  } catch {\n    return { name: \"somebody\" };\n  }\n}\n";

fn unwaited() -> String {
    WAITED.replace("return await load", "return load")
}

fn scratch() -> Scratch {
    let scratch = Scratch::with(&[("src/a.ts", WAITED)]);
    scratch.write("src/a.ts", unwaited());
    scratch
}

#[test]
fn a_fix_is_offered_printed_and_written() {
    let scratch = scratch();
    let strict = ["--fail-on", "warning"];
    scratch.run(&strict).with(1).says(&["missing-return-await", "fix: `--diff` prints one, `--fix` makes it"]);
    let patch = scratch.run(&[&strict[..], &["--diff"]].concat()).with(1).stdout;
    assert!(patch.starts_with("--- a/src/a.ts\n+++ b/src/a.ts\n@@ "), "{patch}");
    assert!(patch.contains("-    return load(id);\n+    return await load(id);\n"), "{patch}");
    assert_eq!(scratch.read("src/a.ts"), unwaited());
    // The patch is one that git takes.
    scratch.write("../a.patch", &patch);
    scratch.git(&["apply", "--check", "../a.patch"]);
    let said = scratch.run(&[&strict[..], &["--fix"]].concat()).with(0);
    said.says(&["fixed 1 finding in src/a.ts", "0 new"]);
    assert_eq!(scratch.read("src/a.ts"), WAITED);
    scratch.run(&[&strict[..], &["--fix"]].concat()).with(0).says_nothing_of(&["fixed 1"]);
}

#[test]
fn a_fix_keeps_the_file_as_it_is_otherwise() {
    let scratch = Scratch::with(&[("src/a.ts", WAITED)]);
    let crlf = format!("\u{feff}{}", unwaited().replace('\n', "\r\n"));
    scratch.write("src/a.ts", &crlf);
    scratch.git(&["update-index", "--chmod=+x", "src/a.ts"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = scratch.path.join("src/a.ts");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        scratch.run(&["--fix"]).with(0).says(&["fixed 1 finding"]);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o755);
    }
    assert_eq!(scratch.read("src/a.ts"), crlf.replace("return load", "return await load"));
}

#[test]
fn only_the_work_tree_is_written() {
    let scratch = scratch();
    scratch.git(&["add", "-A"]);
    scratch.run(&["--fix", "--staged"]).with(2).says(&["cannot be used with"]);
    scratch.commit();
    scratch.run(&["--fix", "--base", "main", "--head", "topic"]).with(2).says(&["cannot be used with"]);
    scratch.run(&["--base", "main", "--head", "topic", "--diff"]).with(0).says(&["+    return await load(id);"]);
    assert_eq!(scratch.read("src/a.ts"), unwaited());
}
