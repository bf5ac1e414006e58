/**
 * Asks one modem and its SIM what became of submits without an answer. It works within the send loop of
 * that modem, between two submits, so the wire is free and nobody else waits. A submit that is answered
 * costs it a comparison and no command.
 */
import type { AttemptKey } from "#gateway/messages/evidence.ts";
import type { Entry, Ledger } from "#gateway/messages/ledger.ts";
import type { Reports } from "#gateway/reports/reports.ts";
import type { Modem, SubmitOutcome } from "#hardware/modem/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import { deleteLeftOvers, deleteSettled } from "./clean-up.ts";
import { applyFinding, type Finding, sameAttempt } from "./findings.ts";
import type { EvidenceAtHand, HandOver } from "./hand-over.ts";
import { Inheritance } from "./inherited.ts";
import type { Interrupted } from "./recover.ts";
import {
  afterDoubt,
  afterFile,
  afterLate,
  afterReference,
  afterSilence,
  type Judged,
  newTrail,
  type ReferenceTrail,
  type ReferenceVerdict,
} from "./references.ts";
import { sendSecondCopies } from "./second-copies.ts";
import { beginTrail } from "./sim-trail.ts";
import { storedEntries } from "./stored-entries.ts";
import { judgeStored, type StoredVerdict } from "./stored-status.ts";

/** By then the network has answered, where the modem's profile does not say when (24.011 TR1M, field 185 s). */
const ANSWER_LIMIT_MS = 190_000;
/** When the database takes no writes, or an entry cannot be read, it is tried again after this. */
const LOOK_AGAIN_MS = 10_000;
/** An entry whose status cannot be read is asked for so often in one session. */
const LOOKS_MAX = 5;

export interface InquiryDeps {
  readonly ledger: Ledger;
  readonly reports: Reports;
  readonly clock: Clock;
  readonly log: Logger;
  readonly modem: Modem;
  /** What the SIMs had when the process before this one ended. */
  readonly interrupted: Interrupted;
}

interface Asked {
  readonly findings: readonly Finding[];
  /** Marked as unsent now. */
  readonly unsent: readonly AttemptKey[];
}

const NOTHING_MORE: EvidenceAtHand = { findings: [], moreToCome: false };

export class Inquiry {
  readonly #deps: InquiryDeps;
  /** What was submitted before this process is answered, or never will be, so long after this. */
  readonly #bornAt: number;
  #sim: number | undefined;
  #session: number | undefined;
  #trail: ReferenceTrail<AttemptKey> = newTrail();
  /** The last submit had no answer, and one may still come. */
  #awaited: AttemptKey | undefined;
  readonly #inheritance = new Inheritance();
  #lookAt = Number.POSITIVE_INFINITY;
  #looks = 0;
  #untidy = false;

  constructor(deps: InquiryDeps) {
    this.#deps = deps;
    this.#bornAt = deps.clock.monotonic();
  }

  /** A look must come before the next submit: another session or SIM, or its time has come. */
  due(sim: number): boolean {
    const { modem, clock } = this.#deps;
    const { session } = modem.status;
    if (session === undefined) return false;
    return session !== this.#session || sim !== this.#sim || this.#lookAt <= clock.monotonic();
  }

  /** Until a look falls due by itself; undefined when none does. */
  dueInMs(): number | undefined {
    if (this.#lookAt === Number.POSITIVE_INFINITY) return undefined;
    return Math.max(0, this.#lookAt - this.#deps.clock.monotonic());
  }

  /** What earlier sessions left open: the SIM's last reference, and the entries that lie on the modem. */
  async look(sim: number): Promise<void> {
    const { ledger, modem, interrupted, clock, log } = this.#deps;
    const { session } = modem.status;
    const fresh = session !== this.#session || sim !== this.#sim;
    if (fresh) {
      this.#looks = 0;
      await deleteLeftOvers(this.#deps, sim);
    }
    this.#lookAt = Number.POSITIVE_INFINITY;
    const file = fresh || this.#trail.silent.length > 0 ? await this.#readFile() : undefined;
    const entries = await this.#askForEntries(sim);
    const inherited = this.#inheritance.findings(ledger.db, sim, modem.name);
    const open = inherited.length > 0 ? [] : (interrupted.get(sim) ?? []);
    const begun = fresh
      ? beginTrail(ledger.db, sim, { file, unsent: entries.unsent, interrupted: open })
      : this.#judgeFile(file);
    const findings = [...inherited, ...findingsOf(begun?.verdict, "sim-reference"), ...entries.findings];
    // It began anew in between, or it is gone: the next session looks again.
    if (modem.status.session !== session || modem.status.state !== "ready") return;
    try {
      await ledger.write("evidence", (entry) => this.#conclude(entry, sim, findings));
    } catch (error) {
      log.error({ err: error }, "what was found out cannot be stored; looking again");
      await clock.sleep(LOOK_AGAIN_MS);
      return;
    }
    interrupted.delete(sim);
    if (begun !== undefined) this.#trail = begun.trail;
    if (!fresh && inherited.length > 0) this.#trail = newTrail();
    this.#inheritance.spent();
    if (fresh) this.#awaited = undefined;
    this.#session = session;
    this.#sim = sim;
    this.#untidy = true;
    await this.tidy();
  }

  /** What an answer says of this submit and of those before it. Asks the modem only when there was none. */
  heard(handOver: HandOver, outcome: SubmitOutcome): EvidenceAtHand | Promise<EvidenceAtHand> {
    this.#inheritance.end();
    this.#awaited = undefined;
    if (!this.#goesOn(handOver)) {
      this.#trail = newTrail();
      return outcome.kind === "unknown" ? this.#withoutReferences(handOver) : NOTHING_MORE;
    }
    switch (outcome.kind) {
      case "accepted":
        return this.#found(afterReference(this.#trail, outcome.messageReference));
      case "refused":
        this.#trail = afterDoubt(this.#trail);
        return NOTHING_MORE;
      case "not-sent":
        return NOTHING_MORE;
      case "unknown":
        return this.#silent(handOver, outcome.error !== undefined);
    }
  }

  /** The answer to the last submit came after all. Returns which attempt it answers. */
  late(
    outcome: SubmitOutcome,
  ): { readonly attempt: AttemptKey; readonly findings: readonly Finding[] } | undefined {
    const attempt = this.#awaited;
    this.#awaited = undefined;
    if (attempt === undefined) {
      if (this.#inheritance.heard(outcome)) this.#lookAt = this.#deps.clock.monotonic();
      return undefined;
    }
    const last = this.#trail.silent.at(-1);
    if (last === undefined || !sameAttempt(last, attempt)) return { attempt, findings: [] };
    const reference = outcome.kind === "accepted" ? outcome.messageReference : undefined;
    return { attempt, findings: this.#found(afterLate(this.#trail, reference)).findings };
  }

  /** Something lies on the modem whose message is settled. */
  get untidy(): boolean {
    return this.#untidy;
  }

  /** A stored entry was used. */
  used(): void {
    this.#untidy = true;
  }

  /** Deletes entries that are needed no more. */
  async tidy(): Promise<void> {
    this.#untidy = false;
    if (this.#sim !== undefined) await deleteSettled(this.#deps, this.#sim);
  }

  /** The modem did not begin anew since the trail began, and the SIM is the same. */
  #goesOn({ sim }: HandOver): boolean {
    return (
      this.#session !== undefined && this.#deps.modem.status.session === this.#session && sim === this.#sim
    );
  }

  #found(judged: Judged<AttemptKey>): EvidenceAtHand {
    this.#trail = judged.trail;
    if (judged.verdict === undefined) return NOTHING_MORE;
    return { findings: findingsOf(judged.verdict, "next-reference"), moreToCome: false };
  }

  #judgeFile(file: number | undefined): Judged<AttemptKey> | undefined {
    return file === undefined ? undefined : afterFile(this.#trail, file);
  }

  async #silent(handOver: HandOver, errored: boolean): Promise<EvidenceAtHand> {
    this.#awaited = handOver;
    this.#trail = errored ? afterDoubt(this.#trail) : afterSilence(this.#trail, keyOf(handOver));
    const file = errored ? undefined : await this.#readFile();
    const judged = this.#goesOn(handOver) ? this.#judgeFile(file) : undefined;
    if (judged !== undefined) this.#trail = judged.trail;
    const stored = await this.#askForEntry(handOver);
    const findings = [...findingsOf(judged?.verdict, "sim-reference"), ...stored.findings];
    return { findings, moreToCome: stored.moreToCome || this.#mayReadLater(file, errored) };
  }

  /** The modem does not take commands now, and the SIM's reference is still to be had. */
  #mayReadLater(file: number | undefined, errored: boolean): boolean {
    const { status } = this.#deps.modem;
    if (errored || file !== undefined || status.modem?.keepsLastReference !== true) return false;
    if (status.state === "ready") return false;
    this.#lookAt = this.#deps.clock.monotonic();
    return true;
  }

  async #askForEntry(handOver: HandOver): Promise<EvidenceAtHand> {
    const { modem, ledger } = this.#deps;
    const row = storedEntries(ledger.db, handOver.sim, modem.name).find((one) => sameAttempt(one, handOver));
    if (row === undefined) return NOTHING_MORE;
    const status = await modem.storedStatus(row.entry);
    const answer = judgeStored({ status, answerDue: true });
    if (answer.kind === "ask-again") {
      this.#lookAt = this.#deps.clock.monotonic() + LOOK_AGAIN_MS;
      return { findings: [], moreToCome: true };
    }
    return { findings: [storedFinding(row, answer)], moreToCome: false };
  }

  /** The modem began anew while it had it: only an entry that lies on it can tell more. */
  #withoutReferences(handOver: HandOver): EvidenceAtHand {
    const { modem, ledger } = this.#deps;
    const stored = storedEntries(ledger.db, handOver.sim, modem.name).some((one) =>
      sameAttempt(one, handOver),
    );
    return { findings: [], moreToCome: stored };
  }

  async #readFile(): Promise<number | undefined> {
    const { modem } = this.#deps;
    return modem.status.modem?.keepsLastReference === true ? modem.lastReference() : undefined;
  }

  async #askForEntries(sim: number): Promise<Asked> {
    const { ledger, modem, clock } = this.#deps;
    const findings: Finding[] = [];
    const unsent: AttemptKey[] = [];
    let again = Number.POSITIVE_INFINITY;
    for (const row of storedEntries(ledger.db, sim, modem.name)) {
      if (row.over || row.state !== "unknown") continue;
      const status = await modem.storedStatus(row.entry);
      if (status === "unsent") unsent.push(keyOf(row));
      const answeredAt = this.#bornAt + (modem.status.modem?.answerLimitMs ?? ANSWER_LIMIT_MS);
      const answer = judgeStored({ status, answerDue: clock.monotonic() >= answeredAt });
      if (answer.kind === "found") findings.push(storedFinding(row, answer));
      else again = Math.min(again, status === undefined ? clock.monotonic() + LOOK_AGAIN_MS : answeredAt);
    }
    this.#looks++;
    if (this.#looks <= LOOKS_MAX) this.#lookAt = again;
    return { findings, unsent };
  }

  #conclude(entry: Entry, sim: number, findings: readonly Finding[]): void {
    const { ledger, reports, modem } = this.#deps;
    for (const finding of findings) applyFinding(ledger, reports, entry, finding);
    const waiting =
      this.#lookAt === Number.POSITIVE_INFINITY ? [] : storedEntries(ledger.db, sim, modem.name);
    sendSecondCopies(ledger, entry, sim, (attempt) => waiting.some((row) => sameAttempt(row, attempt)));
  }
}

/** What the references say, as findings about each attempt that they speak of. */
function findingsOf(
  verdict: ReferenceVerdict<AttemptKey> | undefined,
  kind: "next-reference" | "sim-reference",
): Finding[] {
  if (verdict === undefined) return [];
  const says = verdict.kind === "not-built" ? "not-sent" : verdict.kind;
  return verdict.of.map(({ attempt, reference }) => ({
    attempt: keyOf(attempt),
    kind,
    saw: verdict.saw,
    verdict: says,
    ...(reference === undefined ? {} : { messageReference: reference }),
  }));
}

function keyOf({ message, segment, try: number }: AttemptKey): AttemptKey {
  return { message, segment, try: number };
}

function storedFinding(attempt: AttemptKey, answer: Extract<StoredVerdict, { kind: "found" }>): Finding {
  return { attempt: keyOf(attempt), kind: "stored-entry", saw: answer.saw, verdict: answer.verdict };
}
