/** What comes later in time never opens again what was paid, and no unit is lost or made on the way. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type AllocationEntry, type AllocationItem, allocate, isCredit } from "#scheduler/ledger/allocate.ts";

const LAST = "2026-03-01";
const NEW_BILL = 99;
const names = ["1", "2", "3", "4"] as const;
const date = fc.integer({ min: 1, max: 12 }).map((n) => `2026-02-${String(n).padStart(2, "0")}`);
const amount = fc.integer({ min: 1, max: 30 }).map(BigInt);
const kind = fc.constantFrom("payment", "credit-note", "fee", "interest", "write-off");

const items = fc
  .array(
    fc.record({
      issueDate: fc.option(date, { nil: undefined }),
      dueDate: date,
      principal: amount,
      state: fc.constantFrom(
        "open" as const,
        "open" as const,
        "open" as const,
        "cancelled" as const,
        "absent" as const,
      ),
      disputed: fc.boolean(),
    }),
    { minLength: 1, maxLength: names.length },
  )
  .map((rows) =>
    rows.map(
      ({ issueDate, ...row }, i): AllocationItem => ({
        ...row,
        ...(issueDate === undefined ? {} : { issueDate }),
        id: i + 1,
        externalId: String(i + 1),
      }),
    ),
  );

const entryOf = (id: number, on: fc.Arbitrary<string>): fc.Arbitrary<AllocationEntry> =>
  fc
    .record({ kind, amount, date: on, named: fc.constantFrom(...names), anonymous: fc.boolean() })
    .map(({ named, anonymous, ...rest }) => ({
      ...rest,
      id,
      externalId: String(id),
      references: isCredit(rest.kind) && anonymous ? [] : [named],
    }));
const entries = fc
  .array(fc.nat(), { maxLength: 10 })
  .chain((slots) => fc.tuple(...slots.map((_, i) => entryOf(i + 1, date))));

const laterBill = fc.record({ dueDate: date, principal: amount }).map(
  (row): AllocationItem => ({
    ...row,
    id: NEW_BILL,
    externalId: "later",
    issueDate: LAST,
    state: "open",
    disputed: false,
  }),
);

const opens = ({ open }: ReturnType<typeof allocate>): Map<number, bigint> => new Map(open);

test("a later entry opens nothing but the bill that it charges, and that by no more than the charge", () => {
  fc.assert(
    fc.property(items, entries, entryOf(50, fc.constant(LAST)), (bills, before, later) => {
      const was = opens(allocate(bills, before));
      const is = opens(allocate(bills, [...before, later]));
      for (const { id, externalId } of bills) {
        const charged =
          externalId === later.references[0] && (later.kind === "fee" || later.kind === "interest");
        expect(is.get(id)).toBeLessThanOrEqual((was.get(id) ?? 0n) + (charged ? later.amount : 0n));
      }
    }),
    { numRuns: 2_000 },
  );
});

test("a later bill takes nothing from the ones before it", () => {
  fc.assert(
    fc.property(items, entries, laterBill, (bills, before, later) => {
      const was = opens(allocate(bills, before));
      const is = opens(allocate([...bills, later], before));
      for (const { id } of bills) expect(is.get(id)).toBe(was.get(id));
    }),
    { numRuns: 1_000 },
  );
});

test("open is claimed plus charged less posted; nothing is open while money waits; order is nothing", () => {
  fc.assert(
    fc.property(items, entries, fc.infiniteStream(fc.nat()), (bills, all, chance) => {
      const result = allocate(bills, all);
      const shuffled = [...all].sort(() => ((chance.next().value as number) % 2) - 0.5);
      const again = allocate([...bills].reverse(), shuffled);
      expect(opens(again)).toEqual(opens(result));
      expect(again.unallocated).toBe(result.unallocated);
      for (const bill of bills) {
        const own = result.postings.filter(({ receivableId }) => receivableId === bill.id);
        const sum = own.reduce((total, { amount: part }) => total + part, bill.principal);
        if (bill.state === "open") expect(result.open.get(bill.id)).toBe(sum);
        expect(sum).toBeGreaterThanOrEqual(0n);
      }
      for (const entry of all.filter((one) => isCredit(one.kind) || one.kind === "write-off")) {
        const used = result.postings.filter(({ entryId }) => entryId === entry.id);
        const spent = used.reduce((total, { amount: part }) => total - part, 0n);
        expect(spent >= 0n && spent <= entry.amount).toBe(true);
      }
      const total = [...result.open.values()].reduce((a, b) => a + b, 0n);
      expect(total === 0n || result.unallocated === 0n).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
