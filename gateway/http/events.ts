/** /v1/events: the history of everything, page by page. */
import type { EventLog, EventType, GatewayEvent } from "#gateway/messages/types.ts";
import { maySee, renderEvent } from "#gateway/webhooks/payload.ts";
import type { ApiKey } from "#shared/api-keys.ts";
import * as api from "#shared/gateway-api.ts";
import { type HttpServer, keyOf } from "#shared/http-server.ts";
import type { HttpDeps } from "./deps.ts";

/** Events looked at for one page. A key that may see few of them gets short pages and goes on. */
const SCANNED_MAX = 10_000;
const SCAN_STEP = 500;

export function serveEvents(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/events",
    {
      config: { scope: "events:read" },
      schema: {
        tags: ["events"],
        summary: "List events, oldest first",
        description:
          "Only events that the key may see: of its own messages, or of all with `read:all`; received " +
          "messages with `inbound:read`; modems and SIMs with `fleet:read`. An empty page is not the end: " +
          "go on from `nextAfter`.",
        querystring: api.EventQuery,
        response: { 200: api.EventPage },
      },
    },
    async (request) => {
      const { after, limit, type } = request.query;
      const types = type === undefined ? undefined : Array.isArray(type) ? type : [type];
      const page = await visibleEvents(deps.events, keyOf(request), { after, limit, types });
      return { items: page.events.map(renderEvent), nextAfter: page.scannedTo };
    },
  );
}

export interface VisiblePage {
  readonly events: readonly GatewayEvent[];
  /** Every event up to this sequence was looked at. */
  readonly scannedTo: number;
}

export interface EventRange {
  readonly after: number;
  readonly limit: number;
  readonly types?: readonly EventType[] | undefined;
}

export async function visibleEvents(log: EventLog, key: ApiKey, range: EventRange): Promise<VisiblePage> {
  const events: GatewayEvent[] = [];
  let scannedTo = range.after;
  for (let scanned = 0; scanned < SCANNED_MAX; scanned += SCAN_STEP) {
    // Read first: an event that is appended meanwhile must not be skipped.
    const newest = await log.lastSequence();
    const found = await log.after(scannedTo, SCAN_STEP, range.types);
    for (const event of found) {
      scannedTo = event.sequence;
      if (!maySee(key, event)) continue;
      events.push(event);
      if (events.length >= range.limit) return { events, scannedTo };
    }
    if (found.length < SCAN_STEP) {
      scannedTo = Math.max(scannedTo, newest);
      break;
    }
  }
  return { events, scannedTo };
}
