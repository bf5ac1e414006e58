/** The main job of `npm run demo`, its first days: real processes, simulated modems, and the table it draws. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callJson } from "#bin/demo/client.ts";
import { playScheduler } from "#scheduler/demo/scenario.ts";
import { runGateway, runSimulator } from "#test/support/house-processes.ts";

const TIMEOUT_MS = 180_000;
/** Monday morning to the night of Tuesday: first reminders, first payments, first thanks. */
const DAYS = 1.7;
const FAST_NETWORK_MS = 50;

test("reminders go out, payments arrive, cases close, and the forecast is what then happens", {
  timeout: TIMEOUT_MS,
}, async () => {
  await using simulator = await runSimulator(4, ["--profile", "quectel-ec25"]);
  await using gateway = await runGateway({
    folder: simulator.folder,
    ports: simulator.ports(),
    toml: '[webhooks]\nallowedNetworks = ["127.0.0.0/8"]',
  });
  await callJson(`${simulator.control}/network`, "PATCH", {
    latency: FAST_NETWORK_MS,
    reportDelay: FAST_NETWORK_MS,
  });
  const dataDir = join(simulator.folder, "scheduler");
  mkdirSync(dataDir);
  let drawn = "";
  const write = (text: string): void => {
    drawn += text;
  };
  const result = await playScheduler({
    dataDir,
    gatewayUrl: gateway.baseUrl,
    gatewayKey: gateway.key,
    controlUrl: simulator.control,
    screen: { write },
    signal: new AbortController().signal,
    days: DAYS,
  });

  const ledger = await simulator.ledger();
  const numbers = new Set(ledger.map(({ destination }) => destination));
  expect(result.messages, "what the network took is what the scheduler says").toBe(ledger.length);
  // One of the phones is dead.
  expect(result.delivered).toBeGreaterThanOrEqual(result.messages - 1);
  expect(result.paidCases).toBeGreaterThan(3);
  for (const prefix of ["+34", "+49", "+33", "+44"])
    expect(
      [...numbers].some((number) => number.startsWith(prefix)),
      prefix,
    ).toBe(true);
  expect(
    ledger.some(({ text }) => /thank you\. Your payment of £/.test(text ?? "")),
    "thanks",
  ).toBe(true);

  const days = [
    ...drawn.matchAll(/^(?:today|yesterday) +forecast (\d+): (\d+) went out(?:, (\d+) paid first)?/gm),
  ];
  const [, first = "0", out = "0", paid = "0"] = days.at(-1) ?? [];
  expect(Number(first), "the last day has a forecast").toBeGreaterThan(0);
  expect(Number(out) + Number(paid), "and all of it happened, or was paid first").toBe(Number(first));
  expect(drawn).toMatch(/^case +customer +number +step +state +accepted +submitted +delivered$/m);
  expect(drawn).toMatch(
    /\d{4}-[0-9A-Z]{3}[0-9A-Z] {2}.+ {2}preventive +delivered +\d\d:\d\d +\d\d:\d\d +\d\d:\d\d/,
  );
  expect(drawn, "nothing was late").not.toMatch(/ expired +\d\d:/);
});
