import { items } from "../../../src/items";

class UnauthorizedError extends Error {
  status = 401;
}

async function requireApiKey(request: Request) {
  const key = request.headers.get("x-api-key");
  if (!key) {
    throw new UnauthorizedError("no key");
  }
  return { key };
}

export async function POST(request: Request) {
  const caller = await requireApiKey(request); // defect: combine
  const body = await request.json();
  return Response.json(await items.create({ key: caller.key, body }));
}

export async function GET(request: Request) {
  const caller = await requireApiKey(request); // defect: combine
  const all = await items.findMany({ take: 10 });
  return Response.json({ all, key: caller.key });
}

export async function PUT(request: Request, context: { params: Promise<{ id: string }> }) {
  const caller = await requireApiKey(request);
  const params = await context.params;
  return Response.json({ id: params.id, key: caller.key });
}
