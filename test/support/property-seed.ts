/**
 * In CI every property runs from the same seed, so that a commit is judged by what it changes and not by
 * the draw; elsewhere each run draws anew. `FC_SEED=123` repeats a run.
 */
import fc from "fast-check";

const CI_SEED = 20_261_121;

const wanted = process.env.FC_SEED ?? (process.env.CI ? String(CI_SEED) : undefined);
if (wanted !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
