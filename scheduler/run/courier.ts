/**
 * Everything that is said to the gateway about one occurrence: hand it over, ask whether it is known,
 * take it back. Each call is followed by one transaction, and each may be repeated after a crash.
 */
import type { Gate } from "#scheduler/ledger/facts.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import type { Database } from "#shared/sqlite.ts";
import { readBody, saysTheSame } from "./body.ts";
import type { Brain, Checkpoint } from "./brain.ts";
import type { CaseStep } from "./case-step.ts";
import type { GatewayClient, SendResult } from "./gateway-client.ts";
import type { GatewayTime } from "./gateway-time.ts";
import { occurrenceKey } from "./occurrence-key.ts";
import type { Occurrences, Pending } from "./occurrences.ts";
import { messageOf, without } from "./plan.ts";
import type { Receipts } from "./receipts.ts";
import type { Tasks } from "./tasks.ts";
import { receiptOf } from "./verdict.ts";

export interface CourierDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly gateway: GatewayClient;
  readonly brain: Brain;
  readonly occurrences: Occurrences;
  readonly receipts: Receipts;
  readonly tasks: Tasks;
  readonly step: CaseStep;
  readonly time: GatewayTime;
  readonly tenant: string;
  readonly checkpoint: Checkpoint;
  readonly gates: (at: number) => readonly Gate[];
  /** The gateway asked for patience, or did not answer. */
  readonly pause: (ms: number) => void;
}

export interface Courier {
  /** @param fresh true when this occurrence was never posted before. */
  handOver(id: RowId, fresh: boolean): Promise<void>;
  /** Is a reserved occurrence known to the gateway? */
  ask(id: RowId): Promise<void>;
  recall(id: RowId): Promise<void>;
  /** Reads the message from the gateway and applies what it says. False when there was no answer. */
  refresh(gatewayId: string): Promise<boolean>;
}

const TOO_LATE_TO_ANSWER = "house.too-late-to-answer";
const RETRY_FIRST_MS = 5_000;
const RETRY_MAX_MS = 5 * 60_000;
/** Codes that say that we are refused, not the message. */
const OUR_FAULT: ReadonlySet<string> = new Set([
  "key_missing",
  "key_invalid",
  "scope_missing",
  "not_found",
  "request_invalid",
]);
/** The number itself is refused before any network saw it. */
const NUMBER_REFUSED: ReadonlySet<string> = new Set(["recipient_invalid"]);

export function createCourier(deps: CourierDeps): Courier {
  return new GatewayCourier(deps);
}

class GatewayCourier implements Courier {
  readonly #deps: CourierDeps;

  constructor(deps: CourierDeps) {
    this.#deps = deps;
  }

  async handOver(id: RowId, fresh: boolean): Promise<void> {
    this.#deps.checkpoint("before-post");
    const pending = this.#deps.occurrences.pendingById(id);
    if (pending === undefined || pending.state !== "reserved") return;
    if (pending.anchorKind === "reply" && this.#deps.clock.now() >= pending.notAfter)
      return fresh ? this.#giveUpAnswer(pending) : this.ask(id);
    if (pending.anchorKind !== "reply" && !stillRight(this.#deps, pending)) {
      // A payment was committed after the reservation: nothing was posted, so nothing can be known there.
      await this.#deps.db.write(() => {
        if (fresh) this.#deps.occurrences.noteAttempt(id, 0, this.#deps.clock.now());
        this.#deps.step(pending.caseId, this.#deps.clock.now(), 0);
      });
      return;
    }
    const result = await this.#deps.gateway.send(pending.key, readBody(pending.body));
    this.#deps.checkpoint("after-post");
    if (result.kind === "key-reused") return this.ask(id);
    await this.#deps.db.write(() => settle(this.#deps, id, result));
    this.#deps.checkpoint("after-confirm");
  }

  async ask(id: RowId): Promise<void> {
    const pending = this.#deps.occurrences.pendingById(id);
    if (pending === undefined || pending.state !== "reserved") return;
    this.#deps.checkpoint("before-ask");
    const answer = await this.#deps.gateway.find(pending.key);
    this.#deps.checkpoint("after-ask");
    if (answer.kind === "no-answer") return this.#deps.pause(RETRY_FIRST_MS);
    await this.#deps.db.write(() => {
      const now = this.#deps.clock.now();
      if (answer.kind === "ok")
        this.#deps.receipts.apply(receiptOf(answer.value, this.#deps.time.fromGateway), now);
      else if (pending.anchorKind === "reply")
        this.#deps.occurrences.move(
          pending.key,
          { to: "cancelled", at: now, reason: TOO_LATE_TO_ANSWER },
          now,
        );
      else this.#deps.occurrences.noteAttempt(id, 0, now);
      this.#deps.step(pending.caseId, now, 0);
    });
  }

  async #giveUpAnswer(pending: Pending): Promise<void> {
    const now = this.#deps.clock.now();
    await this.#deps.db.write(() =>
      this.#deps.occurrences.move(pending.key, { to: "cancelled", at: now, reason: TOO_LATE_TO_ANSWER }, now),
    );
  }

  async recall(id: RowId): Promise<void> {
    const pending = this.#deps.occurrences.pendingById(id);
    if (pending === undefined || pending.recallRule === undefined) return;
    if (pending.gatewayId === undefined) {
      await this.#deps.db.write(() => this.#deps.occurrences.wantRecall(id, undefined));
      return;
    }
    this.#deps.checkpoint("before-recall");
    const answer = await this.#deps.gateway.cancel(pending.gatewayId);
    this.#deps.checkpoint("after-recall");
    if (answer.kind === "no-answer") return this.#deps.pause(RETRY_FIRST_MS);
    if (answer.kind === "too-late") {
      // What it is by now (on the air, delivered, failed) is read from the this.#deps.gateway.
      await this.refresh(pending.gatewayId);
      await this.#deps.db.write(() => {
        if (this.#deps.occurrences.pendingById(id)?.state !== "handed-over")
          this.#deps.occurrences.wantRecall(id, undefined);
      });
      return;
    }
    await this.#deps.db.write(() => {
      const now = this.#deps.clock.now();
      this.#deps.occurrences.wantRecall(id, undefined);
      if (this.#deps.occurrences.pendingById(id)?.state === "handed-over")
        this.#deps.occurrences.move(
          pending.key,
          { to: "cancelled", at: now, reason: pending.recallRule ?? "" },
          now,
        );
      this.#deps.step(pending.caseId, now, 0);
    });
    this.#deps.checkpoint("after-recall-stored");
  }

  async refresh(gatewayId: string): Promise<boolean> {
    this.#deps.checkpoint("before-receipt");
    const answer = await this.#deps.gateway.get(gatewayId);
    this.#deps.checkpoint("after-receipt-fetched");
    if (answer.kind === "no-answer") this.#deps.pause(RETRY_FIRST_MS);
    if (answer.kind !== "ok") return answer.kind === "not-found";
    await this.#deps.db.write(() =>
      this.#deps.receipts.apply(receiptOf(answer.value, this.#deps.time.fromGateway), this.#deps.clock.now()),
    );
    this.#deps.checkpoint("after-receipt-stored");
    return true;
  }
}

/** The last look before the request leaves, in the same turn of the event loop: still the same message? */
function stillRight(deps: CourierDeps, pending: Pending): boolean {
  const now = deps.clock.now();
  if (now >= pending.notAfter) return false;
  const facts = deps.brain.facts(pending.caseId, now);
  if (facts === undefined) return false;
  const bare = { ...without(facts, [pending]), gates: deps.gates(now) };
  const decision = deps.brain.decide(bare, now);
  const planned = decision.kind === "send" ? messageOf(decision) : undefined;
  if (planned === undefined || occurrenceKey(deps.tenant, bare, planned) !== pending.key) return false;
  const composed = deps.brain.compose(bare, planned);
  return composed.kind === "text" && saysTheSame(pending.body, planned.number, composed.text);
}

/** Inside a transaction: what the answer to a hand-over means. */
function settle(deps: CourierDeps, id: RowId, result: Exclude<SendResult, { kind: "key-reused" }>): void {
  const now = deps.clock.now();
  const pending = deps.occurrences.pendingById(id);
  if (pending === undefined) return;
  switch (result.kind) {
    case "accepted":
      deps.receipts.apply(receiptOf(result.message, deps.time.fromGateway), now);
      deps.step(pending.caseId, now, 0);
      break;
    case "refused":
      refused(deps, pending, result.code, now);
      break;
    case "busy":
      deps.pause(result.retryAfterMs ?? RETRY_FIRST_MS);
      retryLater(deps, pending, now);
      break;
    case "no-answer":
      deps.log.warn({ occurrence: pending.key, detail: result.detail }, "the gateway did not answer");
      deps.pause(RETRY_FIRST_MS);
      retryLater(deps, pending, now);
  }
}

function refused(deps: CourierDeps, pending: Pending, code: string, now: number): void {
  if (OUR_FAULT.has(code)) refusedAltogether(deps, pending, code, now);
  else if (code === "schedule_invalid") {
    // Too late for its window, and certainly not accepted: it is planned anew.
    deps.occurrences.noteAttempt(pending.id, 0, now);
    deps.step(pending.caseId, now, 0);
  } else refusedMessage(deps, pending, code, now);
}

function retryLater(deps: CourierDeps, pending: Pending, now: number): void {
  const waitMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(pending.attempts - 1, 10));
  deps.occurrences.noteAttempt(pending.id, pending.attempts + 1, now + waitMs);
  deps.db
    .sql("update dunning_case set next_action_at = min(coalesce(next_action_at, :at), :at) where id = :id")
    .run({ at: now + waitMs, id: pending.caseId });
}

function refusedAltogether(deps: CourierDeps, pending: Pending, code: string, now: number): void {
  deps.log.error({ code }, "the gateway refuses this scheduler; check [gateway] in the settings");
  const detail = `The gateway refuses every message of this scheduler (${code}). Check its key and its scopes.`;
  deps.tasks.open({ kind: "gateway-refuses", subject: code, detail }, now);
  deps.pause(RETRY_MAX_MS);
  retryLater(deps, pending, now);
}

function refusedMessage(deps: CourierDeps, pending: Pending, code: string, now: number): void {
  deps.occurrences.move(pending.key, { to: "failed-permanent", at: now, reason: code }, now);
  deps.tasks.open(
    {
      kind: NUMBER_REFUSED.has(code) ? "dead-number" : "failed-message",
      subject: pending.key,
      caseId: pending.caseId,
      debtorId: pending.debtorId,
      detail: `The gateway refuses the message (${code}).`,
    },
    now,
  );
  deps.step(pending.caseId, now, 0);
}
