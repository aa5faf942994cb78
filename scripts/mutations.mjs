// Defects put into a real repository, one edit each: how many of them are called new, and fixed when taken back.
//
//   cd scripts && npm ci --ignore-scripts
//   node mutations.mjs REPOSITORY --bin ../target/release/failpath --rev REV
import { MUTATIONS, mutants } from "./mutants.mjs";
import { Project } from "./transforms.mjs";
import { Trial, options } from "./trial.mjs";

const USAGE = `node mutations.mjs REPOSITORY [--rev REV] [--bin BIN] [--files N] [--only KIND,..]

Tries up to N mutants of each kind. Mutants of different files are judged together, each by what is found in its file
and on the routes through it.
--only    these of: ${Object.keys(MUTATIONS).join(", ")}`;

const given = options(USAGE);
const trial = new Trial(given);
const project = new Project(trial, trial.start);
const all = mutants(project, trial.sources(), given.only?.split(","));

/** Rounds in which every file has one mutant at most. */
function rounds(list) {
  const made = [];
  for (const mutant of list) {
    let round = made.find((one) => one.size < given.batch && !one.has(mutant.path));
    if (!round) made.push((round = new Map()));
    round.set(mutant.path, mutant);
  }
  return made;
}

const touches = (report, path) => report.findings.some((finding) => [finding, ...finding.labels, ...finding.trace].some((place) => place.path === path));
console.log("kind              mutants  new   %  fixed   %");
let [sum, sumNew] = [0, 0];
for (const kind of new Set(all.map((mutant) => mutant.kind))) {
  const list = all.filter((mutant) => mutant.kind === kind).slice(0, given.files);
  const missed = [];
  let [found, fixed] = [0, 0];
  for (const round of rounds(list)) {
    const head = trial.commit(trial.start, new Map([...round].map(([path, { after }]) => [path, after])));
    const there = trial.check(trial.start, head);
    const undone = trial.commit(head, new Map([...round.keys()].map((path) => [path, project.texts.get(path)])));
    const back = trial.check(head, undone);
    fixed += Math.min(round.size, back.summary.fixed);
    for (const [path, mutant] of round) {
      if (touches(there, path)) found += 1;
      else missed.push(`  missed ${kind} at ${path}:${mutant.line}`);
    }
  }
  [sum, sumNew] = [sum + list.length, sumNew + found];
  const share = (count) => String(Math.round((100 * count) / list.length)).padStart(3);
  console.log(`${kind.padEnd(16)} ${String(list.length).padStart(8)} ${String(found).padStart(4)} ${share(found)} ${String(fixed).padStart(6)} ${share(fixed)}`);
  for (const line of missed) console.log(line);
}
console.log(`together ${sumNew} of ${sum}`);
