/** Invariant 10 of the dunning page: facts that come twice or in another order leave the same ledger. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { EntryInput, ReceivableInput } from "#scheduler/ledger/inputs.ts";
import type { LedgerInput as AnyInput } from "#scheduler/ledger/ledger.ts";
import { type Bench, debtor, openBench } from "./support.ts";

type LedgerInput = Exclude<AnyInput, { what: "balance" }>;

const day = fc.integer({ min: 1, max: 28 }).map((n) => `2026-02-${String(n).padStart(2, "0")}`);
const amount = fc.integer({ min: 1, max: 900 }).map(BigInt);
const owner = fc.constantFrom("C1", "C2");
const names = ["1", "2", "3", "4"];

const receivableRow = fc
  .record({
    owner,
    name: fc.constantFrom(...names),
    principal: amount,
    issueDate: fc.option(day),
    dueDate: day,
    disputed: fc.boolean(),
    cancelled: fc.boolean(),
  })
  .map(
    ({ owner: who, name, ...rest }): LedgerInput => ({
      what: "receivable",
      input: { externalId: `${who}-${name}`, debtor: who, currency: "EUR", ...rest },
    }),
  );

const creditRow = fc
  .record({
    owner,
    kind: fc.constantFrom("payment" as const, "credit-note" as const),
    name: fc.constantFrom(...names),
    amount,
    date: day,
    named: fc.subarray(names, { minLength: 1, maxLength: 2 }),
    anonymous: fc.boolean(),
  })
  .map(({ owner: who, name, named, anonymous, ...rest }): LedgerInput => {
    // One feed sends the same fields each time: entries 1 and 2 name their debtor, 3 and 4 an item.
    const told = name < "3";
    const references = told && anonymous ? [] : named.map((item) => `${who}-${item}`);
    const input = { ...rest, externalId: `${who}-${name}`, currency: "EUR", references };
    return { what: "entry", input: told ? { ...input, debtor: who } : input };
  });

const chargeRow = fc
  .record({
    owner,
    kind: fc.constantFrom("fee" as const, "interest" as const, "write-off" as const),
    name: fc.constantFrom(...names),
    amount,
    date: day,
  })
  .map(
    ({ owner: who, kind, name, ...rest }): LedgerInput => ({
      what: "entry",
      input: { kind, externalId: `${who}-${name}`, currency: "EUR", references: [`${who}-${name}`], ...rest },
    }),
  );

/** Rows of the same name are versions of the same thing, in the order in which the source made them. */
const history = fc
  .array(fc.oneof(receivableRow, creditRow, chargeRow), { minLength: 1, maxLength: 24 })
  .map((rows) => rows.map((row, version) => ({ ...row, input: { ...row.input, version } }) as LedgerInput));

async function ledgerAfter(rows: readonly LedgerInput[]): Promise<Bench> {
  const bench = await openBench();
  await bench.put(debtor("C1"), debtor("C2"));
  for (const row of rows) await bench.put(row);
  return bench;
}

/** What must not depend on the order: row numbers, stamps and counts of episodes may. */
function pictureOf(bench: Bench): unknown {
  const { db } = bench;
  return {
    receivables: db
      .sql(
        `select external_id, principal, issue_date, due_date, state, disputed, is_open, version,
           (select coalesce(sum(amount), 0) from posting where receivable_id = receivable.id) as posted
         from receivable order by external_id`,
      )
      .all(),
    postings: db
      .sql(
        `select receivable.external_id as item, ledger_entry.kind, ledger_entry.external_id as entry, posting.amount
         from posting join receivable on receivable.id = receivable_id
         join ledger_entry on ledger_entry.id = entry_id order by 1, 2, 3`,
      )
      .all(),
    entries: db
      .sql(
        `select ledger_entry.kind, ledger_entry.external_id, amount, refs, debtor.external_id as debtor from ledger_entry
         left join dunning_case on dunning_case.id = case_id left join debtor on debtor.id = debtor_id
         order by 1, 2`,
      )
      .all(),
    waiting: db.sql("select receivable_ref from waiting_reference order by 1").all(),
    settled: db
      .sql(
        `select debtor.external_id, settled_at is null as open, settled_as from dunning_case
         join debtor on debtor.id = debtor_id
         where exists (select 1 from receivable where case_id = dunning_case.id) order by 1`,
      )
      .all(),
  };
}

test("any order and any repetition of the same facts gives the same ledger", async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.infiniteStream(fc.nat()), async (rows, chance) => {
      const shuffled = [...rows, ...rows.slice(0, 5)];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = (chance.next().value as number) % (i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j] as LedgerInput, shuffled[i] as LedgerInput];
      }
      const straight = await ledgerAfter(rows);
      const mixed = await ledgerAfter(shuffled);
      expect(pictureOf(mixed)).toEqual(pictureOf(straight));
      straight.db.close();
      mixed.db.close();
    }),
    { numRuns: 60 },
  );
});

test("what is open is what was claimed less what was credited, to the last unit", async () => {
  await fc.assert(
    fc.asyncProperty(history, async (rows) => {
      const bench = await ledgerAfter(rows);
      const latest = new Map(rows.map((row) => [`${row.what} ${kindOf(row)} ${row.input.externalId}`, row]));
      for (const who of ["C1", "C2"]) {
        const mine = [...latest.values()].filter((row) => row.input.externalId.startsWith(who));
        const items = mine
          .filter((row) => row.what === "receivable")
          .map((row) => row.input as ReceivableInput);
        if (items.length === 0) continue;
        const live = new Set(items.filter((item) => !item.cancelled).map((item) => item.externalId));
        const entries = mine.filter((row) => row.what === "entry").map((row) => row.input as EntryInput);
        const charged = sum(
          entries.filter(
            (row) => ["fee", "interest"].includes(row.kind) && live.has(row.references?.[0] ?? ""),
          ),
        );
        const writtenOff = writtenOffOf(bench, who);
        expect(writtenOff).toBeLessThanOrEqual(writeOffsAtMost(items, entries, live));
        const claimed = sum(items.filter((item) => live.has(item.externalId))) + charged - writtenOff;
        const credits = entries.filter((row) => ["payment", "credit-note"].includes(row.kind));
        const known = credits.filter(
          (row) =>
            row.debtor !== undefined ||
            row.references?.some((name) => items.some((item) => item.externalId === name)),
        );
        const facts = bench.factsOf(who);
        const net = sum(facts.receivables.map((item) => ({ amount: item.open }))) - facts.unallocatedCredit;
        expect(net).toBe(claimed - sum(known));
        expect(facts.openTotal).toBe(net > 0n ? net : 0n);
        for (const item of facts.receivables)
          expect(item.open).toBe(
            item.principal + item.fees + item.interest - item.credited - postedOff(bench, item.id),
          );
      }
      bench.db.close();
    }),
    { numRuns: 60 },
  );
});

function kindOf(row: LedgerInput): string {
  return row.what === "entry" ? row.input.kind : "";
}

function sum(rows: readonly { readonly amount?: bigint; readonly principal?: bigint }[]): bigint {
  return rows.reduce((total, row) => total + (row.amount ?? row.principal ?? 0n), 0n);
}

/** What money had not paid by then is written off, so it depends on dates: the ledger says how much. */
function writtenOffOf(bench: Bench, debtorId: string): bigint {
  const off = bench.db
    .sql(
      `select coalesce(sum(posting.amount), 0) from posting
       join dunning_case on dunning_case.id = posting.case_id join debtor on debtor.id = debtor_id
       where posting.kind = 'write-off' and debtor.external_id = ?`,
    )
    .pluck()
    .get(debtorId) as number;
  return BigInt(-off);
}

function writeOffsAtMost(
  items: readonly ReceivableInput[],
  entries: readonly EntryInput[],
  live: ReadonlySet<string>,
): bigint {
  let total = 0n;
  for (const item of items.filter((one) => live.has(one.externalId))) {
    const of = (kinds: string[]) =>
      sum(entries.filter((row) => kinds.includes(row.kind) && row.references?.[0] === item.externalId));
    const claim = (item.principal ?? 0n) + of(["fee", "interest"]);
    const off = of(["write-off"]);
    total += off < claim ? off : claim;
  }
  return total;
}

function postedOff(bench: Bench, receivableId: number): bigint {
  const off = bench.db
    .sql("select coalesce(sum(amount), 0) from posting where receivable_id = ? and kind = 'write-off'")
    .pluck()
    .get(receivableId) as number;
  return BigInt(-off);
}
