import { App } from "@slack/bolt";
import { store } from "./store";

const app = new App({});

async function nameOf(client, id) {
  const found = await client.users.info({ user: id });
  return found.user.real_name;
}

app.message(async ({ client, message }) => {
  let name = message.user;
  try { // defect: delete-try
    name = await nameOf(client, message.user);
  } catch (error) {
    console.warn("no name", error);
  }
  await store.insert({ name, text: message.text });
});

app.event("reaction_added", async ({ client, event, say }) => {
  try { // defect: delete-try
    await client.reactions.get({ channel: event.item.channel, timestamp: event.item.ts }); // defect: drop-await
  } catch (error) {
    console.warn("no reaction", error);
  }
  await say("seen"); // defect: drop-await
});

app.event("app_mention", async ({ client, event, say }) => {
  await say("hello"); // defect: drop-await
  try {
    await client.reactions.add({ channel: event.channel, timestamp: event.ts, name: "wave" }); // defect: drop-await
  } catch (error) {
    console.warn("no reaction", error);
  }
});
