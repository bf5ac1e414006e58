/** What goes wrong, and for how long at most it may keep the modem from sending. Times are milliseconds. */
import type { LifeAction, WorldAction } from "#hardware/simulator/faults/actions.ts";

/** On the line: the next answer is lost, or comes bent, or late. */
export type LineFault = "lost" | "bent" | "late";

export interface Fault {
  readonly name: string;
  readonly strike: LifeAction | WorldAction | { readonly kind: "line"; readonly how: LineFault };
  /** Until it is gone, or until the rung of the ladder that cures it was tried. */
  readonly lastsMs: number;
}

/** From the first AT to the first submit, where nothing goes wrong. */
const START_MS = 20_000;
/** EC25 after AT+CFUN=1,1: its port is gone, and it boots. */
const RESTART_MS = 20_000;
/** What the ladder waits and tries before each rung; each try is a start that comes to nothing. */
const RUNG_MS = { escape: 30_000, reopen: 60_000, radioCycle: 150_000, restart: 240_000 } as const;
const SECONDS = 1_000;

export const FAULTS: readonly Fault[] = [
  {
    name: "unplugged for 10 s",
    strike: { kind: "unplug", replugAfterMs: 10 * SECONDS },
    lastsMs: 10 * SECONDS + RESTART_MS + START_MS,
  },
  { name: "restart", strike: { kind: "reset" }, lastsMs: RESTART_MS + START_MS },
  { name: "restart without a word", strike: { kind: "reset", silent: true }, lastsMs: RESTART_MS + START_MS },
  {
    name: "restart, deaf for 20 s",
    strike: { kind: "reset", deafMs: 20 * SECONDS },
    lastsMs: RESTART_MS + 20 * SECONDS + START_MS,
  },
  {
    name: "three brown-outs",
    strike: { kind: "brown-out", times: 3, everyMs: 15 * SECONDS },
    lastsMs: 45 * SECONDS + RESTART_MS + START_MS,
  },
  {
    name: "mute for 30 s",
    strike: { kind: "mute", ms: 30 * SECONDS },
    lastsMs: 30 * SECONDS + RUNG_MS.reopen,
  },
  {
    name: "hangs until ESC",
    strike: { kind: "hang", cure: "escape" },
    lastsMs: RUNG_MS.escape,
  },
  {
    name: "hangs until the port is reopened",
    strike: { kind: "hang", cure: "reopen" },
    lastsMs: RUNG_MS.reopen,
  },
  {
    name: "hangs until the radio is cycled",
    strike: { kind: "hang", cure: "radio-cycle" },
    lastsMs: RUNG_MS.radioCycle,
  },
  {
    name: "hangs until a restart, and still talks",
    strike: { kind: "hang", cure: "restart", unsolicited: true },
    lastsMs: RUNG_MS.restart,
  },
  {
    name: "no network for 60 s",
    strike: { kind: "registration", stat: 2, forMs: 60 * SECONDS },
    lastsMs: 60 * SECONDS + START_MS,
  },
  {
    name: "SIM out for 30 s",
    strike: { kind: "sim-out", forMs: 30 * SECONDS },
    lastsMs: 60 * SECONDS + START_MS,
  },
  {
    name: "SIM busy for 20 s",
    strike: { kind: "sim-busy", forMs: 20 * SECONDS },
    lastsMs: 60 * SECONDS + START_MS,
  },
  { name: "echo on", strike: { kind: "echo-on" }, lastsMs: START_MS },
  {
    name: "a line of noise each 0.1 s for 60 s",
    strike: { kind: "noise", everyMs: 100, forMs: 60 * SECONDS },
    lastsMs: 60 * SECONDS + START_MS,
  },
  { name: "storage full", strike: { kind: "fill-storage", storage: "ME" }, lastsMs: 60 * SECONDS },
  {
    name: "twenty messages at once",
    strike: { kind: "incoming", from: "+491719999999", text: "Come in.", count: 20 },
    lastsMs: START_MS,
  },
  { name: "the next answer is lost", strike: { kind: "line", how: "lost" }, lastsMs: RUNG_MS.escape },
  { name: "the next answer is bent", strike: { kind: "line", how: "bent" }, lastsMs: RUNG_MS.escape },
  { name: "the next answer is 8 s late", strike: { kind: "line", how: "late" }, lastsMs: RUNG_MS.escape },
];
