/** OpenAPI 3.1 made from the schemas of the routes, served at /openapi.json. */
import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";

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
      const { scope } = document.route.config ?? {};
      if (scope === undefined) return { url, schema };
      const note = `Needs the scope \`${scope}\`.`;
      const description = schema.description === undefined ? note : `${schema.description}\n\n${note}`;
      return { url, schema: { ...schema, description, security: [{ key: [] }] } };
    },
    transformObject: jsonSchemaTransformObject,
  });
  app.get("/openapi.json", { schema: { hide: true } }, (_request, reply) =>
    reply.type("application/json").send(JSON.stringify(app.swagger())),
  );
}
