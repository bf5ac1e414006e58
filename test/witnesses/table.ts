/** The table client × profile, its notes, and the verdict. */
import type { Row } from "./hearings.ts";
import { known } from "./known.ts";
import { STEPS, type Step } from "./witness.ts";

export interface Report {
  /** Markdown. */
  readonly text: string;
  /** What was refused without being known, and what is known to be refused and was done. */
  readonly surprises: readonly string[];
}

export function report(rows: readonly Row[]): Report {
  const notes: string[] = [];
  const surprises: string[] = [];
  const noteOf = (text: string): number => {
    if (!notes.includes(text)) notes.push(text);
    return notes.indexOf(text) + 1;
  };
  const head = ["client", "profile", ...STEPS, "seconds"];
  const lines = rows.map((row) => {
    const variant = known.variantReason(row.client, row.profile);
    const profile = variant ? `${row.profile} (${noteOf(variant)})` : row.profile;
    const cells = STEPS.map((step) => cell(row, step, noteOf, surprises));
    const seconds = row.hearing ? (row.hearing.tookMs / 1_000).toFixed(1) : "";
    return [row.client, profile, ...cells, seconds];
  });
  const text = [
    tableOf([head, head.map(() => "---"), ...lines]),
    "",
    ...notes.map((note, i) => `${i + 1}. ${note}`),
    ...(surprises.length > 0 ? ["", "Not as known:", ...surprises.map((line) => `- ${line}`)] : []),
  ];
  return { text: text.join("\n"), surprises };
}

function cell(row: Row, step: Step, noteOf: (text: string) => number, surprises: string[]): string {
  const { client, profile, hearing, skipped = "" } = row;
  if (hearing === undefined) return `left out (${noteOf(skipped)})`;
  const answer = hearing.answers[step];
  const refusal = known.refusal(client, profile, step);
  const place = `${client} on ${profile}, ${step}`;
  if (answer.kind === "yes") {
    if (refusal) surprises.push(`${place}: done, though it is known to refuse: ${refusal.why}`);
    return "yes";
  }
  if (refusal) return `no (${noteOf(refusal.why)})`;
  surprises.push(`${place}: ${answer.reason}`);
  return "no";
}

function tableOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}
