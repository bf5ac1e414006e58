/**
 * What a reply wants, from its words alone. Only four things are acted on without a person: stop,
 * start, help, wrong person. In doubt between stop and anything else, it is a stop, and staff look.
 */
import { HELP_WORDS, START_WORDS, STOP_WORDS, type Words, WRONG_PARTY_WORDS } from "./words.ts";

export type Intent = "stop" | "start" | "help" | "wrong-party" | "other";

export interface Reading {
  readonly intent: Intent;
  /** False when something else was said as well, so that a person should read it. */
  readonly sure: boolean;
  /** The word or phrase that decided. */
  readonly word?: string;
}

/** A reply longer than this is read up to here; ten segments are less. */
const TEXT_LENGTH_MAX = 2_000;
/** "Stop, thank you!" is nothing but a stop. */
const COURTESIES: ReadonlySet<string> = new Set(
  "please thanks thank you bitte danke por favor gracias merci obrigado obrigada ya now ok".split(" "),
);

/** Lower case without accents and punctuation, single spaces: "¡Stop! Thank-you" → "stop thank you". */
export function fold(text: string): string {
  return text
    .slice(0, TEXT_LENGTH_MAX)
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replace(/['’`]/g, "")
    .replace(/[^\p{L}\p{N}?]+/gu, " ")
    .replace(/\?(?=.)|(?<=.)\?/gu, " ")
    .trim()
    .replace(/ +/g, " ");
}

/**
 * @param languages BCP 47 tags of the debtors that the number belongs to; English is always tried too.
 */
export function readReply(text: string, languages: readonly string[]): Reading {
  const folded = fold(text);
  const tags = new Set(["*", "en", ...languages.map((tag) => tag.toLowerCase().split("-")[0] ?? "")]);
  // Wrong person before stop: "wrong number, stop" detaches the number, which also stops everything.
  for (const [intent, words] of [
    ["wrong-party", WRONG_PARTY_WORDS],
    ["stop", STOP_WORDS],
    ["start", START_WORDS],
    ["help", HELP_WORDS],
  ] as const) {
    const found = find(folded, words, tags);
    if (found !== undefined) return { intent, ...found };
  }
  return { intent: "other", sure: true };
}

function find(
  folded: string,
  words: Words,
  tags: ReadonlySet<string>,
): { sure: boolean; word: string } | undefined {
  const rest = withoutCourtesies(folded);
  const compact = rest.replaceAll(" ", "");
  let unsure: string | undefined;
  for (const tag of tags) {
    const list = words[tag];
    // "S T O P" and "opt-out" are the words that they spell.
    for (const word of [...(list?.first ?? []), ...(list?.alone ?? [])])
      if (rest === word || folded === word || compact === word.replaceAll(" ", ""))
        return { sure: true, word };
    for (const phrase of list?.phrases ?? []) {
      if (rest === phrase) return { sure: true, word: phrase };
      if (` ${folded} `.includes(` ${phrase} `)) unsure ??= phrase;
    }
    for (const word of list?.first ?? []) if (folded.startsWith(`${word} `)) unsure ??= word;
  }
  return unsure === undefined ? undefined : { sure: false, word: unsure };
}

function withoutCourtesies(folded: string): string {
  return folded
    .split(" ")
    .filter((word) => !COURTESIES.has(word))
    .join(" ");
}
