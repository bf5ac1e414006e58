/**
 * Why a segment is where it is (`code` of a segment). Not refusals of a request, but on the same
 * pages: `/problems/CODE` explains each, so that a person who reads a message's history can act.
 */
export interface DeliveryReason {
  readonly title: string;
  readonly remedy: string;
  /** True when sending the same message again later may succeed. */
  readonly retryable: boolean;
}

export const DELIVERY_REASONS = {
  number_dead: {
    title: "The network says that the number cannot receive messages.",
    remedy: "Check the number with the person it belongs to.",
    retryable: false,
  },
  message_refused: {
    title: "The network or the modem refuses this message, whoever sends it.",
    remedy: "The reason names the error code. Change the message.",
    retryable: false,
  },
  sim_refused: {
    title: "The SIM may not send this message.",
    remedy: "Check credit, contract and barring of the SIM named in the segment.",
    retryable: true,
  },
  no_sim: {
    title: "No SIM is allowed to send to this number.",
    remedy: "Check the allowed prefixes of the SIMs, or the `sim` asked for.",
    retryable: true,
  },
  network_busy: {
    title: "The network was congested for longer than the message could wait.",
    remedy: "Send it again later.",
    retryable: true,
  },
  retries_exhausted: {
    title: "Every try was refused or proven not sent.",
    remedy: "The reason names the last error. See the modem's state, then send it again.",
    retryable: true,
  },
  not_after_passed: {
    title: "Its last moment for sending (`notAfter`) passed before a modem could take it.",
    remedy: "Send it again with a later `notAfter`, or add SIMs.",
    retryable: true,
  },
  validity_expired: {
    title: "The service centre gave up, because the validity period ended.",
    remedy: "The phone was off or out of reach. Send it again, or with a longer validity.",
    retryable: true,
  },
  report_overdue: {
    title: "No delivery report came within the validity period.",
    remedy: "It may have arrived. A late report still corrects the state.",
    retryable: false,
  },
  undeliverable: {
    title: "The service centre reported that it could not deliver the message.",
    remedy: "The reason names the status of the report (TP-ST).",
    retryable: false,
  },
  outcome_unknown: {
    title: "It was handed to the modem, and nobody can know whether it was sent.",
    remedy:
      "Its history shows what was looked at. A late report still settles it. Otherwise ask the recipient, and " +
      "decide with `POST /v1/messages/ID/resolve` or `dunlin messages resolve`.",
    retryable: false,
  },
  given_up: {
    title: "A person gave it up after nobody could know whether it was sent.",
    remedy: "It may have arrived. Its history tells who decided.",
    retryable: false,
  },
  sibling_failed: {
    title: "Another segment of the same message failed, so this one was not sent.",
    remedy: "See the segment that failed.",
    retryable: false,
  },
  cancelled_by_caller: {
    title: "It was taken back before it was sent.",
    remedy: "Nothing to do.",
    retryable: false,
  },
} as const satisfies Readonly<Record<string, DeliveryReason>>;

export type DeliveryCode = keyof typeof DELIVERY_REASONS;
