/** What the API page says about the gateway as a whole, and what the gateway sends by itself. */
import { EVENT_TYPES } from "#shared/gateway-api.ts";
import type { ApiDescription } from "#shared/http-server.ts";

const DESCRIPTION = `Send SMS through your own modems, and learn what became of each.

**Keys.** Every request carries \`Authorization: Bearer KEY\`. \`dunlin keys create\` makes one.

**Errors** are problem details (RFC 9457). Decide by \`code\`; \`type\` leads to a page that says what to do;
\`retryable\` says whether the same request may succeed later.

**Moments** are RFC 3339 with an offset; answers are in UTC.

**States** of a message: \`queued\` → \`submitting\` → \`submitted\` → \`delivered\` or \`undelivered\`; or
\`failed\`, \`expired\`, \`cancelled\`. \`unknown\`: a modem had it when the connection broke, and nothing tells
yet whether it was sent. The history of its segment shows what was looked at. It goes out again only when that
proves that it was not sent, when a person says so (\`POST /v1/messages/ID/resolve\`), or when it asked for
\`onUnknown: resend\`.`;

const HEADERS = {
  "webhook-id": "The id of the event: the same in every repetition",
  "webhook-timestamp": "Seconds since 1970, of this attempt",
  "webhook-signature":
    "`v1,` and the HMAC-SHA256 over `id.timestamp.body` in base 64; two while a secret is replaced",
};

const RULES =
  "Signed as Standard Webhooks says. At least once: ignore a `webhook-id` that you have seen. Events of one " +
  "message come in order (`messageSequence`); those of different messages may not (`sequence` tells). Answer 2xx " +
  "within 15 seconds. Anything else is tried again, ten times over three days; `Retry-After` is obeyed, `410` ends " +
  "it, redirects are not followed.";

function schemaRef(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

function dataOf(type: string): string {
  if (type.startsWith("message.")) return "MessageEventData";
  if (type.startsWith("inbound.")) return "InboundMessage";
  return type.startsWith("modem.") ? "ModemEventData" : "SimEventData";
}

function webhook(type: string): object {
  return {
    post: {
      summary: type,
      description: RULES,
      parameters: Object.entries(HEADERS).map(([name, description]) => ({
        in: "header",
        name,
        description,
        required: true,
        schema: { type: "string" },
      })),
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: { allOf: [schemaRef("Event"), { properties: { data: schemaRef(dataOf(type)) } }] },
          },
        },
      },
      responses: {
        "2XX": { description: "Taken" },
        "410": { description: "Send no more; disables the webhook" },
      },
    },
  };
}

export const gatewayApi: ApiDescription = {
  title: "Dunlin gateway",
  version: "1.0.0",
  description: DESCRIPTION,
  tags: [
    { name: "messages", description: "What you send" },
    { name: "inbound", description: "What phones send to you" },
    { name: "events", description: "What happened, in one sequence" },
    { name: "webhooks", description: "Where events are posted to" },
    { name: "fleet", description: "Modems and SIMs" },
    { name: "keys", description: "Who may call" },
    { name: "health", description: "For monitors" },
  ],
  webhooks: Object.fromEntries(EVENT_TYPES.map((type) => [type, webhook(type)])),
};
