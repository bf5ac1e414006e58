import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createProgram } from "#bin/cli.ts";

test("each command is found by its name without loading the other rooms", async () => {
  const all = (await createProgram(undefined)).commands.map((command) => command.name());
  expect(all.length).toBeGreaterThan(8);
  for (const name of all) {
    const one = await createProgram(name);
    expect(one.commands.map((command) => command.name())).toContain(name);
    expect(one.commands.length).toBeLessThan(all.length);
  }
});

test("every command says what it does", async () => {
  for (const command of (await createProgram(undefined)).commands)
    expect(command.description().length).toBeGreaterThan(20);
});

test("a reader that stops in the middle, as head does, is no fault to be told about", async () => {
  const program = fileURLToPath(new URL("../../bin/dunlin.js", import.meta.url));
  const child = spawn(process.execPath, [program, "policies", "list"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  expect([said, code]).toEqual(["", 141]);
});
