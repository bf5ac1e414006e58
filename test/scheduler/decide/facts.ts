/** Facts of one case, made by hand: a debtor in Madrid with what the test gives. */

import type { PlannedMessage } from "#scheduler/decide/types.ts";
import type { CaseFacts, ContactFact, ReceivableFacts } from "#scheduler/ledger/facts.ts";
import type { Occurrence } from "#scheduler/ledger/types.ts";
import type { Pack } from "#scheduler/policy/law/pack.ts";
import { lawBook } from "./law.ts";

export interface Given {
  readonly items?: readonly Partial<ReceivableFacts>[];
  readonly zones?: readonly string[];
  readonly jurisdiction?: string;
  readonly language?: string;
  readonly role?: "creditor" | "collector";
  readonly debtorKind?: "consumer" | "business";
  readonly currency?: string;
  /** How many the debtor has; they end in 1, 2 and so on. */
  readonly numbers?: number;
}

/** 2026-01-01T00:00Z: when the ledger first saw the items, unless the test says otherwise. */
export const SEEN = Date.UTC(2026, 0, 1);

export function itemOf(changes: Partial<ReceivableFacts> = {}): ReceivableFacts {
  const open = changes.open ?? 4_900n;
  return {
    id: 1,
    caseId: 1,
    externalId: "4711",
    currency: "EUR",
    principal: open,
    dueDate: "2026-03-02",
    dueDateSequence: 0,
    state: "open",
    firstSeenAt: SEEN,
    disputed: false,
    open,
    fees: 0n,
    interest: 0n,
    credited: 0n,
    ...changes,
  };
}

export function factsOf(given: Given = {}, changes: Partial<CaseFacts> = {}): CaseFacts {
  const zones = given.zones ?? ["Europe/Madrid"];
  const currency = given.currency ?? "EUR";
  const receivables = (given.items ?? [{}]).map((item, i) =>
    itemOf({ id: i + 1, externalId: String(4711 + i), currency, ...item }),
  );
  return {
    readAt: 0,
    case: {
      id: 1,
      code: "4T7K-93QX",
      creditorId: 1,
      debtorId: 1,
      currency,
      stage: "watching",
      episode: 1,
    },
    creditor: {
      id: 1,
      externalId: "muster",
      name: "Muster GmbH",
      role: given.role ?? "creditor",
      timeZone: "Europe/Berlin",
      jurisdiction: "DE",
      language: "de",
      contact: "030 123456",
      paymentInstructions: { [currency]: "pay.muster.de/r" },
    },
    debtor: {
      id: 1,
      creditorId: 1,
      externalId: "d-1",
      name: "Ana García",
      kind: given.debtorKind ?? "consumer",
      language: given.language ?? "en",
      jurisdiction: given.jurisdiction ?? "ES",
      segment: "",
    },
    zones,
    contactPoints: Array.from({ length: given.numbers ?? 1 }, (_, rank) => ({
      id: rank + 1,
      debtorId: 1,
      channel: "sms" as const,
      number: `+3460000000${rank + 1}`,
      consent: { state: "given" as const },
      state: "valid" as const,
      score: 100,
      permanentFailures: 0,
      rank,
      zones,
    })),
    receivables,
    unallocatedCredit: 0n,
    openTotal: receivables.reduce((sum, { open }) => sum + open, 0n),
    holds: [],
    promises: [],
    occurrences: [],
    contacts: [],
    feeds: [],
    ...changes,
  };
}

export function packOf(facts: CaseFacts): Pack {
  return lawBook.packFor({
    jurisdictions: [facts.debtor.jurisdiction],
    role: facts.creditor.role,
    debtor: facts.debtor.kind,
  });
}

/** The facts after the message left at `at`. */
export function afterSending(
  facts: CaseFacts,
  message: PlannedMessage,
  at: number,
  state: Occurrence["state"] = "delivered",
): CaseFacts {
  const id = facts.occurrences.length + 1;
  const occurrence: Occurrence = {
    id,
    key: `${message.stepId}/${message.anchor.kind}/${message.anchor.id}/${message.anchor.sequence}/${message.sequence}`,
    caseId: facts.case.id,
    debtorId: facts.debtor.id,
    policyVersion: message.policyVersion,
    stepId: message.stepId,
    stage: message.stage,
    anchor: message.anchor,
    sequence: message.sequence,
    class: message.class,
    channel: message.channel,
    contactPointId: message.contactPointId,
    number: message.number,
    receivableIds: message.receivableIds,
    covers: message.covers,
    state,
    plannedFor: at,
    contactAt: at,
    createdAt: at,
  };
  const contact: ContactFact = {
    at,
    caseId: facts.case.id,
    debtorId: facts.debtor.id,
    channel: message.channel,
    class: message.class,
    state,
    occurrenceId: id,
  };
  return {
    ...facts,
    occurrences: [...facts.occurrences, occurrence],
    contacts: [...facts.contacts, contact],
  };
}
