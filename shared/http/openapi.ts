/** OpenAPI 3.1 made from the schemas of the routes, served at /openapi.json. */
import swagger from "@fastify/swagger";
import type { FastifyContextConfig, FastifyInstance, FastifySchema } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
// Not used by name: it must be known to zod's registry, because every route refers to it.
import "#shared/problems/details.ts";

export interface ApiDescription {
  readonly title: string;
  readonly version: string;
  /** Markdown, shown at the top of the API page. */
  readonly description: string;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** The `webhooks` section: what this service sends. */
  readonly webhooks?: Readonly<Record<string, object>>;
}

export async function describeApi(app: FastifyInstance, api: ApiDescription): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: api.title, version: api.version, description: api.description },
      tags: [...api.tags],
      ...(api.webhooks === undefined ? {} : { webhooks: api.webhooks as never }),
      components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
    },
    transform: (document) => {
      const { url, schema } = jsonSchemaTransform(document);
      const { method } = document.route;
      return { url, schema: complete(schema as RouteSchema, document.route.config ?? {}, String(method)) };
    },
    transformObject: (document) => tidy(jsonSchemaTransformObject(document)) as never,
  });
  app.get("/openapi.json", { schema: { hide: true } }, (_request, reply) =>
    reply.type("application/json").send(JSON.stringify(app.swagger())),
  );
}

/** A route's schemas as JSON Schema, with what @fastify/swagger reads beside them. */
interface RouteSchema extends FastifySchema {
  readonly hide?: boolean;
  readonly description?: string;
  readonly produces?: readonly string[];
  readonly response?: Readonly<Record<string, object>>;
}

const MEANINGS: Readonly<Record<string, string>> = {
  200: "Done",
  201: "Made",
  202: "Taken over; it is on disk",
  204: "Removed",
  503: "Not now",
};

const IDEMPOTENCY_HEADER = {
  type: "object",
  properties: {
    "idempotency-key": {
      type: "string",
      description: "1 to 255 printable characters, such as a UUID; new for each new request",
    },
  },
};

/** What holds for every route is said here once: the scope, the refusals, what each status means. */
function complete(schema: RouteSchema, config: FastifyContextConfig, method: string): RouteSchema {
  if (schema.hide === true) return schema;
  const { scope, idempotent } = config;
  const response = responsesOf(schema, method, config);
  if (scope === undefined) return { ...schema, response };
  const note = `Needs the scope \`${scope}\`.`;
  return {
    ...schema,
    description: schema.description === undefined ? note : `${schema.description}\n\n${note}`,
    security: [{ key: [] }],
    ...(idempotent === true ? { headers: IDEMPOTENCY_HEADER } : {}),
    response: { ...response, default: REFUSAL },
  } as RouteSchema;
}

const REFUSAL = {
  description: "A refusal; `code` says which",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

function responsesOf(
  schema: RouteSchema,
  method: string,
  { accepted }: FastifyContextConfig,
): Record<string, object> {
  const meanings: typeof MEANINGS = { ...MEANINGS, ...(accepted === undefined ? {} : { 202: accepted }) };
  const given = Object.entries(schema.response ?? {});
  if (given.length === 0 && method === "DELETE") return { 204: { description: MEANINGS[204], type: "null" } };
  const media = schema.produces?.[0] ?? "application/json";
  const answers = given.length === 0 ? [["200", { type: "string" }] as const] : given;
  return Object.fromEntries(
    answers.map(([status, body]) => [
      status,
      { description: meanings[status] ?? "Done", content: { [media]: { schema: body } } },
    ]),
  );
}

const REFERENCE = /"#\/components\/schemas\/([^"]+)"/g;

/**
 * Takes out what the generator adds and nobody needs: schemas that nothing refers to (each is made
 * twice, for input and output; one that is used one way only keeps its own name) and the bounds of
 * JavaScript's safe integers.
 */
function tidy(document: object): object {
  const { components, ...rest } = document as { components?: { schemas?: Record<string, unknown> } };
  const all = components?.schemas ?? {};
  const used = new Set<string>();
  const follow = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part).matchAll(REFERENCE)) {
      if (name === undefined || used.has(name)) continue;
      used.add(name);
      follow(all[name] ?? {});
    }
  };
  follow(rest);
  const plain = (name: string): string => {
    const own = name.replace(/Input$/, "");
    const same = JSON.stringify(all[own]) === JSON.stringify(all[name]);
    return used.has(own) && !same ? name : own;
  };
  const schemas = Object.fromEntries([...used].sort().map((name) => [plain(name), all[name]]));
  const text = JSON.stringify({ ...rest, components: { ...components, schemas } }).replace(
    REFERENCE,
    (_, name: string) => `"#/components/schemas/${plain(name)}"`,
  );
  return JSON.parse(text, (name, value) =>
    (name === "minimum" || name === "maximum") && Math.abs(value) === Number.MAX_SAFE_INTEGER
      ? undefined
      : value,
  ) as object;
}
