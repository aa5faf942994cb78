import { Client } from "discord.js";
import { store } from "./store";

const client = new Client({ intents: [] });

async function preview(url: string) {
  try { // defect: delete-try
    const page = await fetch(url);
    return await page.text(); // defect: drop-await
  } catch (error) {
    console.warn("no preview", error);
    return "";
  }
}

client.on("messageCreate", async (message) => {
  try { // defect: delete-try
    await message.channel.sendTyping(); // defect: drop-await
  } catch (error) {
    console.warn("no typing", error);
  }
  const text = await preview(message.content);
  await store.insert({ text, author: message.author.id });
});
