/** The delivery promise of the README, word for word: each sentence is the name of the test that keeps it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { callJson } from "#bin/demo/client.ts";
import type { Message } from "#shared/gateway-api.ts";
import { eventually } from "#test/support/eventually.ts";
import {
  type RunningGateway,
  restartGateway,
  runGateway,
  runSimulator,
  untilFact,
} from "#test/support/house-processes.ts";

const ON_DISK = "`202` means on disk.";
const ONCE = "A segment is handed to a modem once, unless the modem proved it did not send it.";
const UNKNOWN =
  "Between Ctrl-Z and the modem's answer lies a window in which nobody can know; a crash, timeout or unplug " +
  "there makes the segment `unknown`, which is shown, never guessed.";

const TO = "+491713920001";
/** CMS 314: the SIM is busy. The modem did not send, and a second try a little later is right. */
const SIM_BUSY = 314;
/** Long enough to kill the gateway between the network's acceptance and the modem's answer. */
const SLOW_NETWORK_MS = 4_000;

test("the README promises just that", () => {
  const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
  const [, section = ""] = readme.split("## The delivery promise");
  expect(section.trimStart().split("\n").slice(0, 3)).toEqual([
    `1. ${ON_DISK}`,
    `2. ${ONCE}`,
    `3. ${UNKNOWN}`,
  ]);
});

describe("the delivery promise", () => {
  test(ON_DISK, async () => {
    await using simulator = await runSimulator(1);
    const gateway = await runGateway({ folder: simulator.folder, ports: [] });
    const { id } = await gateway.client.send({ to: TO, text: "on disk" });
    gateway.child.process.kill("SIGKILL");
    await using again = await restartGateway(gateway);
    expect(await again.client.message(id)).toMatchObject({ id, state: "queued", text: "on disk" });
  });

  test(ONCE, { timeout: 120_000 }, async () => {
    await using simulator = await runSimulator(1);
    await callJson(`${simulator.control}/faults`, "POST", {
      at: "submit",
      action: { kind: "refuse", cms: SIM_BUSY },
      times: 1,
    });
    await using gateway = await runGateway({ folder: simulator.folder, ports: simulator.ports() });
    const { id } = await gateway.client.send({ to: TO, text: "once" });
    await untilFact(
      gateway,
      "delivered",
      async () => (await gateway.client.message(id)).state === "delivered",
    );
    const message = await gateway.client.message(id);
    expect(message.segments[0]?.attempts).toBe(2);
    expect(await simulator.ledger()).toHaveLength(1);
  });

  test(UNKNOWN, { timeout: 120_000 }, async () => {
    await using simulator = await runSimulator(1, ["--latency", String(SLOW_NETWORK_MS)]);
    const gateway = await runGateway({ folder: simulator.folder, ports: simulator.ports() });
    // Without a report there is no evidence: it stays unknown, and that is what is shown.
    const { id } = await gateway.client.send({ to: TO, text: "in the window", report: false });
    await eventually("the network has it", 60_000, async () => (await simulator.ledger())[0]);
    gateway.child.process.kill("SIGKILL");
    await using again = await restartGateway(gateway);
    expect((await again.client.message(id)).state).toBe("unknown");
    await sendAnother(again);
    expect((await again.client.message(id)).state).toBe("unknown");
    expect((await simulator.ledger()).filter((entry) => entry.text === "in the window")).toHaveLength(1);
  });
});

/** Through the same modem, to its end: whatever would be sent a second time has had its turn. */
async function sendAnother(gateway: RunningGateway): Promise<Message> {
  const { id } = await gateway.client.send({ to: "+491713920002", text: "another" });
  await untilFact(gateway, "delivered", async () => (await gateway.client.message(id)).state === "delivered");
  return gateway.client.message(id);
}
