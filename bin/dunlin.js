#!/usr/bin/env node
// Plain JavaScript that any Node can read: it must be able to say that the Node is the wrong one.
// `npm run` finds Node 24 in node_modules; called by hand under another Node, it hands over to that one.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
const supported = (major === 24 && minor >= 12) || major === 25;

if (supported) {
  keepCompiled();
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

/**
 * What Node made of the source is kept for the next start, which takes half as long by it. Where a user's
 * caches belong (XDG Base Directory Specification), and not where Node would put it: in a temporary folder
 * that is open to all, another user of the machine could lay code there for us to run. Without a place that
 * can be written there is no cache, and that is no error. Node's own NODE_COMPILE_CACHE and
 * NODE_DISABLE_COMPILE_CACHE count before all this.
 */
function keepCompiled() {
  const { NODE_COMPILE_CACHE: chosen, XDG_CACHE_HOME: caches = "" } = process.env;
  const base = isAbsolute(caches) ? caches : join(homedir(), ".cache");
  if (!chosen && !makeFolders([base, join(base, "dunlin")])) return;
  module.enableCompileCache(chosen || join(base, "dunlin", "compiled"));
}

/** One by one: Node makes a whole path for ever where a file system takes no folders (/proc). */
function makeFolders(folders) {
  try {
    for (const folder of folders) if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch {
    return false;
  }
}
