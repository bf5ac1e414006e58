/**
 * What a SIM's message references say of submits that were never answered. TP-MR is one more in each
 * submit that the modem builds, modulo 256 (3GPP TS 23.040 9.2.3.6), and EF_SMSS holds the last one
 * (31.102 4.2.9). So a reference that stands still proves that nothing was built; one that went on as
 * far as we submitted shows that all of it was built and left. Pure.
 *
 * A wrong "not built" makes a second copy, so there is no verdict unless every step is accounted for: the
 * modem did not begin anew (one session), nobody else sends by the SIM (no jump was seen), nothing that may
 * or may not have used a reference lies between (refusals, CMS 332), the value is none from which modems
 * begin to count, and a file is believed only after it was seen to move: some modems never write it.
 */

/** One octet. */
export const REFERENCES = 256;
/** What a modem gives first when it began anew, which nobody may have noticed: it counts from 0 or from 1. */
export const FIRST_REFERENCES: readonly number[] = [0, 1];
/** What lies right before those: with such a value known, a first reference looks like the next one. */
const BEFORE_FIRST = FIRST_REFERENCES.map((first) => (first + REFERENCES - 1) % REFERENCES);

/** The last reference that is known to be used. */
export interface Known {
  readonly reference: number;
  /** The modem itself gave it to a submit; a value that was only read may lie in a file that never moves. */
  readonly proven: boolean;
}

/** What is remembered of one session of a modem with one SIM. */
export interface ReferenceTrail<A> {
  readonly known: Known | undefined;
  /** Submits since then without any answer, oldest first. */
  readonly silent: readonly A[];
  /** Others since then that may or may not have used a reference. */
  readonly doubtful: number;
  /** References went on by themselves: somebody else sends by this SIM. */
  readonly shared: boolean;
  /** EF_SMSS as it was read last. */
  readonly file: number | undefined;
  /** EF_SMSS was seen to move along. */
  readonly follows: boolean;
  /**
   * `known` and what was silent are of the session before, which the end of our process cut off: whether a
   * message that was built went any further is not to be known.
   */
  readonly bridged: boolean;
}

/** Of all that were silent: a part of them cannot be told from the rest. */
export interface ReferenceVerdict<A> {
  readonly kind: "not-built" | "built" | "nothing";
  /** In one sentence. */
  readonly saw: string;
  /** With the reference that each had, when they were built. */
  readonly of: readonly { readonly attempt: A; readonly reference?: number }[];
}

export interface Judged<A> {
  readonly trail: ReferenceTrail<A>;
  /** Absent when nothing was silent. */
  readonly verdict?: ReferenceVerdict<A>;
}

/** A session begins; `file` is what EF_SMSS holds, where that can be read. */
export function newTrail<A>(file?: number): ReferenceTrail<A> {
  return {
    known: file === undefined ? undefined : { reference: file, proven: false },
    silent: [],
    doubtful: 0,
    shared: false,
    file,
    follows: false,
    bridged: false,
  };
}

/** A submit that may or may not have used a reference. */
export function afterDoubt<A>(trail: ReferenceTrail<A>): ReferenceTrail<A> {
  return { ...trail, doubtful: trail.doubtful + 1 };
}

/** A submit that was never answered, in a session that went on. */
export function afterSilence<A>(trail: ReferenceTrail<A>, attempt: A): ReferenceTrail<A> {
  return { ...trail, silent: [...trail.silent, attempt] };
}

/** The late answer to the last silent submit: its reference, or undefined when it was refused. */
export function afterLate<A>(trail: ReferenceTrail<A>, reference: number | undefined): Judged<A> {
  const before = { ...trail, silent: trail.silent.slice(0, -1) };
  return reference === undefined ? { trail: afterDoubt(before) } : afterReference(before, reference);
}

/** A submit was accepted with this reference; undefined when the modem gave none. */
export function afterReference<A>(trail: ReferenceTrail<A>, reference: number | undefined): Judged<A> {
  const { silent } = trail;
  if (reference === undefined) {
    const lost: Judged<A> = {
      trail: { ...trail, known: undefined, silent: [], doubtful: 0, bridged: false },
    };
    const verdict = nothing(silent, "The modem gave the next message no reference.");
    return silent.length === 0 ? lost : { ...lost, verdict };
  }
  const next: ReferenceTrail<A> = {
    ...trail,
    known: { reference, proven: true },
    silent: [],
    doubtful: 0,
    shared: trail.shared || jumped(trail, reference),
    bridged: false,
  };
  return silent.length === 0 ? { trail: next } : { trail: next, verdict: judgeNext(trail, reference) };
}

/** EF_SMSS was read after a submit without an answer, in a session that went on. */
export function afterFile<A>(before: ReferenceTrail<A>, file: number): Judged<A> {
  const { known, silent, doubtful } = before;
  const follows = before.follows || (before.file !== undefined && before.file !== file);
  const trail: ReferenceTrail<A> = { ...before, file, follows };
  if (silent.length === 0) return { trail };
  const verdict = judgeFile(trail, file);
  switch (verdict.kind) {
    case "not-built":
      return { trail: { ...trail, silent: [] }, verdict };
    case "built":
      return { trail: { ...trail, known: { reference: file, proven: true }, silent: [] }, verdict };
    case "nothing": {
      const jump = follows && known !== undefined && stepFrom(known, file) > silent.length + doubtful;
      return { trail: jump ? { ...trail, shared: true } : trail, verdict };
    }
  }
}

function judgeNext<A>(trail: ReferenceTrail<A>, reference: number): ReferenceVerdict<A> {
  const { known, silent, bridged } = trail;
  const obstacle = obstacleIn(trail);
  if (known === undefined || obstacle !== undefined) return nothing(silent, obstacle ?? "");
  const step = stepFrom(known, reference);
  const got = `The next message of this SIM got reference ${reference}, and ${known.reference} was the last before`;
  if (step === 1) {
    if (!known.proven || BEFORE_FIRST.includes(known.reference))
      return nothing(silent, `${got}: the modem may have begun to count anew.`);
    return unbuilt(silent, `${got}: nothing was built between them.`);
  }
  const allBuilt = step === silent.length + 1;
  if (allBuilt && bridged) return nothing(silent, `${got}: it was built, and may have been cut off.`);
  if (allBuilt) return built(silent, known, `${got}: it was built and left the modem.`);
  return nothing(silent, `${got}: that does not tell.`);
}

function judgeFile<A>(trail: ReferenceTrail<A>, file: number): ReferenceVerdict<A> {
  const { known, silent, follows } = trail;
  const obstacle = obstacleIn(trail);
  if (known === undefined || obstacle !== undefined) return nothing(silent, obstacle ?? "");
  const step = stepFrom(known, file);
  const holds = `The SIM's last message reference is ${file}, and was ${known.reference} before`;
  if (!follows) return nothing(silent, `${holds}: the file was not seen to move with each message yet.`);
  if (step === 0 && (!known.proven || BEFORE_FIRST.includes(file)))
    return nothing(silent, `${holds}: the modem may have begun to count anew.`);
  if (step === 0) return unbuilt(silent, `${holds}: it was never built.`);
  if (step === silent.length) return built(silent, known, `${holds}: it was built and left the modem.`);
  return nothing(silent, `${holds}: that does not tell.`);
}

/** Why this trail can prove nothing. */
function obstacleIn<A>({ known, doubtful, shared }: ReferenceTrail<A>): string | undefined {
  if (known === undefined) return "The reference before it is not known.";
  if (shared) return "Something else sends by this SIM: its references prove nothing.";
  if (doubtful > 0) return "A refused submit lies between, which may have used a reference or not.";
  return undefined;
}

function jumped<A>({ known, silent, doubtful }: ReferenceTrail<A>, reference: number): boolean {
  // A file that was only read need not be where this modem counts.
  if (known?.proven !== true) return false;
  const step = stepFrom(known, reference);
  return step < 1 || step > 1 + silent.length + doubtful;
}

function built<A>(silent: readonly A[], known: Known, saw: string): ReferenceVerdict<A> {
  const of = silent.map((attempt, i) => ({ attempt, reference: (known.reference + 1 + i) % REFERENCES }));
  return { kind: "built", saw, of };
}

function unbuilt<A>(silent: readonly A[], saw: string): ReferenceVerdict<A> {
  return { kind: "not-built", saw, of: silent.map((attempt) => ({ attempt })) };
}

function nothing<A>(silent: readonly A[], saw: string): ReferenceVerdict<A> {
  return { kind: "nothing", saw, of: silent.map((attempt) => ({ attempt })) };
}

function stepFrom(known: Known, reference: number): number {
  return (reference - known.reference + REFERENCES) % REFERENCES;
}
