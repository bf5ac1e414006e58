import type { ProblemCatalogue } from "./kind.ts";

/** What a request can be refused for. Codes are for ever; sentences may improve. */
export const REQUEST_PROBLEMS = {
  request_invalid: {
    status: 400,
    title: "The request does not fit the contract.",
    remedy: "Correct each field named in `errors`. The contract is at /openapi.json, readable at /docs.",
    retryable: false,
  },
  body_unreadable: {
    status: 400,
    title: "The body is not valid JSON.",
    remedy: "Send one JSON object in UTF-8 with `Content-Type: application/json`.",
    retryable: false,
  },
  media_type_unsupported: {
    status: 415,
    title: "The body is not JSON.",
    remedy: "Send `Content-Type: application/json`.",
    retryable: false,
  },
  body_too_large: {
    status: 413,
    title: "The body is larger than this route takes.",
    remedy: "Send at most 256 KB, or 4 MB to a batch route. Split a larger batch.",
    retryable: false,
  },
  key_missing: {
    status: 401,
    title: "The request carries no API key.",
    remedy: "Send `Authorization: Bearer KEY`. `dunlin keys create` makes a key.",
    retryable: false,
  },
  key_invalid: {
    status: 401,
    title: "The API key is unknown, revoked or expired.",
    remedy: "Check the key for missing characters, or make a new one with `dunlin keys create`.",
    retryable: false,
  },
  scope_missing: {
    status: 403,
    title: "The API key does not have the scope that this needs.",
    remedy:
      "Use a key with the scope named in `detail`, or make one with `dunlin keys create --scope SCOPE`.",
    retryable: false,
  },
  not_found: {
    status: 404,
    title: "There is nothing here for this key.",
    remedy: "Check the id and the path. A key sees only its own messages unless it has the scope `read:all`.",
    retryable: false,
  },
  method_not_allowed: {
    status: 405,
    title: "This path does not take the method.",
    remedy: "The header `Allow` names the methods that it takes.",
    retryable: false,
  },
  recipient_invalid: {
    status: 422,
    title: "The recipient is not a number that can be sent to.",
    remedy: "Write it in E.164, such as +491701234567, or as it is dialled in the home country.",
    retryable: false,
  },
  recipient_not_allowed: {
    status: 422,
    title: "The settings do not allow this recipient.",
    remedy:
      "Allow its country, or short codes and premium numbers, in the section [numbers] of the settings.",
    retryable: false,
  },
  text_invalid: {
    status: 422,
    title: "The text cannot be sent.",
    remedy: "See `errors`. `POST /v1/messages/preview` shows how a text is split.",
    retryable: false,
  },
  schedule_invalid: {
    status: 422,
    title: "The message can never be sent at the times it names.",
    remedy: "`notAfter` lies in the future and after `notBefore`.",
    retryable: false,
  },
  idempotency_key_invalid: {
    status: 400,
    title: "The Idempotency-Key header is not usable.",
    remedy: "Send 1 to 255 printable ASCII characters, such as a UUID.",
    retryable: false,
  },
  idempotency_key_reused: {
    status: 422,
    title: "The idempotency key was used with another body.",
    remedy: "Use a new key for a new request; repeat a request with its own body.",
    retryable: false,
  },
  too_late_to_cancel: {
    status: 409,
    title: "The message cannot be taken back any more.",
    remedy: "A segment of it is on the air or settled. `message.state` tells what became of it.",
    retryable: false,
  },
  nothing_unknown: {
    status: 409,
    title: "There is nothing to decide: no segment named is `unknown`.",
    remedy: "See `message`: what was unknown is settled by now, or was never so.",
    retryable: false,
  },
  already_exists: {
    status: 409,
    title: "There is one like this already.",
    remedy: "Use the one that exists, or choose another name.",
    retryable: false,
  },
  target_not_allowed: {
    status: 422,
    title: "The settings do not allow this webhook address.",
    remedy: "Private addresses must be named in `webhooks.allowedNetworks` or `webhooks.allowedHosts`.",
    retryable: false,
  },
  too_many_webhooks: {
    status: 409,
    title: "There are as many webhooks as the gateway serves.",
    remedy: "Remove one that is not needed any more.",
    retryable: false,
  },
  too_many_replays: {
    status: 409,
    title: "This webhook has as many replays under way as it may.",
    remedy: "Wait until one has ended; `pending` of the webhook tells.",
    retryable: true,
  },
  queue_full: {
    status: 503,
    title: "The outbox is at its limit.",
    remedy: "Wait as long as `Retry-After` says, then repeat the request with the same Idempotency-Key.",
    retryable: true,
  },
  rate_limited: {
    status: 429,
    title: "Too many requests.",
    remedy: "Wait as long as `Retry-After` says. `detail` names the limit.",
    retryable: true,
  },
  too_many_streams: {
    status: 429,
    title: "This key has as many event streams open as it may.",
    remedy: "Close one of them first.",
    retryable: true,
  },
  storage_unavailable: {
    status: 503,
    title: "The database takes no writes now.",
    remedy:
      "Nothing was accepted. Repeat the request with the same Idempotency-Key; /readyz names the reason.",
    retryable: true,
  },
  stopping: {
    status: 503,
    title: "The service is stopping.",
    remedy: "Nothing was accepted. Repeat the request with the same Idempotency-Key after the restart.",
    retryable: true,
  },
  internal_error: {
    status: 500,
    title: "The service made a mistake.",
    remedy: "Repeat the request with the same Idempotency-Key. The log entry has the id in `instance`.",
    retryable: true,
  },
} as const satisfies ProblemCatalogue;
