/**
 * The evidence of one case as a file that is checked without the database: its events with what they say,
 * and between them the seals of the others, which tell nothing and hold the chain together.
 */

import { z } from "zod";
import { parseJson } from "#shared/json.ts";
import type { Database } from "#shared/sqlite.ts";
import {
  type ChainedEvent,
  type ChainVerdict,
  canonical,
  type Head,
  type SealedEvent,
  sealOf,
  verify,
} from "./chain.ts";
import { eventsAfter, eventsOfCase, headOf, placeOf } from "./store.ts";

export const CASE_EVENTS_MAX = 10_000;
/** Events from the first one of the case to the head: a file of some 200 MB. */
export const CHAIN_MAX = 1_000_000;

const STATEMENT =
  "Made by Dunlin. The chain shows that what stands here was not changed since it was witnessed; it does not show " +
  "that everything stands here, and its times are those of the sender's clock and of the networks' reports. This is " +
  "not a qualified electronic registered delivery service, and no trust service, under Regulation (EU) 910/2014 (eIDAS).";

const Digest = z.string().regex(/^[0-9a-f]{64}$/, "A digest has 64 hexadecimal digits.");
const Place = z.strictObject({ sequence: z.int().min(0), hash: Digest });
const Sealed = z.strictObject({ sequence: z.int().min(1), seal: Digest, hash: Digest });
const Shown = z.strictObject({
  sequence: z.int().min(1),
  at: z.iso.datetime(),
  kind: z.string(),
  case: z.string(),
  message: z.string(),
  commitment: Digest,
  hash: Digest,
  details: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  salt: Digest.optional(),
});
const Dossier = z.strictObject({
  form: z.literal("dunlin evidence 1"),
  statement: z.string(),
  case: z.string(),
  exportedAt: z.iso.datetime(),
  after: Place,
  head: Place,
  chain: z.array(z.union([Sealed, Shown])),
});

export type WrittenDossier =
  /** JSON, an event a line. */
  | { readonly kind: "written"; readonly text: string }
  /** The case has no evidence, or its chain is longer than a file may be. */
  | { readonly kind: "none" }
  | { readonly kind: "too-long" };

/** @param onProgress after each event of the chain */
export function writeDossier(
  db: Database,
  caseCode: string,
  now: number,
  onProgress?: (done: number, total: number) => void,
): WrittenDossier {
  return db.read(() => {
    const [first] = eventsOfCase(db, caseCode, 1);
    const after = first && placeOf(db, first.sequence - 1);
    if (after === undefined) return { kind: "none" };
    const head = headOf(db);
    const total = head.sequence - after.sequence;
    if (total > CHAIN_MAX) return { kind: "too-long" };
    const lines: string[] = [];
    for (const event of eventsAfter(db, after.sequence)) {
      lines.push(JSON.stringify(event.caseCode === caseCode ? renderEvent(event) : sealed(event)));
      onProgress?.(lines.length, total);
    }
    const top = {
      form: "dunlin evidence 1",
      statement: STATEMENT,
      case: caseCode,
      exportedAt: new Date(now).toISOString(),
      after,
      head,
    };
    const opened = JSON.stringify(top, null, 2).slice(0, -"\n}".length);
    const text = `${opened},\n  "chain": [\n    ${lines.join(",\n    ")}\n  ]\n}\n`;
    return { kind: "written", text };
  });
}

/** An event as files and answers show it. */
export function renderEvent(event: ChainedEvent): z.output<typeof Shown> {
  const { sequence, at, kind, caseCode, occurrenceKey, commitment, hash, details, salt } = event;
  return {
    ...{
      sequence,
      at: new Date(at).toISOString(),
      kind,
      case: caseCode,
      message: occurrenceKey,
      commitment,
      hash,
    },
    ...(details === undefined ? {} : { details: JSON.parse(details) as Record<string, string | number> }),
    ...(salt === undefined ? {} : { salt: Buffer.from(salt).toString("hex") }),
  };
}

function sealed(event: ChainedEvent): SealedEvent {
  return { sequence: event.sequence, seal: sealOf(event), hash: event.hash };
}

export type DossierVerdict =
  | { readonly kind: "unreadable"; readonly detail: string }
  | {
      readonly kind: "read";
      readonly caseCode: string;
      /** Events that are shown, of all that the chain in the file has. */
      readonly shown: number;
      readonly verdict: ChainVerdict;
    };

/** @param known a head that was seen elsewhere; the file's own one is looked at in any case */
export function checkDossier(text: string, known?: Head): DossierVerdict {
  const value = parseJson(text);
  if (value === undefined) return { kind: "unreadable", detail: "It is no JSON." };
  const parsed = Dossier.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") || "the file";
    return { kind: "unreadable", detail: `${where}: ${issue?.message ?? "it is no exported evidence"}` };
  }
  const { case: caseCode, after, head, chain } = parsed.data;
  const events = chain.map((entry) => ("seal" in entry ? entry : eventOf(entry)));
  const shown = events.filter((event) => "commitment" in event).length;
  const own = verify(events, { after, known: head });
  const verdict = own.ok && known !== undefined ? verify(events, { after, known }) : own;
  return { kind: "read", caseCode, shown, verdict };
}

function eventOf(entry: z.output<typeof Shown>): ChainedEvent {
  const { at, case: caseCode, message, details, salt, ...rest } = entry;
  return {
    ...rest,
    at: Date.parse(at),
    caseCode,
    occurrenceKey: message,
    ...(details === undefined ? {} : { details: canonical(details) }),
    ...(salt === undefined ? {} : { salt: Buffer.from(salt, "hex") }),
  };
}
