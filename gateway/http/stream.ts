/**
 * /v1/events/stream: events as they happen (WHATWG HTML 9.2, server-sent events). A client that reads
 * slowly makes nobody hold its events in memory: the next page is read from the log only when the last
 * one has left. One that falls too far behind is told to start afresh (`resync`) and let go.
 */
import type { ServerResponse } from "node:http";
import type { EventLog, GatewayEvent } from "#gateway/messages/types.ts";
import { renderEvent } from "#gateway/webhooks/payload.ts";
import { type ApiKey, type ApiKeys, isUsable } from "#shared/api-keys.ts";
import { type Bell, createBell } from "#shared/bell.ts";
import type { Clock } from "#shared/clock.ts";
import { type HttpServer, keyOf } from "#shared/http-server.ts";
import { problem } from "#shared/problems.ts";
import type { HttpDeps } from "./deps.ts";
import { visibleEvents } from "./events.ts";

const PAGE = 100;
/** Octets written and not yet taken by the client; above it nothing more is written. */
const BUFFER_OCTETS_MAX = 64 * 1_024;
/** Events a client may be behind, at the start and later. */
const BEHIND_MAX = 10_000;
/** A comment this often keeps proxies from closing the connection, and finds dead ones. */
const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long is let go. */
const STALLED_MS = 60_000;
/** Time for the last words to leave before the connection is cut. */
const FAREWELL_MS = 5_000;
/** A stream outlives the revocation of its key by this much at most. */
const KEY_CHECK_MS = 5_000;
const STREAMS_PER_KEY_MAX = 20;
const RETRY_MS = 2_000;

export function serveStream(app: HttpServer, deps: HttpDeps): void {
  const open = new Map<string, number>();
  const stopping = new AbortController();
  app.addHook("preClose", async () => stopping.abort());
  app.get(
    "/v1/events/stream",
    {
      config: { scope: "events:read" },
      schema: {
        tags: ["events"],
        summary: "Events as they happen",
        description:
          "Server-sent events. `id` is the sequence; a client that comes back sends it as `Last-Event-ID` and " +
          "misses nothing. Without it the stream begins now. After an event `resync` read `GET /v1/events`: " +
          `the client was more than ${BEHIND_MAX} events behind, or took nothing for a minute.`,
        produces: ["text/event-stream"],
      },
    },
    async (request, reply) => {
      const key = keyOf(request);
      const streams = open.get(key.id) ?? 0;
      if (streams >= STREAMS_PER_KEY_MAX)
        throw problem("too_many_streams", { detail: `At most ${STREAMS_PER_KEY_MAX} for each key.` });
      const newest = await deps.events.lastSequence();
      const from = await startOf(request.headers["last-event-id"], deps.events, newest);
      open.set(key.id, (open.get(key.id) ?? 0) + 1);
      reply.hijack();
      const stream = { ...deps, response: reply.raw, key };
      try {
        await run(stream, from, stopping.signal);
      } catch (error) {
        deps.log.error({ err: error }, "an event stream failed");
        reply.raw.destroy();
      } finally {
        open.set(key.id, (open.get(key.id) ?? 1) - 1);
      }
    },
  );
}

/** Where a client goes on: after the event it names by sequence or id, or from now. */
async function startOf(header: unknown, events: EventLog, newest: number): Promise<number> {
  if (typeof header !== "string" || header === "") return newest;
  if (/^\d{1,15}$/.test(header)) return Math.min(Number(header), newest);
  return (await events.get(header))?.sequence ?? newest;
}

interface Stream {
  readonly response: ServerResponse;
  readonly key: ApiKey;
  readonly events: EventLog;
  readonly keys: Pick<ApiKeys, "get">;
  readonly clock: Clock;
}

type Ending = "gone" | "behind" | "revoked";

async function run(stream: Stream, from: number, stopping: AbortSignal): Promise<void> {
  const { response, events } = stream;
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
  });
  response.write(`retry: ${RETRY_MS}\n\n`);
  const bell = createBell();
  const unsubscribe = events.onAppended(bell.ring);
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  response.once("close", leave).on("drain", bell.ring);
  stopping.addEventListener("abort", leave, { once: true });
  try {
    const ending = await follow(stream, from, bell, gone.signal);
    if (ending === "behind") await resync(stream, gone.signal);
    else if (stopping.aborted || ending === "revoked") response.end();
  } finally {
    unsubscribe();
    stopping.removeEventListener("abort", leave);
  }
}

async function follow(stream: Stream, from: number, bell: Bell, gone: AbortSignal): Promise<Ending> {
  const { response, events, clock, key } = stream;
  const isBehind = async (position: number): Promise<boolean> =>
    (await events.lastSequence()) - position > BEHIND_MAX;
  const unwritten: GatewayEvent[] = [];
  let position = from;
  let takenAt = clock.monotonic();
  let checkedAt = takenAt;
  if (await isBehind(position)) return "behind";
  while (!gone.aborted) {
    for (let event = unwritten[0]; event !== undefined && hasRoom(response); event = unwritten[0]) {
      response.write(frame(event));
      unwritten.shift();
    }
    if (hasRoom(response)) {
      takenAt = clock.monotonic();
      const page = await visibleEvents(events, key, { after: position, limit: PAGE });
      unwritten.push(...page.events);
      const moved = page.scannedTo > position;
      position = page.scannedTo;
      if (moved) continue;
    } else if (clock.monotonic() - takenAt >= STALLED_MS || (await isBehind(position))) return "behind";
    const rung = await bell.wait(clock, HEARTBEAT_MS, gone);
    if (clock.monotonic() - checkedAt >= KEY_CHECK_MS) {
      checkedAt = clock.monotonic();
      if (!isUsable(stream.keys.get(key.id), clock.now())) return "revoked";
    }
    if (!rung && !gone.aborted && response.writableLength === 0) response.write(": still here\n\n");
  }
  return "gone";
}

function hasRoom(response: ServerResponse): boolean {
  return response.writableLength <= BUFFER_OCTETS_MAX;
}

/** The `id` of the farewell is the newest sequence: a client that just comes back goes on from now. */
async function resync(stream: Stream, gone: AbortSignal): Promise<void> {
  const newest = await stream.events.lastSequence();
  stream.response.end(`id: ${newest}\nevent: resync\ndata: {"lastSequence":${newest}}\n\n`);
  await stream.clock.sleep(FAREWELL_MS, gone);
  stream.response.destroy();
}

function frame(event: GatewayEvent): string {
  return `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(renderEvent(event))}\n\n`;
}
