/** Lists of faults that the driver is put under, one after the other. */
import type { FaultSpec } from "#hardware/simulator/faults/faults.ts";

/** What befalls a submit that is said with `command`, which is `+CMGS` or `+CMSS`. */
export function faultLists(command: string): Readonly<Record<string, readonly FaultSpec[]>> {
  /** Where a command can be named, it is that one. */
  const named: Readonly<Record<string, { readonly command?: string }>> = {
    command: { command },
    answer: { command },
  };
  return {
    "lost answers": [{ at: "answer", command, every: 3, action: { kind: "drop-answer" } }],
    "lost results": [{ at: "answer", command, every: 3, action: { kind: "drop-final" } }],
    "late results": [{ at: "answer", command, every: 3, action: { kind: "late-final", ms: 30_000 } }],
    "torn answers": [
      { at: "answer", every: 2, action: { kind: "split", at: 5, ms: 100 } },
      { at: "answer", every: 3, action: { kind: "merge", ms: 100 } },
    ],
    "odd line ends": [{ at: "answer", every: 2, action: { kind: "line-ends", form: "extra" } }],
    "lost octets of PDUs": [{ at: "pdu", every: 3, action: { kind: "drop-octet", index: 9 } }],
    "lost Ctrl-Z": [{ at: "pdu", every: 3, action: { kind: "drop-ctrl-z" } }],
    "restarts after Ctrl-Z": [
      { at: "submit", every: 4, action: { kind: "reset" } },
      { at: "accepted", every: 4, action: { kind: "reset", silent: true } },
    ],
    "hangs at the prompt": [{ at: "prompt", every: 5, action: { kind: "hang", cure: "escape" } }],
    refusals: [{ at: "submit", every: 3, action: { kind: "refuse", cms: [38, 41, 42] } }],
    ...Object.fromEntries(
      (["command", "prompt", "pdu", "submit", "accepted", "answer"] as const).flatMap((at) => [
        [`restarts at ${at}`, [{ at, ...named[at], every: 4, action: { kind: "reset" } }]],
        [
          `unplugs at ${at}`,
          [{ at, ...named[at], every: 4, action: { kind: "unplug", replugAfterMs: 20_000 } }],
        ],
      ]),
    ),
    noise: [{ at: "time", atMs: 0, action: { kind: "noise", everyMs: 250 } }],
  };
}
