/** `node test/support/openapi.ts` writes gateway/openapi.json anew after the contract was changed. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openEdge } from "./edge.ts";

export const OPENAPI_FILE = fileURLToPath(new URL("openapi.json", import.meta.resolve("#gateway/config.ts")));

export async function currentOpenapi(): Promise<unknown> {
  const edge = await openEdge();
  await edge.app.ready();
  const document: unknown = JSON.parse(JSON.stringify(edge.app.swagger()));
  await edge.close();
  return document;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(OPENAPI_FILE, `${JSON.stringify(await currentOpenapi(), undefined, 2)}\n`);
}
