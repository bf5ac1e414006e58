/**
 * Whatever a caller writes into any field, the modem reads only what the one builder of commands makes:
 * AT commands of the kinds it always gets, and PDUs in hexadecimal ended by Ctrl-Z.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRecipients } from "#gateway/http/recipients.ts";
import { SendMessage } from "#shared/gateway-api.ts";
import { eventually } from "#test/support/eventually.ts";
import { startWhole, type WholeGateway } from "#test/support/whole-gateway.ts";

const NASTY = [
  "\r",
  "\n",
  "\r\n",
  "\u001a",
  "\u001b",
  '"',
  ";",
  "\0",
  "AT+CFUN=0\r",
  "> ",
  "+CMGS: 1\r\nOK\r\n",
];
const MESSAGES = 150;

const nastyText = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ maxLength: 8 }), fc.string({ unit: "grapheme" })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => parts.join(""))
  .filter((text) => text.length > 0 && text.isWellFormed());

const numbers = createRecipients({
  homeCountry: "DE",
  allowShortCodes: true,
  allowPremium: true,
  allowSatellite: true,
  allowUnassigned: true,
  allowedCountries: ["*"],
});

test("a recipient that is accepted is digits, with a plus or without", () => {
  const beside = fc
    .tuple(fc.constantFrom("+491701234567", "116117", "0170"), nastyText)
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(beside, nastyText), (to) => {
      const judged = numbers.judge(to);
      if (judged.ok) expect(judged.to).toMatch(/^\+?\d{3,15}$/);
    }),
    { numRuns: 5_000 },
  );
});

test("fields that are shown or handed on take no control characters; a SIM is digits", () => {
  fc.assert(
    fc.property(nastyText, (text) => {
      const parsed = SendMessage.safeParse({ to: "+491701234567", text: "x", reference: text, sim: text });
      if (parsed.success) expect(parsed.data.sim).toMatch(/^\d{17,21}[0-9A-F]$/i);
      const reference = SendMessage.safeParse({ to: "+491701234567", text: "x", reference: text });
      if (reference.success) expect(reference.data.reference).not.toMatch(/\p{Cc}/u);
    }),
    { numRuns: 5_000 },
  );
});

/** Commands as they were written, without their operands' digits; PDUs and leaving a prompt have one name. */
function kindsWritten(whole: WholeGateway): Set<string> {
  const kinds = new Set<string>();
  for (const chunks of whole.written.values()) {
    const text = Buffer.concat(chunks).toString("latin1");
    const lines = text
      .replaceAll("\u001a", "<Ctrl-Z>\n")
      .replaceAll("\u001b", "<ESC>")
      .replaceAll("\r", "<CR>\n")
      .split("\n");
    for (const line of lines) kinds.add(line.replace(/^[0-9A-F]+(?=<Ctrl-Z>$)/, "PDU").replace(/\d+/g, "n"));
  }
  return kinds;
}

test("the modem gets nothing that it would not get for a harmless message", async () => {
  await using harmless = await startWhole({ modems: 2 });
  const plain = Array.from({ length: 20 }, (_, i) => ({
    to: "+491701234567",
    text: "Hello ".repeat(1 + 10 * i),
  }));
  await sendAll(harmless, plain);
  const allowed = kindsWritten(harmless);
  expect(allowed).toContain("PDU<Ctrl-Z>");
  expect(allowed).toContain("AT+CMGS=n<CR>");

  await using attacked = await startWhole({ modems: 2 });
  const texts = fc.sample(nastyText, { numRuns: MESSAGES, seed: 7 });
  await sendAll(
    attacked,
    texts.map((text, i) => ({ to: "+491701234567", text, metadata: { [`k${i}`]: text.slice(0, 500) } })),
  );
  const unheardOf = [...kindsWritten(attacked)].filter((kind) => !allowed.has(kind));
  expect(unheardOf).toEqual([]);
  const arrived = attacked.simulator.ledger.entries().map((entry) => entry.text);
  const short = texts.filter((text) => /^[ -Z]{1,60}$/.test(text));
  for (const text of short) expect(arrived).toContain(text);
});

async function sendAll(whole: WholeGateway, messages: readonly object[]): Promise<void> {
  const { status, body } = await whole.call("POST", "/v1/messages/batch", { messages });
  expect(status, JSON.stringify(body)).toBe(202);
  const count = (body as { messages: { segmentCount: number }[] }).messages.reduce(
    (sum, { segmentCount }) => sum + segmentCount,
    0,
  );
  await eventually("all segments are in the ledger", 30_000, () =>
    whole.simulator.ledger.count >= count ? true : undefined,
  );
}
