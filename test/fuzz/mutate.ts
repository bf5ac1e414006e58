/** Makes new inputs from one or two of the corpus; the same chance makes the same inputs. */
import type { Random } from "#shared/random.ts";
import type { FuzzInput } from "./corpus.ts";

const MUTATIONS_MAX = 4;
const OCTETS_MAX = 300;

/** Octets that sit on the edge of some length check. */
const EDGES = [0, 1, 2, 6, 7, 8, 11, 12, 13, 20, 21, 127, 128, 139, 140, 141, 159, 160, 161, 254, 255];

type Mutation = (octets: number[], random: Random, other: readonly number[]) => number[];

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  bit: (octets, random) => {
    const at = place(octets, random);
    return octets.with(at, (octets[at] ?? 0) ^ (1 << random.int(0, 7)));
  },
  nibble: (octets, random) => {
    const at = place(octets, random);
    const shift = random.int(0, 1) * 4;
    return octets.with(at, ((octets[at] ?? 0) & (0xf0 >> shift)) | (random.int(0, 15) << shift));
  },
  lengthLie: (octets, random) =>
    octets.with(place(octets, random), EDGES[random.int(0, EDGES.length - 1)] ?? 0),
  lengthOff: (octets, random) => {
    const at = place(octets, random);
    return octets.with(at, ((octets[at] ?? 0) + random.int(-2, 2)) & 0xff);
  },
  splice: (octets, random, other) => [
    ...octets.slice(0, random.int(0, octets.length)),
    ...other.slice(random.int(0, other.length)),
  ],
  truncate: (octets, random) => octets.slice(0, random.int(0, octets.length)),
  remove: (octets, random) => octets.toSpliced(place(octets, random), random.int(1, 3)),
  insert: (octets, random) => octets.toSpliced(place(octets, random), 0, ...random.bytes(random.int(1, 3))),
  append: (octets, random) => [...octets, ...random.bytes(random.int(1, 20))],
  padding: (octets, random) => [...octets, ...new Array<number>(random.int(1, 40)).fill(0xff)],
};

const NAMES = Object.keys(MUTATIONS);

/** Digits that only look like some, and what a modem's line may hold beside them. */
const NOT_DIGITS = [" ", "\r", "\n", "G", "g", "x", "\0", "\u0661", "\u0161", "\uff11", "\ud83d"];

/** An input of the corpus, read once. */
interface Seedling {
  readonly octets: readonly number[];
  readonly options: FuzzInput["options"];
}

/** Each call of the function that comes back makes a new input. */
export function mutator(corpus: readonly FuzzInput[], random: Random): () => FuzzInput {
  const seedlings = corpus.map(({ hex, options }) => ({ octets: [...Buffer.from(hex, "hex")], options }));
  return () => mutate(seedlings, random);
}

function mutate(corpus: readonly Seedling[], random: Random): FuzzInput {
  const base = pick(corpus, random);
  let octets = [...base.octets];
  for (let left = random.int(1, MUTATIONS_MAX); left > 0; left--) {
    const mutation = MUTATIONS[pick(NAMES, random)];
    if (mutation && octets.length > 0) octets = mutation(octets, random, pick(corpus, random).octets);
  }
  const digits = Buffer.from(octets.slice(0, OCTETS_MAX)).toString("hex");
  const { direction, smsc = true } = base.options;
  return {
    hex: random.int(0, 19) === 0 ? damaged(digits, random) : digits,
    options: {
      direction: random.int(0, 7) === 0 ? (direction === "mt" ? "mo" : "mt") : direction,
      smsc: random.int(0, 7) === 0 ? !smsc : smsc,
      reportForm: random.int(0, 1) === 0 ? "ack" : "error",
    },
  };
}

function damaged(digits: string, random: Random): string {
  const at = random.int(0, digits.length);
  return digits.slice(0, at) + pick(NOT_DIGITS, random) + digits.slice(at + random.int(0, 1));
}

function place(octets: readonly number[], random: Random): number {
  return random.int(0, octets.length - 1);
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[random.int(0, list.length - 1)] as T;
}
