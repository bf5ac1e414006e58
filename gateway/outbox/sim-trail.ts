/**
 * Where a SIM's references stood when the last run of this process, or of its modem, ended: what the
 * stored attempts say, compared with what the SIM itself holds.
 */
import type { AttemptKey } from "#gateway/messages/evidence.ts";
import type { Database } from "#shared/sqlite.ts";
import { sameAttempt } from "./findings.ts";
import { afterSilence, type Judged, newTrail, REFERENCES } from "./references.ts";

interface Row {
  readonly outcome: string | null;
  readonly reference: number | null;
}

/** The newest that may have used a reference, but for one. */
const SELECT_LAST = `
  select outcome, message_reference as reference from attempt
  where sim = ? and outcome is not 'not-sent' and not (message = ? and segment = ? and try = ?)
  order by started_at desc, ended_at desc limit 1`;

/** Some modems give a message up when they are spoken to before the network has answered (27.005 3.1). */
const CUT_OFF = "it was built, and may have been cut off when the process began anew.";

/** What the modem tells at the beginning of a session. */
export interface SessionStart {
  /** EF_SMSS, of a modem that is said to keep it from the moment a SUBMIT is built. */
  readonly file: number | undefined;
  /** Attempts whose stored PDU the modem has marked as unsent. */
  readonly unsent: readonly AttemptKey[];
  /** What the SIM had when the process before this one ended; nothing was submitted by it since. */
  readonly interrupted: readonly AttemptKey[];
}

/**
 * How a session begins. An attempt that the end of the last process interrupted is part of it when the
 * file stands still or its stored entry is unsent: the next message then tells whether it was built.
 * Neither is enough alone, because there are files that never move, and modems that lose the network's
 * answer. That it was built is noted and proves nothing: our own first command may have ended it. One that
 * the modem's own restart interrupted is not looked at: whether the network had it already is not to be seen.
 */
export function beginTrail(db: Database, sim: number, start: SessionStart): Judged<AttemptKey> {
  const { file, unsent, interrupted } = start;
  const trail = newTrail<AttemptKey>(file);
  const [open] = interrupted;
  const last = lastOf(db, sim, open);
  if (last?.outcome !== "accepted" || last.reference === null || interrupted.length > 1) return { trail };
  const { reference } = last;
  const known = { reference, proven: true };
  if (open === undefined) return { trail: file === reference ? { ...trail, known } : trail };
  const isUnsent = unsent.some((one) => sameAttempt(one, open));
  if (file === reference || (file === undefined && isUnsent))
    return { trail: { ...afterSilence({ ...trail, known }, open), bridged: true } };
  if (file === undefined) return { trail };
  const holds = `The SIM's last message reference is ${file}, and was ${reference} before`;
  const isNext = file === (reference + 1) % REFERENCES;
  const saw = isNext ? `${holds}: ${CUT_OFF}` : `${holds}: that does not tell.`;
  return { trail, verdict: { kind: "nothing", saw, of: [{ attempt: open }] } };
}

/**
 * The order of the stored attempts is that of the clock on the wall, which may have been put back. An older
 * reference in place of the last one does no harm here: references only go on, so neither the file nor the
 * next message can stand where it stood.
 */
function lastOf(db: Database, sim: number, but: AttemptKey | undefined): Row | undefined {
  const { message, segment, try: number } = but ?? { message: 0, segment: 0, try: 0 };
  return db.sql(SELECT_LAST).get(sim, message, segment, number) as Row | undefined;
}
