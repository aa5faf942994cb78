import { teams } from "../../../src/teams";

class ForbiddenError extends Error {}

async function ensureMember(request: Request) {
  const member = await teams.memberOf(request.headers.get("x-user"));
  if (!member) {
    throw new ForbiddenError("not a member");
  }
  return member;
}

export async function POST(request: Request) {
  try {
    const member = await ensureMember(request); // defect: combine
    const form = await request.formData();
    return Response.json({ member, name: form.get("name") });
  } catch (error) {
    if (error instanceof ForbiddenError) return Response.json({ error: "forbidden" }, { status: 403 });
    return Response.json({ error: "internal" }, { status: 500 });
  }
}
