/** Several rows of one customer: all numbers that the list gives are the customer's, in whatever rows. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { HEADER, type ImportBench, openImportBench } from "./support.ts";

let bench: ImportBench;

beforeEach(async () => {
  bench = await openImportBench();
});

afterEach(() => bench.close());

const DAY = 86_400_000;
const EVA = "+491701234567";
const OTHER = "+491717654321";

/** Rows as "INV-1;C-1;Eva;+49…", optionally with a consent. */
function list(...rows: string[]): string {
  const lines = rows.map((row) => {
    const [invoice, customer, name, number, consent = ""] = row.split(";");
    return `${invoice};${customer};${name};${number};10.00;EUR;2026-02-01;${consent}`;
  });
  return bench.write("list.csv", [`${HEADER};Consent`, ...lines, ""].join("\n"));
}

/** Imports the list after looking at it, and expects the look to have told the truth. */
async function take(path: string, asOf?: number) {
  const at = asOf === undefined ? {} : { asOf };
  const dry = await bench.rows(path, { ...at, mode: "dry-run", skipRefused: true });
  const done = await bench.rows(path, { ...at, skipRefused: true });
  expect(done.rows).toEqual(dry.rows);
  return done;
}

async function changesNothing(path: string): Promise<void> {
  const { report } = await take(path);
  expect(report.counts).toMatchObject({ created: 0, updated: 0 });
}

function numbersOf(customer: string): string[] {
  return bench.factsOf(customer).contactPoints.map((point) => point.number);
}

test("the number of an earlier row under another name is not new (seed 1, run 200)", async () => {
  const path = list(`INV-2;C-3;Eva;${EVA}`, `INV-1;C-3;Jan;${EVA}`);
  const { rows } = await take(path);
  expect(rows[1]).toMatchObject({ action: "created", changes: [] });
  expect(numbersOf("C-3")).toEqual([EVA]);
});

test("numbers of further rows are added, and the same list again changes nothing", async () => {
  const path = list(`INV-1;C-1;Eva;${EVA}`, `INV-2;C-1;Eva;${OTHER}`, `INV-3;C-1;Eva;${EVA}`);
  await take(path);
  expect(numbersOf("C-1")).toEqual([EVA, OTHER]);
  await changesNothing(path);
  expect(numbersOf("C-1")).toEqual([EVA, OTHER]);
});

test("a number that no row gives any more is taken away; one that moved to another row is not", async () => {
  await take(list(`INV-1;C-1;Eva;${EVA}`, `INV-2;C-1;Eva;${OTHER}`));
  await take(list(`INV-1;C-1;Eva;${OTHER}`, `INV-2;C-1;Eva;${EVA}`));
  expect(numbersOf("C-1").sort()).toEqual([EVA, OTHER]);
  const { rows } = await take(list(`INV-1;C-1;Eva;${OTHER}`, `INV-2;C-2;Jan;${EVA}`));
  expect(rows.find((row) => row.row === 2)).toMatchObject({
    action: "updated",
    changes: [{ field: "customer contact point (sms)", to: "removed" }],
  });
  expect(numbersOf("C-1")).toEqual([OTHER]);
});

test("a no to texts stands, whichever row says it", async () => {
  for (const rows of [
    [`INV-1;C-1;Eva;${EVA};no`, `INV-2;C-1;Eva;${EVA};yes`],
    [`INV-3;C-2;Jan;${OTHER};yes`, `INV-4;C-2;Jan;${OTHER};no`],
  ]) {
    const path = list(...rows);
    await take(path);
    await changesNothing(path);
  }
  const states = ["C-1", "C-2"].map((one) => bench.factsOf(one).contactPoints[0]?.consent.state);
  expect(states).toEqual(["withdrawn", "withdrawn"]);
});

test("too many numbers refuse the row before anything is written", async () => {
  const many = Array.from({ length: 21 }, (_, i) => `+4917012345${60 + i}`).join(",");
  const { rows } = await take(list(`INV-1;C-1;Eva;${many}`, `INV-2;C-1;Jan;${EVA}`));
  expect(rows.map((row) => row.action)).toEqual(["refused", "refused"]);
  expect(rows[0]?.problems[0]?.detail).toMatch(/at most 20 numbers/);
});

test("an older list takes no number away", async () => {
  await take(list(`INV-1;C-1;Eva;${EVA}`));
  await take(list(`INV-1;C-1;Eva;${OTHER}`, `INV-2;C-1;Eve;${OTHER}`), Date.UTC(2026, 0, 1) - 400 * DAY);
  expect(numbersOf("C-1")).toEqual([EVA]);
});
