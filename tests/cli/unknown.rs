//! What nobody can know of base is not called new: old defects that a change only leads somebody to.

use crate::scratch::Scratch;

/// A purchase that nobody waits for the receipt of.
const TOP_UP: &str = r#"import Stripe from "stripe";
import { mails } from "./mails";

const stripe = new Stripe("key");

class TopUp {
  async run(id: string) {
    this.tell(id);
    return true;
  }

  async tell(id: string) {
    const card = await stripe.paymentMethods.retrieve(id);
    await mails.insert(card);
  }
}

export const topUp = new TopUp();
"#;

const TRIGGER: &str = r#"import { topUp } from "../../../src/top-up";

export async function POST(request: Request) {
  return Response.json(await topUp.run(request.url));
}
"#;

const STATUS: &str = r#"import { reserve } from "../../../src/credits";

export async function GET(request: Request) {
  return Response.json(await reserve(request.url));
}
"#;

const CREDITS: &str = "export async function reserve(id: string) {\n  return id.length;\n}\n";

const FINDING: &str = "`stripe.paymentMethods.retrieve` fails, ";

#[test]
fn another_way_to_an_old_defect_is_not_new() {
    let scratch = Scratch::with(&[
        ("src/top-up.ts", TOP_UP),
        ("src/credits.ts", CREDITS),
        ("app/api/trigger/route.ts", TRIGGER),
        ("app/api/status/route.ts", STATUS),
    ]);
    scratch.run(&["--all"]).with(1).says(&["if `stripe.paymentMethods.retrieve` fails, `POST` never"]);
    let credits = CREDITS.replace("id.length", "topUp.run(id)");
    scratch.write("src/credits.ts", format!("import {{ topUp }} from \"./top-up\";\n\n{credits}"));
    scratch.run(&[]).with(0).says(&["0 new", "1 of the existing may be new"]).says_nothing_of(&[FINDING]);
    scratch.run(&["--show-existing"]).with(0).says(&[FINDING, "existing?: not enough is known of base here"]);
}

#[test]
fn what_the_change_lets_go_of_is_new_behind_an_old_way() {
    let sound = TOP_UP.replace("this.tell(id)", "await this.tell(id)");
    let scratch = Scratch::with(&[("src/top-up.ts", &*sound), ("app/api/trigger/route.ts", TRIGGER)]);
    scratch.write("src/top-up.ts", TOP_UP);
    scratch.run(&[]).with(1).says(&[FINDING]);
}

#[test]
fn a_handler_that_is_registered_now_is_new() {
    let handler = r#"import { store } from "./store";
import type { WebClient } from "@slack/web-api";

export async function onMention({ event, client }: { event: { user: string }; client: WebClient }) {
  const found = await client.users.info({ user: event.user });
  await store.insert({ found });
}
"#;
    let app = "import { App } from \"@slack/bolt\";\nimport { onMention } from \"./mention\";\n\nexport const app = new App({});\n";
    let scratch = Scratch::with(&[("src/mention.ts", handler), ("src/app.ts", app)]);
    scratch.write("src/app.ts", format!("{app}app.event(\"app_mention\", onMention);\n"));
    scratch.run(&[]).with(1).says(&["1 new", "src/mention.ts:5", "`onMention`"]);
}
