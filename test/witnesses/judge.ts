/** What the judge looks at: the words of a witness, and the ledger of the simulated service centre. */
import type { LedgerEntry } from "#hardware/simulator/ledger.ts";
import { eventually } from "#test/support/eventually.ts";
import { RECIPIENT, type Stage } from "./witness.ts";

const LEDGER_MS = 20_000;

/** @throws Error when `part` is not in what was said */
export function must(said: string, part: string): void {
  if (!said.includes(part)) throw new Error(`"${part}" is missing in: ${said.trim().slice(-200)}`);
}

/** The text is in the ledger, for the right phone, once, whole and with a report asked for. */
export async function sent({ simulator }: Stage, text: string, withinMs = LEDGER_MS): Promise<void> {
  const entries = await eventually(`"${text}" in the ledger`, withinMs, () => {
    const all = simulator.ledger.entries({ destination: RECIPIENT });
    return joined(all).includes(text) ? all : undefined;
  });
  const total = entries[0]?.concatenation?.total ?? 1;
  if (entries.length !== total) throw new Error(`sent in ${entries.length} messages instead of ${total}`);
  const sequences = entries.map((entry, i) => entry.concatenation?.sequence ?? i + 1);
  if (sequences.some((sequence, i) => sequence !== i + 1))
    throw new Error(`parts in the order ${sequences.join()}`);
}

function joined(entries: readonly LedgerEntry[]): string {
  return entries.map((entry) => entry.text ?? "").join("");
}
