/** The API page in a real browser, under the policy that the server sends with it. */
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Edge, openEdge } from "#test/support/edge.ts";
import { ensureSystemPackage } from "#test/support/system-package.ts";

const chromiumPackage = ensureSystemPackage(["chromium"]);
const CHROMIUM = "/usr/bin/chromium";

describe.skipIf(!chromiumPackage.available)(
  `the API page in chromium ${chromiumPackage.reason ?? ""}`,
  () => {
    let edge: Edge;
    let address: string;

    beforeAll(async () => {
      edge = await openEdge();
      address = await edge.app.listen({ host: "127.0.0.1", port: 0 });
    });
    afterAll(() => edge.close());

    test("shows every operation, asks nobody else, and breaks no rule of the policy", async () => {
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
      try {
        const page = await browser.newPage();
        const complaints: string[] = [];
        const outside: string[] = [];
        page.on("console", (message) => {
          if (message.type() === "error") complaints.push(message.text());
        });
        page.on("pageerror", (error) => complaints.push(error.message));
        page.on("request", (request) => {
          const url = request.url();
          if (!url.startsWith(address) && !url.startsWith("data:")) outside.push(url);
        });
        await page.goto(`${address}/docs`);
        await page.locator(".opblock-summary").first().waitFor();
        const shown = await page.locator(".opblock-summary-path").allInnerTexts();
        const { paths } = edge.app.swagger() as { paths: Record<string, object> };
        const wanted = Object.entries(paths).flatMap(([path, methods]) =>
          Object.keys(methods).map(() => path),
        );
        // Swagger UI puts zero-width spaces into long paths, so that they can break.
        const operations = shown
          .map((path) => path.replace(/\u200b/g, ""))
          .filter((path) => path.startsWith("/"));
        expect(operations.sort()).toEqual(wanted.sort());
        expect(complaints).toEqual([]);
        expect(outside).toEqual([]);
      } finally {
        await browser.close();
      }
    });
  },
);
