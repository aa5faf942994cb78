"""Makes a large TypeScript repository to measure on: many packages, a last commit that changes ten files.

    python3 benches/large.py FOLDER [--files 60000] [--seed 1]

Then, in FOLDER, cold and with every text known:

    failpath check --base HEAD~1 --head HEAD --no-cache --stats
    failpath check --base HEAD~1 --head HEAD --cache-dir ../cache --stats    # twice; between them: rm ../cache/*/a*.pack

Equal arguments make equal commits. Each package has a hundred modules of about 7 kB, an index that hands some
of them on, and a route; modules import from their neighbours and from other packages of the workspace.
"""

import argparse
import json
import random
import subprocess

PER_PACKAGE = 100
WORDS = "account balance credit invoice ledger member order payment profile quota report session tenant usage wallet".split()


def function(rng, module, at, callee):
    word, other = rng.choice(WORDS), rng.choice(WORDS)
    name = f"{word}{module}x{at}"
    call = f"    const known = await {callee}(id, options);\n" if callee else ""
    filler = "".join(
        f"    if (options.{rng.choice(WORDS)} === {rng.randrange(1000)}) {{ total += {rng.randrange(100)} * count; }} // {other} {rng.getrandbits(32):x}\n"
        for _ in range(6)
    )
    return name, (
        f"/** Loads the {word} of a {other}, and what it costs. */\n"
        f"export async function {name}(id: string, options: Record<string, number> = {{}}): Promise<number> {{\n"
        f"  let total = 0;\n  const count = Object.keys(options).length;\n  try {{\n"
        f"    const response = await fetch(`https://{other}.example.com/{word}/${{id}}`);\n"
        f"    if (!response.ok) throw new Error(`no {word}: ${{response.status}}`);\n"
        f"    total += (await response.json()).{other};\n{call}{filler}"
        f"  }} catch (error) {{\n    console.error('{name} failed', error);\n    throw error;\n  }}\n  return total;\n}}\n\n"
    )


def module(rng, package, at, packages, names):
    """A module's text; `names` has the first function of each module that is made already."""
    text, imported = "", []
    near = f"./m{rng.randrange(at)}" if at else None
    if near:
        imported.append((names[package, int(near[3:])], near))
    if package and rng.random() < 0.3:
        other = rng.randrange(package)
        imported.append((names[other, rng.randrange(5)], f"@large/p{other}"))
    for name, place in imported:
        text += f"import {{ {name} }} from '{place}';\n"
    text += f"\nexport const LIMIT_{package}_{at} = Number(process.env.LARGE_{package % 40}_LIMIT ?? {rng.randrange(100)});\n\n"
    for number in range(8):
        callee = rng.choice(imported)[0] if imported and rng.random() < 0.4 else None
        name, body = function(rng, f"{package}m{at}", number, callee)
        names.setdefault((package, at), name)
        text += body
    return text


def tree(files, seed):
    rng, names = random.Random(seed), {}
    packages = max(1, files // PER_PACKAGE)
    yield "package.json", json.dumps({"name": "large", "private": True, "workspaces": ["packages/*"]}) + "\n"
    yield "tsconfig.json", json.dumps({"compilerOptions": {"strict": True, "module": "esnext"}}) + "\n"
    for package in range(packages):
        folder = f"packages/p{package}"
        yield f"{folder}/package.json", json.dumps({"name": f"@large/p{package}", "main": "src/index.ts"}) + "\n"
        for at in range(PER_PACKAGE - 2):
            yield f"{folder}/src/m{at}.ts", module(rng, package, at, packages, names)
        yield f"{folder}/src/index.ts", "".join(f"export * from './m{at}';\n" for at in range(5))
        yield f"{folder}/src/route.ts", (
            f"import express from 'express';\nimport {{ {names[package, 7]} }} from './m7';\n\nconst app = express();\n"
            f"app.get('/p{package}', async (request, response) => {{\n"
            f"  response.json(await {names[package, 7]}(request.params.id));\n}});\nexport default app;\n"
        )


def commit(stream, message, time):
    stream.write(f"commit refs/heads/main\ncommitter Large <large@localhost> {time} +0000\ndata {len(message)}\n{message}\n".encode())


def add(stream, path, text):
    data = text.encode()
    stream.write(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--files", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", args.folder], check=True)
    process = subprocess.Popen(["git", "-C", args.folder, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    middle = max(1, args.files // PER_PACKAGE) // 2
    changed = {f"packages/p{middle}/src/m{at}.ts" for at in range(2, 12)}
    edited = []
    commit(process.stdin, "A large repository", 1_700_000_000)
    for path, text in tree(args.files, args.seed):
        add(process.stdin, path, text)
        if path in changed:
            edited.append((path, text.replace("throw error;", "return -1;", 2).replace("let total = 0;", "let total = 1;", 1)))
    commit(process.stdin, "Change ten files", 1_700_000_100)
    for path, text in edited:
        add(process.stdin, path, text)
    process.stdin.close()
    raise SystemExit(process.wait())


if __name__ == "__main__":
    main()
