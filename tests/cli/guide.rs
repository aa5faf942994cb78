//! The guide to a team's own rule: what it shows is run.

use crate::scratch::Scratch;

const GUIDE: &str = include_str!("../../docs/own-rules.md");
const PAGE: &str = "gate/model-before-reservation.md";

/// The content of the first fence of the guide that begins so.
fn fence(opening: &str) -> &'static str {
    let ticks = opening.trim_end_matches(|c| c != '`');
    let (_, rest) = GUIDE.split_once(&format!("\n{opening}\n")).unwrap();
    rest.split_once(&format!("\n{ticks}\n")).unwrap().0
}

#[test]
fn the_page_of_the_guide_is_a_rule_that_works() {
    let page = format!("{}\n", fence("````markdown"));
    // The settings stand after the page, which has fences of that kind too.
    let (_, after) = GUIDE.split_once("## The gate").unwrap();
    let settings = after.split_once("```toml\n").unwrap().1.split_once("```").unwrap().0;
    let credits = "class Credits {\n  async reserve(count) {\n    return { count };\n  }\n}\n\nexport const credits = new Credits();\n";
    let guarded = "import OpenAI from \"openai\";\nimport { credits } from \"./credits\";\n\nconst openai = new OpenAI();\n\nexport async function answer(text) {\n  await credits.reserve(1);\n  return await openai.chat.completions.create({ model: \"m\", messages: [text] });\n}\n";
    let scratch = Scratch::with(&[
        ("failpath.toml", settings),
        (PAGE, &page),
        ("src/billing/credits.ts", credits),
        ("src/billing/answer.ts", guarded),
    ]);
    let (_, printed) = GUIDE.split_once("$ failpath test gate\n").unwrap();
    let printed = printed.split_once("```").unwrap().0;
    scratch.run(&["test", "gate"]).with(0).says(&[printed]);
    scratch.run(&[]).with(0);
    scratch.write("src/billing/answer.ts", guarded.replace("  await credits.reserve(1);\n", ""));
    scratch.run(&[]).with(1).says(&["error[model-before-reservation]", "await the reservation first"]);
    scratch.run(&["why", "model-before-reservation", "src/billing/answer.ts:7"]).with(0).says(&["yes  calls"]);
    // The same elsewhere is none of its business.
    let elsewhere = guarded.replace("  await credits.reserve(1);\n", "");
    scratch.write("src/billing/answer.ts", guarded);
    scratch.write("src/chat.ts", elsewhere);
    scratch.run(&[]).with(0);
}
