/** One signed POST. What the receiver does is a value; nothing here throws. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Clock } from "#shared/clock.ts";
import { sign } from "#shared/webhook-signature.ts";
import { type PostResult, parseRetryAfter } from "./schedule.ts";
import type { TargetGuard } from "./target.ts";

const TIMEOUT_MS = 15_000;
const ANSWER_OCTETS_MAX = 64 * 1_024;
const ANSWER_OCTETS_KEPT = 500;
const SOCKETS_PER_RECEIVER_MAX = 8;
const IDLE_SOCKETS_MAX = 64;

export interface Parcel {
  readonly url: string;
  readonly secrets: readonly string[];
  /** The id of the event. */
  readonly id: string;
  readonly body: string;
}

export interface Posted extends PostResult {
  readonly durationMs: number;
  /** The first characters of the answer, as they came. */
  readonly answer?: string;
}

export interface Poster {
  /** Ends when the receiver has answered, the time is up or the signal aborts. Never rejects. */
  post(parcel: Parcel, signal: AbortSignal): Promise<Posted>;
  close(): void;
}

export interface PosterDeps {
  readonly clock: Clock;
  readonly guard: TargetGuard;
}

export function createPoster(deps: PosterDeps): Poster {
  const limits = { keepAlive: true, maxSockets: SOCKETS_PER_RECEIVER_MAX, maxFreeSockets: IDLE_SOCKETS_MAX };
  const agents = { http: new HttpAgent(limits), https: new HttpsAgent(limits) };
  return {
    async post(parcel, signal) {
      const startedAt = deps.clock.monotonic();
      const result = await exchange(parcel, deps, agents, signal);
      return { ...result, durationMs: Math.round(deps.clock.monotonic() - startedAt) };
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

type Outcome = Omit<Posted, "durationMs">;

async function exchange(
  parcel: Parcel,
  deps: PosterDeps,
  agents: { http: HttpAgent; https: HttpsAgent },
  signal: AbortSignal,
): Promise<Outcome> {
  const { clock, guard } = deps;
  const ending = new AbortController();
  const stop = (): void => ending.abort(new Error("the gateway is stopping"));
  signal.addEventListener("abort", stop, { once: true });
  const cancelTimer = clock.timer(TIMEOUT_MS, () =>
    ending.abort(new Error(`no complete answer within ${TIMEOUT_MS / 1_000} seconds`)),
  );
  try {
    signal.throwIfAborted();
    const url = new URL(parcel.url);
    guard.checkHost(url.hostname);
    const timestampSeconds = Math.floor(clock.now() / 1_000);
    const { id, body } = parcel;
    const headers = {
      ...sign(parcel.secrets, { id, timestampSeconds, body }),
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "user-agent": "Dunlin",
      accept: "*/*",
    };
    const common = { method: "POST", headers, lookup: guard.lookup, signal: ending.signal };
    const response = await send(url, common, agents, body);
    const answer = await readAnswer(response);
    return { ...judgeStatus(response, clock.now()), ...(answer === "" ? {} : { answer }) };
  } catch (error) {
    const cause = ending.signal.aborted ? ending.signal.reason : error;
    return { error: cause instanceof Error ? cause.message : String(cause) };
  } finally {
    cancelTimer();
    signal.removeEventListener("abort", stop);
  }
}

function send(
  url: URL,
  options: object,
  agents: { http: HttpAgent; https: HttpsAgent },
  body: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // node:http follows no redirects: a 3xx is an answer like any other, and not a 2xx.
    const outgoing =
      url.protocol === "https:"
        ? httpsRequest(url, { ...options, agent: agents.https }, resolve)
        : httpRequest(url, { ...options, agent: agents.http }, resolve);
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Reads to the end, so that the connection can be used again, or to the limit, and then drops it. */
async function readAnswer(response: IncomingMessage): Promise<string> {
  const kept: Buffer[] = [];
  let octets = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (octets < ANSWER_OCTETS_KEPT) kept.push(chunk.subarray(0, ANSWER_OCTETS_KEPT - octets));
    octets += chunk.length;
    if (octets > ANSWER_OCTETS_MAX) break;
  }
  return Buffer.concat(kept).toString("utf8");
}

function judgeStatus(response: IncomingMessage, nowMs: number): Outcome {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return { status };
  const retryAfterMs = parseRetryAfter(response.headers["retry-after"], nowMs);
  const error =
    status >= 300 && status < 400 ? `answered ${status}; redirects are not followed` : `answered ${status}`;
  return { status, error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
