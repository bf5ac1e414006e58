/**
 * The gateway's contract as a model, for simulations of many days: requests come in through `fetch`, are
 * parsed with the schemas of `shared/gateway-api.ts`, and what was submitted stands in a ledger that the
 * scheduler never sees. Answers and requests can be lost, as a network loses them.
 */
import type { Clock } from "#shared/clock.ts";
import {
  EventPage,
  type GatewayEvent,
  MessagePage,
  ModemList,
  SendMessage,
  SimList,
} from "#shared/gateway-api.ts";
import { segmentText } from "#shared/sms-text.ts";
import { type Held, renderMessage, renderModems, renderSims, type Submit } from "./gateway-answers.ts";
import { json, problem } from "./json-answers.ts";

/** The request never came, its answer never went back (it was done all the same), or it was turned away. */
export type Loss = "request" | "answer" | "unavailable" | "busy" | undefined;

export interface GatewayModelOptions {
  readonly clock: Clock;
  readonly sims?: readonly string[];
  /** Time from acceptance to submission, and from there to the phone. */
  readonly submitMs?: number;
  readonly deliverMs?: number;
  /** How long the fleet is busy with one segment; 0: it takes any number at once. */
  readonly segmentMs?: number;
  /** Counts what happens in the world, in the order in which it does. */
  readonly nextOrder?: () => number;
}

export type Fate = "delivered" | "dead" | "expired" | "unknown" | "failed";

export class GatewayModel {
  /** Every submit that the network took, in order: the judge's book. */
  readonly ledger: Submit[] = [];
  readonly calm = (): Loss => undefined;
  /** What the next requests suffer. */
  loss: (method: string, path: string) => Loss = this.calm;
  /** No connection at all. */
  down = false;
  fate: (to: string, id: string) => Fate = () => "delivered";
  readonly #messages = new Map<string, Held>();
  readonly #open = new Set<Held>();
  readonly #byReference = new Map<string, Held>();
  readonly #byKey = new Map<string, { body: string; id: string }>();
  readonly #events: GatewayEvent[] = [];
  readonly #options: Required<GatewayModelOptions>;
  #sequence = 0;
  /** By the monotonic clock. */
  #fleetFreeAt = 0;
  /** Segments that waited here at a time, at most; answers to what people wrote are not among them. */
  queuedMax = 0;

  constructor(options: GatewayModelOptions) {
    this.#options = {
      sims: ["8949000000000000001"],
      submitMs: 5_000,
      deliverMs: 4_000,
      segmentMs: 0,
      nextOrder: () => 0,
      ...options,
    };
  }

  get accepted(): readonly { id: string; reference: string | undefined; state: string }[] {
    const all = [...this.#messages.values()];
    return all.map(({ id, wanted, state }) => ({ id, reference: wanted.reference, state }));
  }

  /** When the next message leaves or arrives, by the wall clock; undefined when none is under way. */
  nextChangeAt(): number | undefined {
    let next: number | undefined;
    for (const held of this.#open) {
      const at = held.state === "queued" ? this.#readyAt(held) : held.settleAt;
      if (at !== undefined && (next === undefined || at < next)) next = at;
    }
    return next;
  }

  events(after: number): readonly GatewayEvent[] {
    // Sequences are given without gaps, from 1.
    return this.#events.slice(after);
  }

  /** Answers its id. */
  inbound(from: string, text: string): string {
    const id = `in_${String(this.#sequence + 1).padStart(9, "0")}`;
    this.#push("inbound.received", undefined, {
      id,
      from,
      text,
      sim: this.#options.sims[0],
      receivedAt: this.#iso(this.#now()),
      segments: 1,
      complete: true,
    });
    return id;
  }

  /** Brings every message to where it is by now. */
  advance(): void {
    const now = this.#now();
    for (const held of this.#open) {
      if (held.state === "queued") this.#trySubmit(held, now);
      if (held.state === "submitted" && held.settleAt !== undefined && held.settleAt <= now)
        this.#settle(held);
    }
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const method = init?.method ?? "GET";
    if (this.down) throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
    const loss = this.loss(method, url.pathname);
    if (loss === "request") throw new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
    if (loss === "unavailable") return problem(503, "unavailable", true);
    if (loss === "busy") return json(429, { code: "rate_limited" }, { "retry-after": "30" });
    this.advance();
    const headers = new Headers(init?.headers);
    const answer = this.#route(method, url, headers, String(init?.body ?? ""));
    if (loss === "answer") throw new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
    return answer;
  };

  #route(method: string, url: URL, headers: Headers, body: string): Response {
    const [, , what, id, verb] = url.pathname.split("/");
    if (method === "POST" && what === "messages" && id === undefined) return this.#send(headers, body);
    if (method === "POST" && what === "messages" && verb === "cancel") return this.#cancel(id ?? "");
    if (what === "messages" && id !== undefined) return this.#get(id);
    if (what === "messages") return this.#find(url.searchParams.get("reference") ?? "");
    if (what === "events") return this.#listEvents(url);
    if (what === "modems") return json(200, ModemList.parse({ items: renderModems(this.#options.sims) }));
    if (what === "sims")
      return json(200, SimList.parse({ items: renderSims(this.#options.sims, this.#open) }));
    return problem(404, "not_found", false);
  }

  #send(headers: Headers, text: string): Response {
    const key = headers.get("idempotency-key");
    if (key === null) return problem(400, "idempotency_key_invalid", false);
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      if (known.body !== text) return problem(422, "idempotency_key_reused", false);
      const held = this.#messages.get(known.id) as Held;
      return json(202, this.#answer(held), { "idempotency-replayed": "true" });
    }
    const parsed = SendMessage.safeParse(JSON.parse(text));
    if (!parsed.success) return problem(400, "request_invalid", false);
    const wanted = parsed.data;
    const now = this.#now();
    if (wanted.notAfter !== undefined && Date.parse(wanted.notAfter) <= now)
      return problem(422, "schedule_invalid", false);
    const id = `msg_${String(this.#messages.size + 1).padStart(9, "0")}`;
    const segments = segmentText(wanted.text, { transliterate: wanted.transliterate }).segments.length;
    const held: Held = {
      id,
      body: text,
      wanted,
      segments,
      acceptedAt: now,
      order: this.#options.nextOrder(),
      state: "queued",
    };
    this.#messages.set(id, held);
    this.#open.add(held);
    const queued = [...this.#open].filter((one) => one.state === "queued" && !isAnswer(one));
    this.queuedMax = Math.max(
      this.queuedMax,
      queued.reduce((sum, one) => sum + one.segments, 0),
    );
    if (wanted.reference !== undefined) this.#byReference.set(wanted.reference, held);
    this.#byKey.set(key, { body: text, id });
    this.#push("message.accepted", held);
    return json(202, this.#answer(held));
  }

  #cancel(id: string): Response {
    const held = this.#messages.get(id);
    if (held === undefined) return problem(404, "not_found", false);
    if (held.state !== "queued") return problem(409, "too_late_to_cancel", false);
    held.state = "cancelled";
    this.#open.delete(held);
    held.code = "cancelled_by_caller";
    this.#push("message.cancelled", held);
    return json(200, this.#answer(held));
  }

  #get(id: string): Response {
    const held = this.#messages.get(id);
    return held === undefined ? problem(404, "not_found", false) : json(200, this.#answer(held));
  }

  #find(reference: string): Response {
    const found = this.#byReference.get(reference);
    return json(200, MessagePage.parse({ items: found === undefined ? [] : [this.#answer(found)] }));
  }

  #listEvents(url: URL): Response {
    const after = Number(url.searchParams.get("after") ?? 0);
    const items = this.events(after).slice(0, Number(url.searchParams.get("limit") ?? 50));
    return json(200, EventPage.parse({ items, nextAfter: items.at(-1)?.sequence ?? after }));
  }

  #trySubmit(held: Held, now: number): void {
    const { notAfter } = held.wanted;
    const ready = this.#readyAt(held);
    const last = notAfter === undefined ? Number.POSITIVE_INFINITY : Date.parse(notAfter);
    const fate = this.fate(held.wanted.to, held.id);
    const end = this.#end.bind(this);
    if (ready > last && now > last) end(held, "expired", "not_after_passed");
    else if (ready <= now && fate === "failed") end(held, "failed", "network_busy");
    else if (ready <= now) this.#submit(held, ready, fate);
  }

  #readyAt({ acceptedAt, wanted: { notBefore } }: Held): number {
    const { clock, submitMs } = this.#options;
    const free = clock.now() + Math.max(0, this.#fleetFreeAt - clock.monotonic());
    const ready = Math.max(acceptedAt + submitMs, notBefore ? Date.parse(notBefore) : 0);
    return this.#options.segmentMs === 0 ? ready : Math.max(ready, free);
  }

  #submit(held: Held, ready: number, fate: Fate): void {
    held.submittedAt = ready;
    this.#fleetFreeAt = this.#options.clock.monotonic() + held.segments * this.#options.segmentMs;
    held.state = fate === "unknown" ? "unknown" : "submitted";
    if (fate === "unknown") this.#open.delete(held);
    held.settleAt = ready + this.#options.deliverMs;
    const { to, text, reference } = held.wanted;
    this.ledger.push({
      at: ready,
      monotonicAt: this.#options.clock.monotonic() - (this.#now() - ready),
      acceptedAt: held.acceptedAt,
      order: held.order,
      to,
      text,
      reference: reference ?? "",
      id: held.id,
      segments: held.segments,
    });
    if (fate === "unknown") held.code = "outcome_unknown";
    this.#push(fate === "unknown" ? "message.unknown" : "message.submitted", held);
  }

  #settle(held: Held): void {
    const fate = this.fate(held.wanted.to, held.id);
    if (fate === "dead") held.reason = "Status report 43: not obtainable.";
    if (fate === "dead") this.#end(held, "undelivered", "undeliverable");
    else if (fate === "expired") this.#end(held, "expired", "validity_expired");
    else {
      held.state = "delivered";
      held.deliveredAt = held.settleAt as number;
      this.#open.delete(held);
      this.#push("message.delivered", held);
    }
  }

  #end(held: Held, state: "expired" | "failed" | "undelivered", code: string): void {
    held.state = state;
    held.code = code;
    this.#open.delete(held);
    this.#push(`message.${state}`, held);
  }

  #push(type: GatewayEvent["type"], held?: Held, data: Record<string, unknown> = {}): void {
    this.#sequence++;
    const facts = held === undefined ? {} : { reference: held.wanted.reference, state: held.state };
    this.#events.push({
      id: `evt_${this.#sequence}`,
      type,
      timestamp: this.#iso(this.#now()),
      sequence: this.#sequence,
      ...(held === undefined ? {} : { messageId: held.id }),
      data: { ...facts, ...data },
    });
  }

  #answer(held: Held) {
    return renderMessage(held, this.#options.sims[0] ?? "");
  }

  #now(): number {
    return this.#options.clock.now();
  }

  #iso(at: number): string {
    return new Date(at).toISOString();
  }
}

/** Somebody wrote and waits for it: such a text does not wait for room in the fleet. */
function isAnswer({ wanted }: Held): boolean {
  return ["service", "confirmation"].includes(wanted.metadata?.class ?? "");
}
