/** What message references prove of submits that were never answered, and when they prove nothing. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  afterDoubt,
  afterFile,
  afterLate,
  afterReference,
  afterSilence,
  type Judged,
  newTrail,
  type ReferenceTrail,
  type ReferenceVerdict,
} from "#gateway/outbox/references.ts";

type Trail = ReferenceTrail<string>;
/** A number: accepted with this reference. */
type Step =
  | number
  | "silent"
  | "doubt"
  | "unnamed"
  | { readonly file: number }
  | { readonly late: number | undefined };

/** What the last step of these told; `start` is the file at the beginning of the session. */
function last(steps: readonly Step[], start?: number): ReferenceVerdict<string> | undefined {
  let judged: Judged<string> = { trail: newTrail(start) };
  for (const [i, step] of steps.entries()) judged = take(judged.trail, step, `s${i}`);
  return judged.verdict;
}

function take(trail: Trail, step: Step, name: string): Judged<string> {
  if (step === "silent") return { trail: afterSilence(trail, name) };
  if (step === "doubt") return { trail: afterDoubt(trail) };
  if (step === "unnamed") return afterReference(trail, undefined);
  if (typeof step === "number") return afterReference(trail, step);
  return "file" in step ? afterFile(trail, step.file) : afterLate(trail, step.late);
}

interface Row {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly start?: number;
  readonly kind: ReferenceVerdict<string>["kind"] | undefined;
  readonly references?: readonly (number | undefined)[];
}

const NEXT: readonly Row[] = [
  { name: "nothing was silent: nothing to tell", steps: [10, 11], kind: undefined },
  { name: "one more: never built", steps: [10, "silent", 11], kind: "not-built" },
  { name: "two more: built", steps: [10, "silent", 12], kind: "built", references: [11] },
  { name: "over the wrap: built", steps: [255, "silent", 1], kind: "built", references: [0] },
  { name: "two silent, one more: neither was built", steps: [10, "silent", "silent", 11], kind: "not-built" },
  {
    name: "two silent, three more: both were",
    steps: [10, "silent", "silent", 13],
    kind: "built",
    references: [11, 12],
  },
  {
    name: "two silent, two more: one of them was, nobody knows which",
    steps: [10, "silent", "silent", 12],
    kind: "nothing",
  },
  { name: "three more: somebody else sent", steps: [10, "silent", 13], kind: "nothing" },
  { name: "the same again: this modem does not count", steps: [10, "silent", 10], kind: "nothing" },
  { name: "fewer: it began anew", steps: [10, "silent", 3], kind: "nothing" },
  { name: "nothing before it is known", steps: ["silent", 11], kind: "nothing" },
  { name: "before it stands what was read only", steps: ["silent", 11], start: 10, kind: "nothing" },
  {
    name: "what was read only, and two more",
    steps: ["silent", 12],
    start: 10,
    kind: "built",
    references: [11],
  },
  {
    name: "a refusal before it may have used a reference",
    steps: [10, "doubt", "silent", 11],
    kind: "nothing",
  },
  { name: "a refusal after it, too", steps: [10, "silent", "doubt", 12], kind: "nothing" },
  { name: "a refusal of long ago does not matter", steps: [9, "doubt", 10, "silent", 11], kind: "not-built" },
  { name: "somebody else was seen to send before", steps: [10, 12, "silent", 13], kind: "nothing" },
  {
    name: "a refusal explains the gap: nobody else sends",
    steps: [10, "doubt", 12, "silent", 13],
    kind: "not-built",
  },
  { name: "a modem that counts anew from 0 looks the same", steps: [255, "silent", 0], kind: "nothing" },
  { name: "and one that counts anew from 1", steps: [0, "silent", 1], kind: "nothing" },
  { name: "the modem gives the next one no reference", steps: [10, "silent", "unnamed"], kind: "nothing" },
  { name: "the one before it had none", steps: [10, "unnamed", "silent", 12], kind: "nothing" },
  {
    name: "the late answer of the second tells of the first",
    steps: [10, "silent", "silent", { late: 11 }],
    kind: "not-built",
  },
  {
    name: "the late refusal of the second leaves the first open",
    steps: [10, "silent", "silent", { late: undefined }, 11],
    kind: "nothing",
  },
];

const FILE: readonly Row[] = [
  {
    name: "it stands still, and was seen to move: never built",
    steps: [10, "silent", { file: 10 }],
    start: 9,
    kind: "not-built",
  },
  { name: "one more: built", steps: [10, "silent", { file: 11 }], start: 9, kind: "built", references: [11] },
  {
    name: "the first submit of a session, and it moved",
    steps: ["silent", { file: 10 }],
    start: 9,
    kind: "built",
    references: [10],
  },
  {
    name: "the first submit of a session, and it stands still",
    steps: ["silent", { file: 9 }],
    start: 9,
    kind: "nothing",
  },
  { name: "it was never seen to move", steps: [10, "silent", { file: 10 }], start: 10, kind: "nothing" },
  { name: "it was never read before", steps: [10, "silent", { file: 10 }], kind: "nothing" },
  {
    name: "it stands where modems begin to count",
    steps: [0, "silent", { file: 0 }],
    start: 9,
    kind: "nothing",
  },
  { name: "it jumped", steps: [10, "silent", { file: 14 }], start: 9, kind: "nothing" },
  {
    name: "after a jump nothing is proven any more",
    steps: [10, "silent", { file: 14 }, 15, "silent", 16],
    start: 9,
    kind: "nothing",
  },
  {
    name: "two in a row that were never built",
    steps: [10, "silent", { file: 10 }, "silent", { file: 10 }],
    start: 9,
    kind: "not-built",
  },
  {
    name: "what it told is counted on",
    steps: [10, "silent", { file: 11 }, "silent", 12],
    start: 9,
    kind: "not-built",
  },
  { name: "a refusal in between", steps: [10, "doubt", "silent", { file: 10 }], start: 9, kind: "nothing" },
  {
    name: "a file that never moves is not believed, and the next message tells",
    steps: [10, "silent", { file: 10 }, 12],
    start: 10,
    kind: "built",
    references: [11],
  },
];

describe("the next message's reference", () => {
  test.each(NEXT)("$name", ({ steps, start, kind, references }) => {
    const verdict = last(steps, start);
    expect(verdict?.kind).toBe(kind);
    if (references !== undefined) expect(verdict?.of.map(({ reference }) => reference)).toEqual(references);
  });
});

describe("the file on the SIM", () => {
  test.each(FILE)("$name", ({ steps, start, kind, references }) => {
    const verdict = last(steps, start);
    expect(verdict?.kind).toBe(kind);
    if (references !== undefined) expect(verdict?.of.map(({ reference }) => reference)).toEqual(references);
  });

  test("every verdict is one sentence that names what was seen", () => {
    expect(last([10, "silent", 11])?.saw).toBe(
      "The next message of this SIM got reference 11, and 10 was the last before: nothing was built between them.",
    );
    expect(last([10, "silent", { file: 11 }], 9)?.saw).toBe(
      "The SIM's last message reference is 11, and was 10 before: it was built and left the modem.",
    );
  });
});

type Deed =
  | {
      readonly kind: "accepted" | "lost-before" | "lost-after" | "refused" | "refused-early" | "other-sender";
    }
  | { readonly kind: "look" };

const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Deed>({ kind: "accepted" }) },
    { weight: 4, arbitrary: fc.constantFrom<Deed>({ kind: "lost-before" }, { kind: "lost-after" }) },
    { weight: 2, arbitrary: fc.constantFrom<Deed>({ kind: "refused" }, { kind: "refused-early" }) },
    { weight: 1, arbitrary: fc.constant<Deed>({ kind: "other-sender" }) },
    { weight: 2, arbitrary: fc.constant<Deed>({ kind: "look" }) },
  ),
  { maxLength: 40 },
);

/** A modem that counts as the standard says, with what really became of each submit. */
function live(
  start: number,
  moves: boolean,
  all: readonly Deed[],
): { built: Set<string>; unbuilt: Set<string>; said: [string, string][] } {
  let reference = start;
  let file = start;
  let trail: Trail = newTrail(file);
  const built = new Set<string>();
  const unbuilt = new Set<string>();
  const said: [string, string][] = [];
  const use = (): number => {
    reference = (reference + 1) % 256;
    if (moves) file = reference;
    return reference;
  };
  const hear = (judged: Judged<string>): void => {
    trail = judged.trail;
    for (const { attempt } of judged.verdict?.of ?? []) said.push([attempt, judged.verdict?.kind ?? ""]);
  };
  for (const [i, { kind }] of all.entries()) {
    const name = `s${i}`;
    if (kind === "accepted") hear(afterReference(trail, use()));
    if (kind === "refused") use();
    if (kind === "refused" || kind === "refused-early") trail = afterDoubt(trail);
    if (kind === "other-sender") use();
    if (kind === "look") hear(afterFile(trail, file));
    if (kind === "lost-before" || kind === "lost-after") {
      trail = afterSilence(trail, name);
      if (kind === "lost-after") use();
      (kind === "lost-after" ? built : unbuilt).add(name);
    }
  }
  return { built, unbuilt, said };
}

test("whatever happens, nothing that was built is said not to be, also by a file that never moves", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), fc.boolean(), deeds, (start, moves, all) => {
      const { built, said } = live(start, moves, all);
      for (const [attempt, kind] of said) if (kind === "not-built") expect(built.has(attempt)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test("alone on a SIM, without refusals, nothing that was not built is said to be", () => {
  const alone = deeds.map((all) =>
    all.filter(({ kind }) => kind !== "other-sender" && !kind.startsWith("refused")),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), alone, (start, all) => {
      const { unbuilt, said } = live(start, true, all);
      for (const [attempt, kind] of said) if (kind === "built") expect(unbuilt.has(attempt)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});
