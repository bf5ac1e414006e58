/** However the process ends, each message that was answered with 202 is in the database. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Child, startChild } from "#bin/demo/children.ts";
import { databasePathIn } from "#gateway/database.ts";
import { systemClock } from "#shared/clock.ts";
import { Database } from "#shared/sqlite.ts";
import { runCli } from "#test/support/cli.ts";

const READY_MS = 30_000;
const CALLERS = 16;
const ENOUGH = 400;

let folder: string;
let child: Child;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-load-"));
});
afterEach(async () => {
  await child.stop();
  rmSync(folder, { recursive: true });
});

async function startGateway(): Promise<{ url: string; key: string }> {
  const made = await runCli(["keys", "create", "load", "--data-dir", folder]);
  const args = ["gateway", "--data-dir", folder, "--port", "0", "--set", "numbers.homeCountry=DE"];
  child = startChild("gateway", args, { clock: systemClock });
  const [, address = ""] = await child.line(/"address":"([^"]+)".*is listening/, READY_MS);
  return { url: `${address}/v1/messages`, key: made.out.trim() };
}

/** Sends until nobody answers any more. Returns the ids that were accepted, and every other answer. */
async function sendUntilTheEnd(
  { url, key }: { url: string; key: string },
  enough: () => void,
): Promise<{ accepted: string[]; refused: { status: number; code: string }[] }> {
  const accepted: string[] = [];
  const refused: { status: number; code: string }[] = [];
  const caller = async (number: number): Promise<void> => {
    for (let i = 0; ; i++) {
      const body = JSON.stringify({ to: "+491701234567", text: `Number ${number}.${i}` });
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      let answer: { id: string; code: string };
      let status: number;
      try {
        const response = await fetch(url, { method: "POST", headers, body });
        status = response.status;
        answer = (await response.json()) as { id: string; code: string };
      } catch {
        return;
      }
      if (status === 202) accepted.push(answer.id);
      else refused.push({ status, code: answer.code });
      if (accepted.length === ENOUGH) enough();
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, (_, number) => caller(number)));
  return { accepted, refused };
}

test.each(["SIGTERM", "SIGKILL"] as const)("%s in the middle of many requests loses none", async (signal) => {
  const gateway = await startGateway();
  const exited = once(child.process, "exit");
  const { accepted, refused } = await sendUntilTheEnd(gateway, () => child.process.kill(signal));
  await exited;
  expect(child.process.exitCode).toBe(signal === "SIGTERM" ? 0 : null);
  expect(accepted.length).toBeGreaterThanOrEqual(ENOUGH);
  for (const one of refused) expect(one).toEqual({ status: 503, code: "stopping" });
  const db = new Database({ path: databasePathIn(folder), readonly: true });
  const stored = new Set(
    (db.connection.prepare("select id from message").all() as { id: string }[]).map(({ id }) => id),
  );
  db.close();
  expect(accepted.filter((id) => !stored.has(id))).toEqual([]);
  // What was stored and not answered is at most what was on the way.
  expect(stored.size - accepted.length).toBeLessThanOrEqual(signal === "SIGTERM" ? 0 : CALLERS);
});
