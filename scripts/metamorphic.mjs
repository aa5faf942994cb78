// Changes that leave a program's meaning alone, made to a real repository: each must be 0 new, 0 fixed.
//
//   cd scripts && npm ci --ignore-scripts
//   node metamorphic.mjs REPOSITORY --bin ../target/release/failpath --rev REV
import { withDefects } from "./mutants.mjs";
import { Trial, batches, choose, options } from "./trial.mjs";
import { Project, TRANSFORMS } from "./transforms.mjs";

const USAGE = `node metamorphic.mjs REPOSITORY [--rev REV] [--bin BIN] [--files N] [--batch N] [--only NAME,..] [--defects]

Makes changes without meaning to N files of REPOSITORY (those with findings, then those where something comes in),
so many files at a time, and fails if any of them is called new or fixed.
--only    these of: ${Object.keys(TRANSFORMS).join(", ")}
--defects first put defects into the files, so that there is more to be found again`;

const given = options(USAGE, { defects: { type: "boolean", default: false } });
const trial = new Trial(given);
let start = trial.start;
if (given.defects) {
  start = withDefects(trial, given.files);
}
const { files, findings } = choose(trial, start, given.files);
console.log(`${files.length} files of ${start.slice(0, 9)}, in which there are ${findings} findings`);
const project = new Project(trial, start);
const wanted = given.only?.split(",") ?? Object.keys(TRANSFORMS);
let wrong = 0;
console.log("change           files  existing  new  fixed  not analysed  seconds");
for (const name of wanted) {
  const sum = { files: 0, existing: 0, new: 0, fixed: 0, lost: 0 };
  const began = Date.now();
  const details = [];
  for (const batch of batches(files, given.batch)) {
    const texts = await TRANSFORMS[name](project, batch);
    if (texts.size === 0) continue;
    const head = trial.commit(start, texts);
    const report = trial.check(start, head, ["--min-confidence", "low"]);
    sum.files += batch.length;
    sum.existing += report.summary.existing;
    sum.new += report.summary.new + report.summary.worse;
    sum.fixed += report.summary.fixed;
    sum.lost += report.summary.not_analysed;
    for (const at of report.findings) details.push(`  ${at.verdict} ${at.path}:${at.start_line} ${at.rule}: ${at.message}`);
    if (report.summary.fixed > 0) {
      // The other way round, what is fixed is new.
      const back = trial.check(head, trial.commit(head, project.undo(texts)), ["--min-confidence", "low"]);
      for (const at of back.findings) details.push(`  fixed ${at.path}:${at.start_line} ${at.rule}: ${at.message}`);
    }
  }
  wrong += sum.new + sum.fixed;
  const cells = [String(sum.files).padStart(5), String(sum.existing).padStart(8), String(sum.new).padStart(3), String(sum.fixed).padStart(5), String(sum.lost).padStart(12), ((Date.now() - began) / 1000).toFixed(1).padStart(7)];
  console.log(`${name.padEnd(16)} ${cells.join("  ")}`);
  for (const line of details) console.log(line);
}
process.exitCode = wrong > 0 ? 1 : 0;
