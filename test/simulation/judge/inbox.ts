/** What was sent to our SIMs is in the inbox, once. */
import type { Case, Violation } from "./case.ts";

/** These take a card away with what lies on it, or fill it with what the network never sent. */
const TAKES_AWAY = ["sim-swap", "sim-out", "corrupt-slot"];

export async function judgeInbox({ world }: Case): Promise<Violation[]> {
  if (world.fired.some(({ kind }) => TAKES_AWAY.includes(kind))) return [];
  const core = world.life?.core;
  const waits = world.simulator.modems.some(({ modem }) => (modem.mailbox?.waiting ?? 0) > 0);
  if (core === undefined || waits) return [];
  const got = new Map<string, number>();
  const rows = core.db.sql("select sender, text from inbound where complete = 1").all() as {
    readonly sender: string;
    readonly text: string;
  }[];
  for (const { sender, text } of rows) got.set(`${sender} ${text}`, (got.get(`${sender} ${text}`) ?? 0) + 1);
  return [...Map.groupBy(world.sentToUs, ({ what }) => what)].flatMap(([what, sent]) => {
    const count = got.get(what) ?? 0;
    // Two that are equal to the second cannot be told from one that came twice.
    const least = new Set(sent.map(({ atMs }) => Math.floor(atMs / 1_000))).size;
    if (least <= count && count <= sent.length) return [];
    const text = `"${what.slice(0, 60)}" was sent ${sent.length} times and came ${count} times`;
    return [{ rule: "inbox" as const, text }];
  });
}
