/**
 * The chain of evidence, pure. Each event is sealed with what it says, and its hash covers the seal and the
 * hash before it, so nothing can be changed, taken out or moved without every later hash being wrong. What it
 * says in detail stands behind a salted commitment: without salt and details the chain still holds, and
 * nobody can find the details by trying.
 */
import { createHash } from "node:crypto";

/** Flat facts: texts, numbers, instants as RFC 3339. */
export type Details = Readonly<Record<string, string | number>>;

/** What the chain itself holds of an event. */
export interface ChainedEvent {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** When it was witnessed, by our clock. */
  readonly at: number;
  readonly kind: string;
  readonly caseCode: string;
  /** Key of the message that it is about; empty for what is about none. */
  readonly occurrenceKey: string;
  /** Hexadecimal, as every digest here. */
  readonly commitment: string;
  readonly hash: string;
  /** Canonical JSON, with its salt of 32 octets; neither once they are erased. */
  readonly details?: string;
  readonly salt?: Uint8Array;
}

/** An event of which only the seal is shown: it proves its place and tells nothing. */
export interface SealedEvent {
  readonly sequence: number;
  readonly seal: string;
  readonly hash: string;
}

/** A place in the chain. */
export interface Head {
  readonly sequence: number;
  readonly hash: string;
}

export const SALT_OCTETS = 32;
const FORM = "dunlin evidence 1";

/** Before the first event. */
export const START: Head = { sequence: 0, hash: sha256(FORM) };

function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** The same facts give the same octets: JSON with its names in order. */
export function canonical(details: Details): string {
  const entries = Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(entries));
}

export function commit(salt: Uint8Array, details: string): string {
  return sha256(salt, details);
}

/** Over a JSON array, so that no two lists of fields give the same octets. */
export function sealOf(event: Omit<ChainedEvent, "sequence" | "hash">): string {
  const { at, kind, caseCode, occurrenceKey, commitment } = event;
  return sha256(JSON.stringify([FORM, at, kind, caseCode, occurrenceKey, commitment]));
}

export function chainHash(previous: string, sequence: number, seal: string): string {
  return sha256(JSON.stringify([FORM, previous, sequence, seal]));
}

export type Fault = "altered" | "missing" | "out of order" | "truncated";

export type ChainVerdict =
  | { readonly ok: true; readonly head: Head; readonly count: number; readonly erased: number }
  /** `sequence` is the first place that is wrong. */
  | { readonly ok: false; readonly sequence: number; readonly fault: Fault };

export interface VerifyOptions {
  /** Where the events go on from; from the very first one unless told. */
  readonly after?: Head;
  /** A head that was seen before: the chain must still lead there. */
  readonly known?: Head;
}

/** @param events in the order in which they are kept */
export function verify(
  events: Iterable<ChainedEvent | SealedEvent>,
  options: VerifyOptions = {},
): ChainVerdict {
  const { known } = options;
  let head = options.after ?? START;
  let [count, erased] = [0, 0];
  const broken = (sequence: number, fault: Fault): ChainVerdict => ({ ok: false, sequence, fault });
  if (differs(head, known)) return broken(head.sequence, "altered");
  const rest = events[Symbol.iterator]();
  for (let step = rest.next(); step.done !== true; step = rest.next()) {
    const event = step.value;
    const sequence = head.sequence + 1;
    if (event.sequence !== sequence)
      return broken(sequence, comesLater(event, rest, sequence) ? "out of order" : "missing");
    if (!isWhole(event, head)) return broken(sequence, "altered");
    head = { sequence, hash: event.hash };
    if (differs(head, known)) return broken(sequence, "altered");
    count++;
    if ("commitment" in event && event.details === undefined) erased++;
  }
  if (known !== undefined && head.sequence < known.sequence) return broken(head.sequence + 1, "truncated");
  return { ok: true, head, count, erased };
}

/** The whole chain may have been made anew: then it does not pass through a head that was seen before. */
function differs(head: Head, known: Head | undefined): boolean {
  return known?.sequence === head.sequence && known.hash !== head.hash;
}

function isWhole(event: ChainedEvent | SealedEvent, before: Head): boolean {
  const seal = "seal" in event ? event.seal : sealOf(event);
  if (chainHash(before.hash, event.sequence, seal) !== event.hash) return false;
  if ("seal" in event) return true;
  const { details, salt } = event;
  if (details === undefined || salt === undefined) return details === salt;
  return commit(salt, details) === event.commitment;
}

/** An event before its turn, or one that was there already: the one in question is there, elsewhere. */
function comesLater(
  event: { readonly sequence: number },
  rest: Iterator<{ readonly sequence: number }>,
  wanted: number,
): boolean {
  if (event.sequence < wanted) return true;
  for (let step = rest.next(); step.done !== true; step = rest.next())
    if (step.value.sequence === wanted) return true;
  return false;
}
