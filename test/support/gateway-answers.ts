/** The gateway's messages and fleet as its API answers with them, for the model of it. */
import { Message, type SendMessage } from "#shared/gateway-api.ts";

/** What the network took. */
export interface Submit {
  readonly at: number;
  /** By the clock that nobody moves. */
  readonly monotonicAt: number;
  /** When the gateway took it, and its place in the order of everything that the world did. */
  readonly acceptedAt: number;
  readonly order: number;
  readonly to: string;
  readonly text: string;
  readonly reference: string;
  readonly id: string;
  readonly segments: number;
}

export interface Held {
  readonly id: string;
  readonly body: string;
  readonly wanted: ReturnType<typeof SendMessage.parse>;
  readonly segments: number;
  readonly acceptedAt: number;
  /** Its place in the order of everything that the world did. */
  readonly order: number;
  state: Message["state"];
  submittedAt?: number;
  deliveredAt?: number;
  settleAt?: number;
  code?: string;
  reason?: string;
}

const iso = (at: number): string => new Date(at).toISOString();

export function renderMessage(held: Held, sim: string): Message {
  const { wanted } = held;
  const segment = {
    state: held.state,
    attempts: held.submittedAt === undefined ? 0 : 1,
    ...(held.submittedAt === undefined ? {} : { submittedAt: iso(held.submittedAt), sim: wanted.sim ?? sim }),
    ...(held.code === undefined ? {} : { code: held.code }),
    ...(held.reason === undefined ? {} : { reason: held.reason }),
  };
  return Message.parse({
    ...wanted,
    id: held.id,
    state: held.state,
    alphabet: "gsm7",
    segmentCount: held.segments,
    acceptedAt: iso(held.acceptedAt),
    ...(held.submittedAt === undefined ? {} : { submittedAt: iso(held.submittedAt) }),
    ...(held.deliveredAt === undefined ? {} : { deliveredAt: iso(held.deliveredAt) }),
    segments: Array.from({ length: held.segments }, (_, index) => ({ number: index + 1, ...segment })),
  });
}

export function renderModems(sims: readonly string[]) {
  return sims.map((sim, index) => ({
    name: `modem-${index}`,
    port: "/dev/null",
    state: "ready",
    detail: "It waits for work.",
    sim,
    submitting: false,
  }));
}

export function renderSims(sims: readonly string[], open: Iterable<Held>) {
  const queued = [...open].filter((held) => held.state === "queued");
  return sims.map((iccid, index) => ({
    iccid,
    imsi: `26201000000000${index}`,
    modem: `modem-${index}`,
    usage: [],
    queued: index === 0 ? queued.reduce((sum, held) => sum + held.segments, 0) : 0,
  }));
}
