class UnauthorizedError extends Error {}

export function verifySignature(request: Request, signature: string): boolean {
  const given = request.headers.get("x-signature");
  if (given !== signature) {
    throw new UnauthorizedError("wrong signature"); // defect: throw-to-return
  }
  return true;
}

export async function receive(request: Request, signature: string) {
  verifySignature(request, signature);
  return await request.json();
}

export function checkInternal(request: Request): boolean {
  const expected = process.env.SERVICE_TOKEN;
  if (expected) {
    if (request.headers.get("x-service-token") !== expected) {
      throw new UnauthorizedError("wrong token");
    }
  } else { // defect: drop-else
    throw new Error("SERVICE_TOKEN is not set");
  }
  return true;
}
