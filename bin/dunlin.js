#!/usr/bin/env node
// Plain JavaScript that any Node can read: it must be able to say that the Node is the wrong one.
// `npm run` finds Node 24 in node_modules; called by hand under another Node, it hands over to that one.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
const supported = (major === 24 && minor >= 12) || major === 25;

if (supported) {
  const { main } = await import("./cli.ts");
  await main(process.argv);
} else {
  const here = dirname(fileURLToPath(import.meta.url));
  const own = join(here, "..", "node_modules", ".bin", "node");
  if (existsSync(own)) {
    const child = spawnSync(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: "inherit",
    });
    process.exitCode = child.status ?? 1;
  } else {
    process.stderr.write(
      `Dunlin needs Node 24 (24.12 or later, below 26); this is ${process.version}. Run "npm ci --ignore-scripts" here: it brings its own.\n`,
    );
    process.exitCode = 1;
  }
}
