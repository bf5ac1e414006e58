/**
 * The whole contract of the gateway's HTTP interface under /v1, as zod schemas. The gateway parses
 * with them and makes its OpenAPI page from them; a client parses answers with the same ones.
 */
export * from "./gateway-api/common.ts";
export * from "./gateway-api/events.ts";
export * from "./gateway-api/fleet.ts";
export * from "./gateway-api/inbound.ts";
export * from "./gateway-api/keys.ts";
export * from "./gateway-api/messages.ts";
export * from "./gateway-api/webhooks.ts";
export { ProblemDetails } from "./problems/details.ts";
