import express from "express";
import { jobs } from "./jobs";

const app = express();

function requireToken(req, res, next) {
  const expected = process.env.INTERNAL_TOKEN;
  if (!expected) { // defect: drop-guard
    return res.status(503).json({ error: "not configured" });
  }
  if (req.headers["x-internal-token"] !== expected) {
    return res.status(401).json({ error: "unauthorized" });
  }
  next();
}

function requireAdminToken(req, res, next) {
  const expected = process.env.ADMIN_TOKEN;
  if (expected) {
    if (req.headers["x-admin-token"] !== expected) {
      return res.status(401).json({ error: "unauthorized" });
    }
  } else { // defect: drop-else
    return res.status(503).json({ error: "not configured" });
  }
  next();
}

app.post("/jobs", requireToken, async (req, res) => {
  res.json(await jobs.insert(req.body));
});
app.post("/admin", requireAdminToken, async (req, res) => {
  res.json(await jobs.clear(req.body));
});
