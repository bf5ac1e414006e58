/** Where mutation starts: every whole PDU of the vectors, valid or not. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DecodeOptions } from "#hardware/pdu/decode.ts";

export interface FuzzInput {
  readonly hex: string;
  readonly options: DecodeOptions;
}

interface PduVector {
  readonly direction?: "mt" | "mo";
  readonly pdu_with_smsc?: string;
  readonly tpdu?: string;
}

export function readCorpus(folder: string): readonly FuzzInput[] {
  const corpus: FuzzInput[] = [];
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".json"))) {
    const content: unknown = JSON.parse(readFileSync(join(folder, name), "utf8"));
    if (!Array.isArray(content)) continue;
    for (const { direction, pdu_with_smsc, tpdu } of content as PduVector[]) {
      const hex = pdu_with_smsc ?? tpdu;
      if (hex === undefined || direction === undefined) continue;
      corpus.push({ hex, options: { direction, smsc: tpdu === undefined } });
    }
  }
  return corpus;
}

/** One line a kept input: direction, service centre, form, digits. */
export function lineOf({ hex, options }: FuzzInput): string {
  const { direction, smsc = true, reportForm = "ack" } = options;
  return [direction, smsc ? "smsc" : "bare", reportForm, JSON.stringify(hex)].join(" ");
}

export function inputOf(line: string): FuzzInput {
  const [direction, smsc, reportForm] = line.split(" ", 3);
  return {
    hex: JSON.parse(line.slice(line.indexOf('"'))) as string,
    options: {
      direction: direction === "mo" ? "mo" : "mt",
      smsc: smsc === "smsc",
      reportForm: reportForm === "error" ? "error" : "ack",
    },
  };
}
