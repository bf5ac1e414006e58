/**
 * Where a SIM's references stood when the last run of this process, or of its modem, ended: what the
 * stored attempts say, compared with what the SIM itself holds.
 */
import type { AttemptKey } from "#gateway/messages/evidence.ts";
import type { Database } from "#shared/sqlite.ts";
import { afterFile, afterSilence, type Judged, newTrail, type ReferenceTrail } from "./references.ts";

interface Row extends AttemptKey {
  readonly outcome: string | null;
  readonly reference: number | null;
  readonly interrupted: 0 | 1 | null;
}

/** The newest two that may have used a reference. */
const SELECT_LAST = `
  select message, segment, try, outcome, message_reference as reference, interrupted from attempt
  where sim = ? and outcome is not 'not-sent' order by started_at desc, ended_at desc limit 2`;

/**
 * How a session begins, with a verdict on the attempt that the end of the last process interrupted. One
 * that the modem's own restart interrupted gets none: whether the radio had it already is not in the file.
 * @param file EF_SMSS as it is now, of a modem that keeps it from the moment a SUBMIT is built
 */
export function beginTrail(db: Database, sim: number, file: number | undefined): Judged<AttemptKey> {
  if (file === undefined) return { trail: newTrail() };
  const [last, before] = db.sql(SELECT_LAST).all(sim) as Row[];
  if (last?.outcome === "accepted" && last.reference === file)
    return { trail: { ...newTrail(file), known: { reference: file, proven: true } } };
  const open = last?.outcome === "unknown" && last.interrupted === 1;
  if (!open || before?.outcome !== "accepted" || before.reference === null) return { trail: newTrail(file) };
  const known = { reference: before.reference, proven: true };
  const trail: ReferenceTrail<AttemptKey> = { ...newTrail(), known };
  const judged = afterFile(afterSilence(trail, last), file);
  const doubtful = judged.verdict?.kind === "nothing";
  return doubtful ? { ...judged, trail: newTrail(file) } : judged;
}
