/** Real processes: the simulator on pseudo-terminals, the gateway on a database on disk, HTTP between. */
import { describe, expect, test } from "vitest";
import type { Message } from "#shared/gateway-api.ts";
import { segmentText } from "#shared/sms-text.ts";
import {
  gatewaySettings,
  type LedgerEntry,
  type RunningGateway,
  runGateway,
  runSimulator,
  untilFact,
} from "#test/support/house-processes.ts";
import { startKept } from "#test/support/kept.ts";

const MESSAGES = 500;
const SIMS = 4;

/** Short and long, 7-bit and UCS-2, with what breaks when it is split: escapes, emoji, accents. */
function mixedText(n: number): string {
  const shapes = [
    `Invoice ${n} is due on Friday.`,
    `Rechnung ${n}: ${"€[ä]".repeat(40)} — fällig`,
    `${n} ${"Grüße aus Köln, ñ é ù. ".repeat(12)}`,
    `${n} ${"😀🎉".repeat(40)} ende`,
    `${n} ${"x".repeat(300)}`,
  ];
  return shapes[n % shapes.length] as string;
}

const recipient = (n: number): string => `+4917139${String(20_000 + (n % 97)).padStart(5, "0")}`;

describe("500 mixed messages over four ptys", () => {
  test("the ledger holds each segment exactly once, and every report is matched", {
    timeout: 240_000,
  }, async () => {
    await using simulator = await runSimulator(SIMS, ["--profile", "quectel-ec25,generic-strict"]);
    await using gateway = await runGateway({ folder: simulator.folder, ports: simulator.ports() });
    const sent: Message[] = [];
    for (let from = 0; from < MESSAGES; from += 100) {
      const batch = Array.from({ length: 100 }, (_, i) => ({
        to: recipient(from + i),
        text: mixedText(from + i),
        reference: `n${from + i}`,
      }));
      const answer = (await gateway.post("/v1/messages/batch", { messages: batch })) as {
        messages: Message[];
      };
      sent.push(...answer.messages);
    }
    const open = new Set(sent.map((message) => message.id));
    await untilFact(
      gateway,
      "all are delivered",
      async () => {
        for (const id of open) {
          if ((await gateway.client.message(id)).state !== "delivered") return false;
          open.delete(id);
        }
        return true;
      },
      200_000,
    );

    const ledger = await simulator.ledger();
    const expected = sent.flatMap((message, n) => expectedSegments(message, mixedText(n)));
    expect(ledger.map(describeEntry).sort()).toEqual(expected.sort());
    const bySim = Map.groupBy(ledger, (entry) => entry.iccid);
    expect(bySim.size).toBe(SIMS);
    // How the parts spread over the SIMs is the machine's affair; that a SIM's references wrap is arithmetic.
    expect(ledger.length).toBeGreaterThan(256 * SIMS);
    for (const { id } of sent.slice(0, 50)) {
      const message = await gateway.client.message(id);
      expect(message.segments.every((segment) => segment.deliveredAt !== undefined)).toBe(true);
    }
  });
});

function expectedSegments(message: Message, text: string): string[] {
  const { segments } = segmentText(text);
  return segments.map(
    (segment, i) =>
      `${message.to} ${segments.length > 1 ? `${i + 1}/${segments.length}` : "1"} ${segment.text}`,
  );
}

function describeEntry(entry: LedgerEntry): string {
  const { concatenation } = entry;
  const place = concatenation === undefined ? "1" : `${concatenation.sequence}/${concatenation.total}`;
  return `${entry.destination} ${place} ${entry.text}`;
}

describe("one owner", () => {
  test("a second gateway is told who holds the port, and which data folder is in use", async () => {
    await using simulator = await runSimulator(1);
    await using first = await runGateway({ folder: simulator.folder, ports: simulator.ports() });
    await untilFact(first, "the modem is ready", () => isReady(first));
    await using second = await runGateway({
      folder: simulator.folder,
      name: "second",
      ports: simulator.ports(),
    });
    await second.child.line(/has it open; stop that program/, 30_000);
    expect(await detail(second)).toContain(simulator.ports()[0]);

    const { config } = await gatewaySettings({ folder: simulator.folder, ports: [] });
    const third = startKept("third gateway", ["gateway", "--config", config]);
    await third.line(/in use by another/, 30_000);
    await third.stop();
    expect(third.process.exitCode).not.toBe(0);
  });
});

async function isReady(gateway: RunningGateway): Promise<boolean> {
  return (await modems(gateway)).every((modem) => modem.state === "ready");
}

async function detail(gateway: RunningGateway): Promise<string> {
  return (await modems(gateway))[0]?.detail ?? "";
}

async function modems(gateway: RunningGateway): Promise<readonly { state: string; detail: string }[]> {
  const answer = (await gateway.get("/v1/modems")) as { items: { state: string; detail: string }[] };
  return answer.items;
}
