/** From the gateway's own shapes to those of the contract: moments become RFC 3339, nothing is added. */
import type { Attempt, InboundMessage, Message, Segment, SimView } from "#gateway/messages/types.ts";
import type { Delivery, Webhook } from "#gateway/webhooks/types.ts";
import type * as api from "#shared/gateway-api.ts";

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** An optional moment as an optional member. */
function moment<N extends string>(name: N, ms: number | undefined): { [K in N]?: string } {
  return (ms === undefined ? {} : { [name]: iso(ms) }) as { [K in N]?: string };
}

function optional<N extends string, V>(name: N, value: V | undefined): { [K in N]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [K in N]?: V };
}

export function renderMessage(message: Message): api.Message {
  return {
    ...renderOrder(message),
    state: message.state,
    ...moment("submittedAt", message.submittedAt),
    ...moment("deliveredAt", message.deliveredAt),
    segments: message.segments.map(renderSegment),
  };
}

/**
 * A message as it was in the answer that accepted it. A repeated request gets this again, whatever
 * has happened since: the IETF draft on Idempotency-Key (2.6) asks for the result of the first one.
 */
export function renderAccepted(message: Message): api.Message {
  return {
    ...renderOrder(message),
    state: "queued",
    segments: message.segments.map(({ number }) => ({ number, state: "queued", attempts: 0 })),
  };
}

/** What never changes after the acceptance. */
function renderOrder(message: Message): Omit<api.Message, "segments"> {
  const rendered: Omit<api.Message, "segments"> = {
    id: message.id,
    state: "queued",
    to: message.to,
    text: message.text,
    alphabet: message.alphabet,
    segmentCount: message.segments.length,
    priority: message.priority,
    report: message.report,
    transliterate: message.transliterate,
    onUnknown: message.onUnknown,
    acceptedAt: iso(message.acceptedAt),
  };
  if (message.class !== undefined) rendered.class = message.class;
  if (message.evidence !== undefined) rendered.evidence = message.evidence;
  if (message.sim !== undefined) rendered.sim = message.sim;
  if (message.reference !== undefined) rendered.reference = message.reference;
  if (message.metadata !== undefined) rendered.metadata = { ...message.metadata };
  if (message.notBefore !== undefined) rendered.notBefore = iso(message.notBefore);
  if (message.notAfter !== undefined) rendered.notAfter = iso(message.notAfter);
  if (message.validitySeconds !== undefined) rendered.validitySeconds = message.validitySeconds;
  return rendered;
}

function renderSegment(segment: Segment): api.Message["segments"][number] {
  return {
    number: segment.number,
    state: segment.state,
    ...optional("sim", segment.sim),
    ...optional("modem", segment.modem),
    ...optional("messageReference", segment.messageReference),
    attempts: segment.attempts,
    ...moment("submittedAt", segment.submittedAt),
    ...moment("deliveredAt", segment.deliveredAt),
    ...optional("reason", segment.reason),
    ...optional("code", segment.code),
    ...optional("history", segment.history?.map(renderAttempt)),
  };
}

function renderAttempt(attempt: Attempt): NonNullable<api.Segment["history"]>[number] {
  return {
    try: attempt.try,
    sim: attempt.sim,
    modem: attempt.modem,
    startedAt: iso(attempt.startedAt),
    ...moment("endedAt", attempt.endedAt),
    ...optional("outcome", attempt.outcome),
    ...optional("messageReference", attempt.messageReference),
    ...optional("detail", attempt.detail),
    evidence: attempt.evidence.map(({ at, ...evidence }) => ({ ...evidence, at: iso(at) })),
  };
}

export function renderInbound(message: InboundMessage): api.InboundMessage {
  return { ...message, receivedAt: iso(message.receivedAt) };
}

export function renderSim(sim: SimView): api.SimInfo {
  const { parked, usage, ...rest } = sim;
  return {
    ...rest,
    usage: usage.map((window) => ({ ...window })),
    ...(parked === undefined
      ? {}
      : {
          parked: { since: iso(parked.since), ...moment("until", parked.until), reason: parked.reason },
        }),
  };
}

export function renderWebhook(webhook: Webhook): api.Webhook {
  return {
    id: webhook.id,
    url: webhook.url,
    ...(webhook.events === undefined ? {} : { events: [...webhook.events] }),
    ...optional("description", webhook.description),
    enabled: webhook.enabled,
    ...optional("disabledReason", webhook.disabledReason),
    createdAt: iso(webhook.createdAt),
    pending: webhook.pending,
    ...moment("lastSuccessAt", webhook.lastSuccessAt),
    ...moment("lastFailureAt", webhook.lastFailureAt),
    ...moment("secretExpiresAt", webhook.secretExpiresAt),
  };
}

export function renderDelivery(delivery: Delivery) {
  const { last } = delivery;
  return {
    eventId: delivery.eventId,
    type: delivery.type,
    sequence: delivery.sequence,
    ...optional("messageId", delivery.messageId),
    state: delivery.state,
    attempts: delivery.attempts,
    ...moment("nextAttemptAt", delivery.nextAt),
    ...moment("lastAttemptAt", last?.at),
    ...optional("lastStatus", last?.status),
    ...optional("lastError", last?.error),
    ...optional("lastDurationMs", last?.durationMs),
    ...optional("lastResponse", last?.response),
  };
}
