/** The packs as shipped, and packs that an operator wrote, as typed documents. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { amountProblem } from "#scheduler/policy/document.ts";
import { type FileFormat, type FileProblem, type Read, readDocument } from "#scheduler/policy/files.ts";
import { type LawRow, PackDocument } from "./rows.ts";

const SHIPPED = fileURLToPath(new URL("./packs", import.meta.url));

/** @throws Error when a shipped pack does not read: the package is damaged. */
export function shippedPacks(): PackDocument[] {
  const names = readdirSync(SHIPPED).filter((name) => name.endsWith(".toml"));
  return names.sort().map((name) => {
    const read = readPack(readFileSync(join(SHIPPED, name), "utf8"), "toml");
    if (read.ok) return read.value;
    const [first] = read.problems;
    throw new Error(`${name}: ${first?.field} ${first?.rule}. ${first?.remedy}`);
  });
}

export function readPack(text: string, format: FileFormat): Read<PackDocument> {
  const read = readDocument(text, format, PackDocument);
  if (!read.ok) return read;
  const problems = [...packProblems(read.value)];
  return problems.length === 0 ? read : { ok: false, problems };
}

function* packProblems(pack: PackDocument): Generator<FileProblem> {
  const seen = new Set<string>();
  for (const [i, row] of pack.rule.entries()) {
    if (seen.has(row.id))
      yield {
        field: `rule[${i}].id`,
        rule: `is used twice ("${row.id}")`,
        remedy: "Give each row its own id.",
      };
    seen.add(row.id);
    if (row.from !== undefined && row.until !== undefined && row.from > row.until)
      yield {
        field: `rule[${i}].until`,
        rule: `is ${row.until}, before from (${row.from})`,
        remedy: "Swap the two dates.",
      };
    for (const [field, text, currency] of amountsOf(row)) {
      const wrong = amountProblem(text, currency);
      if (wrong !== undefined)
        yield { field: `rule[${i}].${field}`, rule: wrong, remedy: "Correct the amount or its currency." };
    }
    if (row.region !== undefined && !row.region.startsWith(`${pack.jurisdiction}-`))
      yield {
        field: `rule[${i}].region`,
        rule: `is ${row.region}, which is not in ${pack.jurisdiction}`,
        remedy: `Use a code such as ${pack.jurisdiction}-XX, or another pack.`,
      };
  }
}

/** An operator's pack replaces the shipped one of the same jurisdiction; others are added. */
export function withOperatorPacks(
  shipped: readonly PackDocument[],
  own: readonly PackDocument[],
): PackDocument[] {
  const replaced = new Set(own.map(({ jurisdiction }) => jurisdiction));
  return [...shipped.filter(({ jurisdiction }) => !replaced.has(jurisdiction)), ...own];
}

/** Every amount of a row with the currency that it is in. */
function amountsOf(row: LawRow): (readonly [field: string, text: string, currency: string])[] {
  if (row.kind === "lump-sum")
    return row.steps.flatMap(({ amount, below }) =>
      [amount, below].flatMap((text) => (text === undefined ? [] : [["steps", text, row.currency] as const])),
    );
  if (row.kind !== "fee-cap") return [];
  const each = Object.entries(row.perReminder ?? {}).map(
    ([currency, text]) => ["perReminder", text, currency] as const,
  );
  const scale = (row.total ?? []).flatMap(({ upTo, base, above, max, min }) =>
    [upTo, base, above, max, min].flatMap((text) =>
      text === undefined ? [] : [["total", text, row.currency ?? ""] as const],
    ),
  );
  return [...each, ...scale];
}
