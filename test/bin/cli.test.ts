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
