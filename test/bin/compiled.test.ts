/** What Node compiled is kept for the next start: where, and what happens where nothing can be kept. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startKept } from "#test/support/kept.ts";
import { untilTrue } from "#test/support/until-true.ts";

const PROGRAM = fileURLToPath(new URL("../../bin/dunlin.js", import.meta.url));
const READY_MS = 30_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-compiled-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Node's own variables would count before ours. */
function surroundings(more: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: process.env.PATH ?? "", ...more };
}

/** The room that loads fastest. */
async function helpWith(more: Readonly<Record<string, string>>): Promise<string> {
  const env = surroundings(more);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [PROGRAM, "pdu", "--help"], { env });
  expect(stderr).toBe("");
  return stdout;
}

function filesIn(caches: string): number {
  const kept = join(caches, "dunlin", "compiled");
  if (!existsSync(kept)) return 0;
  return readdirSync(kept, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).length;
}

test("it is kept where a user's caches belong", async () => {
  await helpWith({ HOME: folder });
  expect(filesIn(join(folder, ".cache"))).toBeGreaterThan(10);
  expect(readdirSync(folder)).toEqual([".cache"]);
  const elsewhere = join(folder, "caches");
  await helpWith({ HOME: folder, XDG_CACHE_HOME: elsewhere });
  expect(filesIn(elsewhere)).toBeGreaterThan(10);
});

test("Node's own variable counts before that", async () => {
  await helpWith({ HOME: folder, NODE_COMPILE_CACHE: join(folder, "own") });
  expect(readdirSync(folder)).toEqual(["own"]);
});

test.each([
  ["a folder that is not there and cannot be made", "/proc/nowhere"],
  ["a file where the folder would be", PROGRAM],
  ["a folder that takes none", "/proc"],
])("without a place to keep it: %s", async (_, caches) => {
  expect(await helpWith({ HOME: folder, XDG_CACHE_HOME: caches })).toContain("Usage: dunlin pdu");
  expect(readdirSync(folder)).toEqual([]);
});

test("a file in place of its own folder is left alone", async () => {
  const taken = join(folder, "dunlin");
  writeFileSync(taken, "mine");
  expect(await helpWith({ XDG_CACHE_HOME: folder })).toContain("Usage: dunlin pdu");
  expect(readdirSync(folder)).toEqual(["dunlin"]);
});

test("a gateway keeps it while it runs, since one that is killed comes to no end", async () => {
  const caches = join(folder, "caches");
  const args = ["gateway", "--data-dir", join(folder, "data"), "--port", "0"];
  const gateway = startKept("gateway", args, { XDG_CACHE_HOME: caches, NODE_COMPILE_CACHE: "" });
  await gateway.line(/is listening/, READY_MS);
  await untilTrue("it is kept", () => filesIn(caches) > 100, READY_MS);
  gateway.process.kill("SIGKILL");
});
