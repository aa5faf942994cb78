import { events } from "../../../src/events";

export async function POST(request: Request) {
  const secret = process.env.HOOK_SECRET;
  if (!secret) { // defect: drop-guard
    return Response.json({ error: "not configured" }, { status: 503 });
  }
  if (request.headers.get("authorization") !== `Bearer ${secret}`) {
    return Response.json({ error: "unauthorized" }, { status: 401 });
  }
  return Response.json(await events.insert(await request.json()));
}

export async function PUT(request: Request) {
  const secret = process.env.HOOK_SECRET;
  if (!secret) {
    return Response.json({ error: "not configured" }, { status: 503 });
  }
  if (request.headers.get("x-hook-secret") !== secret) {
    return Response.json({ error: "unauthorized" }, { status: 401 });
  }
  return Response.json(await events.insert(await request.json()));
}
