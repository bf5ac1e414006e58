/** The lock file that other programs look at. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findHolders } from "#hardware/port/holders.ts";
import { takeUucpLock } from "#hardware/port/uucp-lock.ts";

/** Linux gives no process a number beyond 2^22 (proc(5), pid_max). */
const NO_SUCH_PROCESS = 4_194_305;

let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-lock-"));
  lock = join(folder, "LCK..ttyUSB2");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("taken with our number in ten columns, and given back", async () => {
  const release = await takeUucpLock("/dev/ttyUSB2", folder);
  expect(readFileSync(lock, "utf8")).toBe(`${String(process.pid).padStart(10)}\n`);
  expect(readdirSync(folder)).toEqual(["LCK..ttyUSB2"]);
  await release();
  expect(existsSync(lock)).toBe(false);
});

test("a program that runs keeps its lock, and is named", async () => {
  writeFileSync(lock, `${String(process.pid).padStart(10)}\n`);
  const taking = takeUucpLock("/dev/ttyUSB2", folder, NO_SUCH_PROCESS);
  await expect(taking).rejects.toMatchObject({
    code: "busy",
    message: expect.stringContaining(`process ${process.pid}`),
  });
  expect(readdirSync(folder)).toEqual(["LCK..ttyUSB2"]);
});

test("our own second opening is refused", async () => {
  const release = await takeUucpLock("/dev/ttyUSB2", folder);
  await expect(takeUucpLock("/dev/ttyUSB2", folder)).rejects.toMatchObject({ code: "busy" });
  await release();
});

test.each([
  ["of a program that has ended", `${String(NO_SUCH_PROCESS).padStart(10)}\n`],
  ["without a number", "rubbish"],
  ["that is empty", ""],
  ["with a binary number", Buffer.from([1, 0, 64, 0])],
])("a lock %s is taken over", async (_name, content) => {
  writeFileSync(lock, content);
  const release = await takeUucpLock("/dev/ttyUSB2", folder);
  expect(readFileSync(lock, "utf8").trim()).toBe(String(process.pid));
  await release();
});

test("somebody else's lock is not given back by us", async () => {
  const release = await takeUucpLock("/dev/ttyUSB2", folder);
  writeFileSync(lock, "         1\n");
  await release();
  expect(existsSync(lock)).toBe(true);
});

test("no folder, no lock, no error; and none for pseudo-terminals", async () => {
  await (await takeUucpLock("/dev/ttyUSB2", join(folder, "none")))();
  await (await takeUucpLock("/dev/pts/3", folder))();
  expect(readdirSync(folder)).toEqual([]);
});

test("who has a file open is found in /proc", async () => {
  const own = await findHolders("/dev/null", NO_SUCH_PROCESS);
  expect(own.map((holder) => holder.pid)).toContain(process.pid);
});
