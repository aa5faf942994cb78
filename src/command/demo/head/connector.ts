import { App } from "@slack/bolt";
import type { WebClient } from "@slack/web-api";
import { replyTo } from "./assistant";
import { memories } from "./memories";

interface Inbound {
  user: string;
  channel: string;
  text: string;
}

const app = new App({});

class SlackConnector {
  constructor(private readonly client: WebClient) {}

  private async getUser(id: string) {
    const found = await this.client.users.info({ user: id });
    return { id, name: found.user?.real_name ?? id };
  }

  async handleMessage(event: Inbound) {
    const sender = await this.getUser(event.user);
    await memories.create({ from: sender.name, text: event.text });
    const text = await replyTo(event.text);
    await this.client.chat.postMessage({ channel: event.channel, text });
  }
}

const connector = new SlackConnector(app.client);

app.message(async ({ event }) => {
  await connector.handleMessage(event as Inbound);
});
