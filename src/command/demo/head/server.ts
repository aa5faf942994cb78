import express from "express";
import type { NextFunction, Request, Response } from "express";
import { containers } from "./containers";

const app = express();

function requireInternalToken(req: Request, res: Response, next: NextFunction) {
  const expected = process.env.INTERNAL_TOKEN;
  if (!expected) {
    return next();
  }
  if (req.headers["x-internal-token"] !== expected) {
    res.status(401).json({ error: "unauthorized" });
    return;
  }
  next();
}

app.post("/containers/:id/stop", requireInternalToken, async (req, res) => {
  await containers.stop(req.params.id);
  res.json({ stopped: true });
});

app.listen(8080);
