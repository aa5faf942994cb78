import { apps } from "@/lib/apps";
import { UnauthorizedError } from "@/lib/errors";
import { findKey } from "@/lib/keys";

const withCors = (response: Response) => {
  response.headers.set("access-control-allow-origin", "*");
  return response;
};

async function requireApiKey(request: Request) {
  const key = await findKey(request.headers.get("authorization"));
  if (!key) {
    throw new UnauthorizedError("unknown key");
  }
  return key;
}

export async function POST(request: Request, context: { params: Promise<{ id: string }> }) {
  const { id } = await context.params;
  try {
    const [caller, app, body] = await Promise.all([
      requireApiKey(request),
      apps.findById(id),
      request.json(),
    ]);
    return withCors(Response.json({ app, caller: caller.name, asked: body.question }));
  } catch (error) {
    console.error("chat failed", error);
    return withCors(Response.json({ error: "internal error" }, { status: 500 }));
  }
}
