// Defects put into a real repository, one edit each: how many of them are called new, and fixed when taken back.
//
//   cd scripts && npm ci --ignore-scripts
//   node mutations.mjs REPOSITORY --bin ../target/release/failpath --rev REV
import { MUTATIONS, mutants } from "./mutants.mjs";
import { Project } from "./transforms.mjs";
import { Trial, options } from "./trial.mjs";

const USAGE = `node mutations.mjs REPOSITORY [--rev REV] [--bin BIN] [--files N] [--only KIND,..]

Tries up to N mutants of each kind, each as a change of its own, then the change that takes it back.
--only    these of: ${Object.keys(MUTATIONS).join(", ")}`;

const given = options(USAGE);
const trial = new Trial(given);
const project = new Project(trial, trial.start);
const all = mutants(project, trial.sources(), given.only?.split(","));

console.log("kind              mutants  new   %  fixed   %");
let sum = [0, 0, 0];
for (const kind of new Set(all.map((mutant) => mutant.kind))) {
  const list = all.filter((mutant) => mutant.kind === kind).slice(0, given.files);
  const missed = [];
  let [found, fixed] = [0, 0];
  for (const { path, line, after } of list) {
    const head = trial.commit(trial.start, new Map([[path, after]]));
    const there = trial.check(trial.start, head).summary;
    const undone = trial.commit(head, new Map([[path, project.texts.get(path)]]));
    const back = trial.check(head, undone).summary;
    const [isNew, isFixed] = [there.new + there.worse > 0, back.fixed > 0 && back.new === 0];
    [found, fixed] = [found + isNew, fixed + isFixed];
    if (!isNew || !isFixed) missed.push(`  ${isNew ? "not fixed" : "missed"}: ${kind} at ${path}:${line}`);
  }
  sum = [sum[0] + list.length, sum[1] + found, sum[2] + fixed];
  const share = (count) => String(Math.round((100 * count) / list.length)).padStart(3);
  console.log(`${kind.padEnd(16)} ${String(list.length).padStart(8)} ${String(found).padStart(4)} ${share(found)} ${String(fixed).padStart(6)} ${share(fixed)}`);
  for (const line of missed) console.log(line);
}
console.log(`together ${sum[1]} of ${sum[0]} new, ${sum[2]} fixed`);
