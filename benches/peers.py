#!/usr/bin/env python3
"""Measures failpath beside its peers, side by side and in the same minutes.

Three tables: one file, changes of about ten files (each against its first parent), a whole
repository. Figures are of whole processes: wall clock, processor time, peak memory; medians of
several runs that take turns, and ratios to the peer of the same turn. The peers come from their own
registries into a folder of their own, which is kept for the next time.

    benches/peers.py --bin target/release/failpath --walk target/release/examples/walk \\
        --repo path/to/repo.git --commits commits.txt

`commits.txt` names a commit on each line (what follows it on the line is ignored); without it the
latest commits that change 6 to 14 source files are taken.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
# Two patterns of the kind that the rules of failpath begin with.
PATTERNS = """id: awaited
language: {language}
severity: warning
message: awaited
rule: {{ pattern: "await $X($$$A)" }}
---
id: secret
language: {language}
severity: warning
message: secret
rule: {{ pattern: "process.env.$X || $Y" }}
"""


def run(command, folder, env=None):
    """Runs a command; wall seconds, processor seconds, peak MiB, exit code, stderr."""
    with tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=err, env={**os.environ, **(env or {})}
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        text = err.read().decode(errors="replace")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode, text


def best_of(runs):
    """The medians of wall, processor time and memory."""
    return [statistics.median(one[at] for one in runs) for at in range(3)]


def take_turns(commands, rounds):
    """Runs every command once a round; medians by name."""
    runs = {name: [] for name in commands}
    for _ in range(rounds):
        for name, (command, folder, before) in commands.items():
            if before:
                before()
            done = run(command, folder)
            if done[3] not in (0, 1):
                sys.exit(f"{name} failed with {done[3]}: {' '.join(map(str, command))}\n{done[4]}")
            runs[name].append(done)
    return {name: best_of(done) for name, done in runs.items()}


def git(repo, *args):
    return subprocess.run(["git", "--git-dir", repo, *args], check=True, capture_output=True, text=True).stdout


def changed(repo, commit):
    names = git(repo, "diff", "--name-only", "--diff-filter=d", "-z", f"{commit}^", commit).split("\0")
    return [name for name in names if name.endswith(SOURCE)]


def export(repo, commit, folder, paths=()):
    """Writes files of a commit to a folder: source code, and what decides where imports lead. A
    partial clone may hold no more than that, and `git archive` refuses it."""
    wanted = (*SOURCE, "package.json", "pnpm-workspace.yaml")
    decides = lambda path: path.endswith(wanted) or pathlib.PurePath(path).match("tsconfig*.json")
    entries = git(repo, "ls-tree", "-r", "-z", commit, *paths).split("\0")
    found = [entry.split("\t", 1) for entry in entries if entry]
    files = [(head.split()[2], path) for head, path in found if head.split()[1] == "blob" and decides(path)]
    reader = subprocess.Popen(
        ["git", "--git-dir", repo, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for name, path in files:
        reader.stdin.write(f"{name}\n".encode())
        reader.stdin.flush()
        header = reader.stdout.readline().split()
        if header[-1] == b"missing":
            sys.exit(f"{repo} does not hold {path} of {commit}")
        content = reader.stdout.read(int(header[2]))
        reader.stdout.read(1)
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    reader.stdin.close()
    reader.wait()


class Peers:
    """The other tools, installed where they do not get in anybody's way."""

    def __init__(self, folder, wanted):
        self.folder = folder
        self.tools = {}
        folder.mkdir(parents=True, exist_ok=True)
        self.rules = folder / "rules.yml"
        self.rules.write_text("---\n".join(PATTERNS.format(language=name) for name in ("TypeScript", "Tsx")))
        for name in wanted:
            try:
                self.tools[name] = getattr(self, name.replace("-", "_"))()
            except (subprocess.CalledProcessError, OSError) as error:
                print(f"{name} cannot be installed and is left out: {error}", file=sys.stderr)

    def pip(self, package, program):
        venv = self.folder / package
        if not (venv / "bin" / program).exists():
            subprocess.run([sys.executable, "-m", "venv", venv], check=True)
            subprocess.run([venv / "bin" / "pip", "install", "-q", package], check=True)
        # What pip puts there may be a script that starts the program.
        return venv / "bin" / program

    def npm(self, *packages):
        folder = self.folder / packages[0].replace("/", "-")
        if not (folder / "node_modules").exists():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "package.json").write_text("{}")
            command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *packages]
            subprocess.run(command, cwd=folder, check=True)
        return folder

    def ast_grep(self):
        program = self.pip("ast-grep-cli", "ast-grep")
        return lambda files: [program, "scan", "--threads", "2", "-r", self.rules, *files]

    def semgrep(self):
        program = self.pip("semgrep", "semgrep")
        rules = self.folder / "semgrep.yml"
        rules.write_text(
            "rules: [{id: awaited, languages: [typescript], severity: WARNING, message: awaited, "
            "pattern: 'await $X(...)'}]"
        )
        return lambda files: [
            program, "scan", "--metrics=off", "--disable-version-check", "--quiet", "-j", "2", "--no-git-ignore",
            "--config", rules, *files]

    def oxlint(self):
        program = self.npm("oxlint") / "node_modules" / ".bin" / "oxlint"
        return lambda files: [program, "--threads=2", "--quiet", *files]

    def typescript_eslint(self):
        folder = self.npm("eslint", "typescript-eslint", "typescript@5")
        config = folder / "eslint.config.mjs"
        config.write_text(
            'import { parser, plugin } from "typescript-eslint";\n'
            'export default [{ files: ["**/*.{ts,tsx,mts,cts}"], languageOptions: { parser },\n'
            '  plugins: { t: plugin }, rules: { "t/no-explicit-any": "warn" } }];\n'
        )
        program = folder / "node_modules" / ".bin" / "eslint"
        return lambda files: [program, "--quiet", "--no-warn-ignored", "-c", config, *files]


def share(values, part):
    """The value below which this part of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))]


def failpath(args, cache, *more):
    return [args.bin, "check", "--format", "json", "--fail-on", "never", "--threads", "2", "--cache-dir", cache, *more]


def commands(args, peers, cache, ours, folder, files):
    """Our cold run, our run with every text known and with the answer known, and every peer over `files`."""
    empty = lambda: shutil.rmtree(cache, ignore_errors=True)

    def texts_only():
        # Another threshold is another question about the same texts.
        empty()
        run([*failpath(args, cache, *ours[0]), "--min-confidence", "low"], ours[1])

    all_of = {
        "failpath cold": (failpath(args, cache, *ours[0]), ours[1], empty),
        "failpath warm": (failpath(args, cache, *ours[0]), ours[1], texts_only),
        "failpath again": (failpath(args, cache, *ours[0]), ours[1], None),
    }
    for name, command in peers.tools.items():
        all_of[name] = (command(files), folder, None)
    return all_of


def table(title, rows, to):
    print(f"\n{title}\n{'':<18}{'wall ms':>10}{'cpu ms':>10}{'MiB':>8}{'wall ratio':>12}{'cpu ratio':>11}")
    for name, (wall, cpu, memory) in rows.items():
        base = rows.get(to)
        ratios = f"{wall / base[0]:>12.2f}{cpu / base[1]:>11.2f}" if base else ""
        print(f"{name:<18}{wall * 1000:>10.0f}{cpu * 1000:>10.0f}{memory:>8.0f}{ratios}")


def counts(text):
    """The counts of `--stats`, by name."""
    found = {}
    for line in text.splitlines():
        parts = line.rsplit(None, 1)
        if len(parts) == 2 and parts[1].isdigit():
            found[parts[0].strip()] = int(parts[1])
    return found


def changes(args, peers, work):
    if args.commits:
        lines = pathlib.Path(args.commits).read_text().splitlines()
        commits = [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]
    else:
        recent = git(args.repo, "log", "--first-parent", "-n", "200", "--format=%H", "HEAD").split()
        commits = [commit for commit in recent if 6 <= len(changed(args.repo, commit)) <= 14]
    cache = work / "cache"
    kinds = ("cold", "warm", "again")
    ratios = {name: [] for kind in kinds for name in (kind, f"{kind} cpu")}
    parsed, memory, walls = [], [], {name: [] for name in (*kinds, args.to)}
    for commit in commits[: args.limit]:
        files = changed(args.repo, commit)
        if not files:
            continue
        folder = work / commit
        export(args.repo, commit, folder, files)
        ours = (["--base", f"{commit}^", "--head", commit], args.repo)
        only = Peers.__new__(Peers)
        only.tools = {args.to: peers.tools[args.to]}
        rows = take_turns(commands(args, only, cache, ours, folder, files), args.rounds)
        shutil.rmtree(cache, ignore_errors=True)
        stats = run(failpath(args, cache, *ours[0], "--stats"), args.repo)[4]
        parsed.append(counts(stats).get("parsed", 0))
        memory.append(rows["failpath cold"][2])
        for kind in kinds:
            ratios[kind].append(rows[f"failpath {kind}"][0] / rows[args.to][0])
            ratios[f"{kind} cpu"].append(rows[f"failpath {kind}"][1] / rows[args.to][1])
            walls[kind].append(rows[f"failpath {kind}"][0] * 1000)
        walls[args.to].append(rows[args.to][0] * 1000)
        if args.verbose:
            print(f"{commit[:11]} {len(files):>3} files, parsed {parsed[-1]:>4}, cold {ratios['cold'][-1]:6.2f}, "
                  f"warm {ratios['warm'][-1]:6.2f}, again {ratios['again'][-1]:6.2f}, {memory[-1]:.0f} MiB", flush=True)
        shutil.rmtree(folder)
    print(f"\n{len(parsed)} changes, ratios to {args.to}{'':<6}{'median':>10}{'p90':>10}{'most':>10}")
    for name, values in [*((f"{kind} ratio", values) for kind, values in ratios.items()),
                         *((f"{kind} wall ms", values) for kind, values in walls.items()),
                         ("files parsed", parsed), ("peak MiB", memory)]:
        print(f"{name:<32}{share(values, 0.5):>10.2f}{share(values, 0.9):>10.2f}{max(values):>10.2f}")


def one_file(args, peers, work):
    commit = git(args.repo, "rev-parse", args.head).strip()
    files = [name for name in git(args.repo, "ls-tree", "-r", "--name-only", commit).splitlines()
             if name.endswith((".ts", ".tsx")) and not name.endswith(".d.ts")]
    file = sorted(files)[len(files) // 2]
    folder = work / "one"
    export(args.repo, commit, folder, [file])
    ours = (["--all"], folder)
    table(f"one file ({file})", take_turns(commands(args, peers, work / "cache", ours, folder, [file]), args.rounds),
          args.to)


def whole(args, peers, work):
    commit = git(args.repo, "rev-parse", args.head).strip()
    folder = work / "whole"
    export(args.repo, commit, folder)
    all_of = commands(args, peers, work / "cache", (["--all"], folder), folder, ["."])
    if args.walk:
        all_of["walk"] = ([args.walk, folder], folder, None)
    rows = take_turns(all_of, max(1, args.rounds // 2 + 1))
    table(f"whole repository ({commit[:11]})", rows, "walk" if args.walk else args.to)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bin", required=True, type=lambda path: pathlib.Path(path).resolve(), help="failpath")
    arguments.add_argument("--walk", type=lambda path: pathlib.Path(path).resolve(), help="the example `walk`")
    arguments.add_argument("--repo", required=True, help="a git directory")
    arguments.add_argument("--head", default="HEAD", help="what of it is measured as a whole")
    arguments.add_argument("--commits", help="a file with a commit on each line")
    arguments.add_argument("--limit", type=int, default=1000, help="at most so many changes")
    arguments.add_argument("--rounds", type=int, default=5, help="runs of each command")
    arguments.add_argument("--peers", default="ast-grep,semgrep,oxlint,typescript-eslint")
    arguments.add_argument("--to", default="ast-grep", help="the peer that ratios are told of")
    arguments.add_argument("--tools", default=pathlib.Path(tempfile.gettempdir()) / "failpath-peers",
                           type=pathlib.Path, help="where the peers are installed")
    arguments.add_argument("--only", default="one,changes,whole", help="which tables")
    arguments.add_argument("--verbose", action="store_true", help="a line for each change")
    args = arguments.parse_args()
    args.repo = str(pathlib.Path(args.repo).resolve())
    peers = Peers(args.tools, [name for name in args.peers.split(",") if name])
    if args.to not in peers.tools:
        sys.exit(f"{args.to} is needed for the ratios")
    with tempfile.TemporaryDirectory(prefix="failpath-bench-") as folder:
        tables = {"one": one_file, "changes": changes, "whole": whole}
        for name in args.only.split(","):
            tables[name](args, peers, pathlib.Path(folder))


if __name__ == "__main__":
    main()
