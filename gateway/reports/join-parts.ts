/** Parts of a received message, as far as they came, become one message. Pure. */
import { joinUserData } from "#hardware/pdu/reassembly.ts";
import type { UserData } from "#hardware/pdu/types.ts";
import { parseDeliver } from "./parse-deliver.ts";

/** Stands where parts of a text are missing. */
export const MISSING = " […] ";

export interface PartPdu {
  readonly pdu: string;
  readonly receivedAt: number;
}

export interface JoinedParts {
  readonly sender: string;
  readonly text?: string;
  /** Hexadecimal. */
  readonly data?: string;
  /** When the service centre took the first part. */
  readonly sentAt?: string;
  /** When the last part came. */
  readonly receivedAt: number;
  /** How many parts it has in all. */
  readonly segments: number;
  readonly complete: boolean;
}

/** @throws RangeError for no parts, or a part that is no DELIVER */
export function joinParts(parts: readonly PartPdu[]): JoinedParts {
  const read = parts
    .map(({ pdu, receivedAt }) => {
      const parsed = parseDeliver(pdu);
      if (typeof parsed === "string") throw new RangeError(parsed);
      return { ...parsed, receivedAt, sequence: parsed.concatenation?.sequence ?? 1 };
    })
    .sort((a, b) => a.sequence - b.sequence);
  const [first] = read;
  if (first === undefined) throw new RangeError("a message has at least one part");
  const total = first.concatenation?.total ?? 1;
  const bySequence = new Map(read.map((part) => [part.sequence, part.deliver.userData]));
  const sentAt = first.deliver.timestamp.iso;
  return {
    sender: first.sender,
    ...content(bySequence, total),
    ...(sentAt === undefined ? {} : { sentAt }),
    receivedAt: Math.max(...read.map((part) => part.receivedAt)),
    segments: total,
    complete: bySequence.size === total,
  };
}

function content(
  parts: ReadonlyMap<number, UserData>,
  total: number,
): { readonly text?: string; readonly data?: string } {
  const present = [...parts.values()];
  if (!present.every(({ text }) => text !== undefined)) {
    const { data } = joinUserData(present);
    return {
      data: Buffer.from(data ?? new Uint8Array())
        .toString("hex")
        .toUpperCase(),
    };
  }
  let text = "";
  let run: UserData[] = [];
  for (let sequence = 1; sequence <= total; sequence++) {
    const part = parts.get(sequence);
    if (part !== undefined) run.push(part);
    else if (!text.endsWith(MISSING) || run.length > 0) {
      text += (joinUserData(run).text ?? "") + MISSING;
      run = [];
    }
  }
  return { text: text + (joinUserData(run).text ?? "") };
}
