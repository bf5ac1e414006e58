/**
 * Where a SIM's references stood when the last run of this process, or of its modem, ended: what the
 * stored attempts say, compared with what the SIM itself holds.
 */
import type { AttemptKey } from "#gateway/messages/evidence.ts";
import type { Database } from "#shared/sqlite.ts";
import { sameAttempt } from "./findings.ts";
import { afterSilence, type Judged, newTrail, REFERENCES } from "./references.ts";

interface Row extends AttemptKey {
  readonly outcome: string | null;
  readonly reference: number | null;
  readonly interrupted: 0 | 1 | null;
}

/** The newest two that may have used a reference. */
const SELECT_LAST = `
  select message, segment, try, outcome, message_reference as reference, interrupted from attempt
  where sim = ? and outcome is not 'not-sent' order by started_at desc, ended_at desc limit 2`;

/** Some modems give a message up when they are spoken to before the network has answered (27.005 3.1). */
const CUT_OFF = "it was built, and may have been cut off when the process began anew.";

/** What the modem tells at the beginning of a session. */
export interface SessionStart {
  /** EF_SMSS, of a modem that is said to keep it from the moment a SUBMIT is built. */
  readonly file: number | undefined;
  /** Attempts whose stored PDU the modem has marked as unsent. */
  readonly unsent: readonly AttemptKey[];
}

/**
 * How a session begins. An attempt that the end of the last process interrupted is part of it when the
 * file stands still or its stored entry is unsent: the next message then tells whether it was built.
 * Neither is enough alone, because there are files that never move, and modems that lose the network's
 * answer. That it was built is noted and proves nothing: our own first command may have ended it. One that
 * the modem's own restart interrupted is not looked at: whether the network had it already is not to be seen.
 */
export function beginTrail(db: Database, sim: number, { file, unsent }: SessionStart): Judged<AttemptKey> {
  const trail = newTrail<AttemptKey>(file);
  const [last, before] = db.sql(SELECT_LAST).all(sim) as Row[];
  if (file !== undefined && last?.outcome === "accepted" && last.reference === file)
    return { trail: { ...trail, known: { reference: file, proven: true } } };
  const open = last?.outcome === "unknown" && last.interrupted === 1;
  if (!open || before?.outcome !== "accepted" || before.reference === null) return { trail };
  const { reference } = before;
  const known = { reference, proven: true };
  const isUnsent = unsent.some((one) => sameAttempt(one, last));
  if (file === reference || (file === undefined && isUnsent))
    return { trail: { ...afterSilence({ ...trail, known }, last), bridged: true } };
  if (file === undefined) return { trail };
  const holds = `The SIM's last message reference is ${file}, and was ${reference} before`;
  const isNext = file === (reference + 1) % REFERENCES;
  const saw = isNext ? `${holds}: ${CUT_OFF}` : `${holds}: that does not tell.`;
  return { trail, verdict: { kind: "nothing", saw, of: [{ attempt: last }] } };
}
