import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { EVENT_TYPES } from "#shared/gateway-api.ts";
import { currentOpenapi, OPENAPI_FILE } from "#test/support/openapi.ts";

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly responses: Record<string, unknown>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly webhooks: Record<string, unknown>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

let current: Document;
beforeAll(async () => {
  current = (await currentOpenapi()) as Document;
});

test("gateway/openapi.json is what the server says; `node test/support/openapi.ts` writes it anew", () => {
  expect(JSON.parse(readFileSync(OPENAPI_FILE, "utf8"))).toEqual(current);
});

test("it is OpenAPI 3.1, and every webhook is in it", () => {
  expect(current.openapi).toBe("3.1.0");
  expect(Object.keys(current.webhooks)).toEqual([...EVENT_TYPES]);
});

test("every reference leads somewhere", () => {
  const names = [...JSON.stringify(current).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name]) => name,
  );
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => current.components.schemas[name ?? ""] === undefined)).toEqual([]);
});

test("each operation has a summary, a tag and an answer; refusals are described", () => {
  for (const [path, methods] of Object.entries(current.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const name = `${method} ${path}`;
      expect(operation.summary, name).toBeTruthy();
      expect(operation.tags, name).toHaveLength(1);
      const statuses = Object.keys(operation.responses);
      expect(
        statuses.some((status) => status.startsWith("2")),
        name,
      ).toBe(true);
      if (path.startsWith("/v1/")) expect(statuses, name).toContain("default");
    }
});
