// A repository to try changes on: commits are made in a repository of their own that borrows the
// objects of the real one, which is only read.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

export const SOURCE = /\.(ts|tsx|mts|cts)$/;
/** Rules about the change as such have something to say of any change. */
const OF_CHANGES = ["critical-change-without-tests", "disallowed-license", "oversized-change", "undocumented-env"].flatMap((rule) => ["--rule", `${rule}=off`]);
const NOT_OURS = /(^|\/)(node_modules|dist|vendor|generated|__tests__|tests?|e2e)\/|\.d\.ts$|\.(test|spec)\.tsx?$/;

/** The options that all trials share, and those of one; ends the process where they are wrong. */
export function options(usage, more = {}) {
  const shared = {
    rev: { type: "string", default: "HEAD" },
    bin: { type: "string", default: "failpath" },
    files: { type: "string", default: "200" },
    batch: { type: "string", default: "25" },
    only: { type: "string" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  };
  const { values, positionals } = parseArgs({ options: { ...shared, ...more }, allowPositionals: true });
  if (values.help || positionals.length !== 1) {
    console.error(usage);
    process.exit(values.help ? 0 : 2);
  }
  return { ...values, repo: resolve(positionals[0]), files: Number(values.files), batch: Number(values.batch) };
}

export class Trial {
  constructor({ repo, rev, bin, keep }) {
    this.bin = bin;
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), "failpath-trial-")));
    this.gitDir = join(this.folder, "git");
    if (!keep) process.on("exit", () => rmSync(this.folder, { recursive: true, force: true }));
    const of = (args) => execFileSync("git", ["-C", repo, ...args], { encoding: "utf8" }).trim();
    const objects = resolve(repo, of(["rev-parse", "--git-path", "objects"]));
    this.start = of(["rev-parse", "--verify", "--end-of-options", `${rev}^{commit}`]);
    execFileSync("git", ["init", "-q", "--bare", this.gitDir]);
    writeFileSync(join(this.gitDir, "objects/info/alternates"), `${objects}\n`);
    this.git(["update-ref", "refs/heads/main", this.start]);
  }

  git(args, input, env = {}) {
    const identity = { GIT_AUTHOR_NAME: "t", GIT_AUTHOR_EMAIL: "t@localhost", GIT_COMMITTER_NAME: "t", GIT_COMMITTER_EMAIL: "t@localhost" };
    return execFileSync("git", ["--git-dir", this.gitDir, ...args], {
      encoding: "utf8",
      input,
      maxBuffer: 1 << 30,
      env: { ...process.env, ...identity, ...env },
    });
  }

  paths(rev) {
    return this.git(["ls-tree", "-r", "--name-only", "-z", rev]).split("\0").filter(Boolean);
  }

  /** Our own source files. */
  sources(rev = this.start) {
    return this.paths(rev).filter((path) => SOURCE.test(path) && !NOT_OURS.test(path));
  }

  /** The texts of many files at once. */
  read(rev, paths) {
    const out = execFileSync("git", ["--git-dir", this.gitDir, "cat-file", "--batch"], {
      input: paths.map((path) => `${rev}:${path}\n`).join(""),
      maxBuffer: 1 << 30,
    });
    const texts = new Map();
    let at = 0;
    for (const path of paths) {
      const line = out.indexOf(10, at);
      const size = Number(out.subarray(at, line).toString().split(" ").at(-1));
      // A partial clone lacks some.
      if (Number.isNaN(size)) {
        at = line + 1;
        continue;
      }
      texts.set(path, out.subarray(line + 1, line + 1 + size).toString("utf8"));
      at = line + 1 + size + 1;
    }
    return texts;
  }

  /** All files of a commit that a compiler wants, written to a folder. */
  checkOut(rev, to) {
    const paths = this.paths(rev).filter((path) => SOURCE.test(path) || /(^|\/)(package|tsconfig[^/]*)\.json$/.test(path));
    for (const [path, text] of this.read(rev, paths)) {
      mkdirSync(dirname(join(to, path)), { recursive: true });
      writeFileSync(join(to, path), text);
    }
    return paths;
  }

  /** A commit on top of `parent`: `texts` by path, `null` for a file that goes. */
  commit(parent, texts) {
    const env = { GIT_INDEX_FILE: join(this.folder, "index") };
    this.git(["read-tree", parent], undefined, env);
    let info = "";
    for (const [path, text] of texts) {
      const id = text === null ? null : this.git(["hash-object", "-w", "--stdin"], text).trim();
      info += id ? `100644 ${id}\t${path}\n` : `0 ${"0".repeat(40)}\t${path}\n`;
    }
    this.git(["update-index", "--index-info"], info, env);
    const tree = this.git(["write-tree", "--missing-ok"], undefined, env).trim();
    return this.git(["commit-tree", tree, "-p", parent, "-m", "trial"]).trim();
  }

  /** What failpath says of a change. */
  check(base, head, more = []) {
    const args = ["check", ...(base ? ["--base", base] : ["--all"]), "--head", head, "--isolated", "--format", "json", ...OF_CHANGES, ...more];
    const { GITHUB_ACTIONS: _, ...env } = process.env;
    const done = spawnSync(this.bin, args, { encoding: "utf8", maxBuffer: 1 << 30, env: { ...env, GIT_DIR: this.gitDir } });
    if (done.error || ![0, 1].includes(done.status)) {
      throw new Error(`${this.bin} ${args.join(" ")} ended with ${done.status}: ${done.error ?? done.stderr}`);
    }
    return JSON.parse(done.stdout);
  }
}

/** Files that are looked at, those with findings first, then those where something comes in. */
export function choose(trial, rev, count) {
  const all = trial.check(null, rev, ["--min-confidence", "low"]);
  const known = new Set(trial.sources(rev));
  const chosen = new Set();
  for (const finding of all.findings) {
    for (const place of [finding, ...finding.labels, ...finding.trace]) if (known.has(place.path)) chosen.add(place.path);
  }
  const enters = /export\s+(async\s+)?(function|const)\s+(GET|POST|PUT|PATCH|DELETE)\b|["']use server["']|\.(on|event|message|command|action|get|post|use)\(\s*["'`]|process\.env\.\w*(SECRET|TOKEN|KEY)/;
  const rest = [...known].filter((path) => !chosen.has(path));
  for (const [path, text] of trial.read(rev, rest)) {
    if (chosen.size >= count) break;
    if (enters.test(text)) chosen.add(path);
  }
  return { files: [...chosen].slice(0, Math.max(count, 1)).sort(), findings: all.findings.length };
}

/** Lists of at most `size`. */
export function batches(all, size) {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}
