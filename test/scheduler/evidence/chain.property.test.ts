/** Invariant 19: what is done to one event shows at its place; what is erased breaks nothing. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ChainedEvent,
  canonical,
  chainHash,
  commit,
  type Details,
  START,
  sealOf,
  verify,
} from "#scheduler/evidence/chain.ts";

const details = fc.dictionary(
  fc.string({ unit: "binary" }),
  fc.oneof(fc.string({ unit: "binary" }), fc.integer()),
  {
    maxKeys: 4,
  },
);
const fact = fc.record({
  at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  kind: fc.constantFrom("message.decided", "message.delivered", "reply.received"),
  caseCode: fc.constantFrom("4T7K-93QX", "AAAA-1111"),
  occurrenceKey: fc.constantFrom("", "occ_1", "occ_2"),
  details,
  salt: fc.uint8Array({ minLength: 32, maxLength: 32 }),
});
const chain = fc.array(fact, { minLength: 1, maxLength: 12 }).map(chained);
const chainAndPlace = chain.chain((events) =>
  fc.record({ events: fc.constant(events), index: fc.nat({ max: events.length - 1 }) }),
);

function chained(
  facts: readonly (Omit<ChainedEvent, "sequence" | "hash" | "commitment" | "details" | "salt"> & {
    readonly details: Details;
    readonly salt: Uint8Array;
  })[],
): ChainedEvent[] {
  let previous = START.hash;
  return facts.map(({ details: told, salt, ...rest }, i) => {
    const text = canonical(told);
    const bare = { ...rest, commitment: commit(salt, text) };
    previous = chainHash(previous, i + 1, sealOf(bare));
    return { ...bare, sequence: i + 1, hash: previous, details: text, salt };
  });
}

const flipped = (hex: string): string => (hex.startsWith("0") ? "1" : "0") + hex.slice(1);
const ALTERATIONS: Readonly<Record<string, (event: ChainedEvent) => ChainedEvent>> = {
  at: (event) => ({ ...event, at: event.at + 1 }),
  kind: (event) => ({ ...event, kind: `${event.kind}!` }),
  caseCode: (event) => ({ ...event, caseCode: "ZZZZ-9999" }),
  occurrenceKey: (event) => ({ ...event, occurrenceKey: `${event.occurrenceKey}3` }),
  commitment: (event) => ({ ...event, commitment: flipped(event.commitment) }),
  hash: (event) => ({ ...event, hash: flipped(event.hash) }),
  details: (event) => ({ ...event, details: `${event.details} ` }),
  salt: (event) => ({ ...event, salt: (event.salt as Uint8Array).map((octet) => octet ^ 1) }),
  "details without salt": ({ salt: _, ...event }) => event,
  "salt without details": ({ details: _, ...event }) => event,
};

test("19: a chain as it was made holds, and says its head", () => {
  fc.assert(
    fc.property(chain, (events) => {
      const last = events.at(-1) as ChainedEvent;
      const head = { sequence: last.sequence, hash: last.hash };
      expect(verify(events, { known: head })).toEqual({ ok: true, head, count: events.length, erased: 0 });
    }),
  );
});

test.each(Object.entries(ALTERATIONS))("19: altered %s shows at its place", (_name, alter) => {
  fc.assert(
    fc.property(chainAndPlace, ({ events, index }) => {
      const broken = events.with(index, alter(events[index] as ChainedEvent));
      expect(verify(broken)).toEqual({ ok: false, sequence: index + 1, fault: "altered" });
    }),
  );
});

test("19: a dropped event is missing at its place; at the end, a known head shows it", () => {
  fc.assert(
    fc.property(chainAndPlace, ({ events, index }) => {
      const known = events.at(-1) as ChainedEvent;
      const fault = index === events.length - 1 ? "truncated" : "missing";
      expect(verify(events.toSpliced(index, 1), { known })).toEqual({
        ok: false,
        sequence: index + 1,
        fault,
      });
    }),
  );
});

test("19: everything after a place dropped is truncated there", () => {
  fc.assert(
    fc.property(chainAndPlace, ({ events, index }) => {
      const known = events.at(-1) as ChainedEvent;
      const verdict = verify(events.slice(0, index), { known });
      expect(verdict).toEqual({ ok: false, sequence: index + 1, fault: "truncated" });
    }),
  );
});

test("19: two events that change places are out of order; renumbered too, they are altered", () => {
  fc.assert(
    fc.property(chainAndPlace, fc.nat(), ({ events, index }, step) => {
      fc.pre(events.length > 1);
      const other = (index + 1 + (step % (events.length - 1))) % events.length;
      const [one, two] = [events[index] as ChainedEvent, events[other] as ChainedEvent];
      const sequence = Math.min(index, other) + 1;
      const swapped = events.with(index, two).with(other, one);
      expect(verify(swapped)).toEqual({ ok: false, sequence, fault: "out of order" });
      const renumbered = swapped.map((event, i) => ({ ...event, sequence: i + 1 }));
      expect(verify(renumbered)).toEqual({ ok: false, sequence, fault: "altered" });
    }),
  );
});

test("19: an event twice is out of order where the second one stands", () => {
  fc.assert(
    fc.property(chainAndPlace, ({ events, index }) => {
      const twice = events.toSpliced(index, 0, events[index] as ChainedEvent);
      expect(verify(twice)).toEqual({ ok: false, sequence: index + 2, fault: "out of order" });
    }),
  );
});

test("19: a chain made anew from a place on does not lead to the head that was seen before", () => {
  fc.assert(
    fc.property(chainAndPlace, ({ events, index }) => {
      const known = events.at(-1) as ChainedEvent;
      const facts = events.map((event, i) => ({
        ...event,
        at: i === index ? event.at + 1 : event.at,
        details: JSON.parse(event.details as string) as Details,
        salt: event.salt as Uint8Array,
      }));
      const anew = chained(facts);
      expect(verify(anew).ok).toBe(true);
      expect(verify(anew, { known })).toEqual({ ok: false, sequence: events.length, fault: "altered" });
    }),
  );
});

test("19: any erasures keep it whole, and are counted", () => {
  fc.assert(
    fc.property(chain, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (events, choice) => {
      const kept = events.map((event, i) => (choice[i] === true ? erased(event) : event));
      const gone = kept.filter((event) => event.details === undefined).length;
      const { sequence, hash } = events.at(-1) as ChainedEvent;
      const head = { sequence, hash };
      expect(verify(kept)).toEqual({ ok: true, head, count: events.length, erased: gone });
    }),
  );
});

test("19: only the seals of some, and the chain holds still", () => {
  fc.assert(
    fc.property(chainAndPlace, ({ events, index }) => {
      const shown = events.map((event, i) =>
        i === index ? event : { sequence: event.sequence, hash: event.hash, seal: sealOf(event) },
      );
      expect(verify(shown)).toMatchObject({ ok: true, count: events.length, erased: 0 });
    }),
  );
});

test("the same facts give the same octets, in whatever order they are named", () => {
  fc.assert(
    fc.property(details, (told) => {
      const turned = Object.fromEntries(Object.entries(told).reverse());
      expect(canonical(turned)).toBe(canonical(told));
      expect(canonical(JSON.parse(canonical(told)) as Details)).toBe(canonical(told));
    }),
  );
});

function erased({ details: _details, salt: _salt, ...event }: ChainedEvent): ChainedEvent {
  return event;
}
