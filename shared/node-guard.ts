/**
 * Must be the first import of every program: it ends the process before a native module loads.
 * better-sqlite3 crashes the process on Node 20, and serialport stalls on Node 26.
 */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

export function isSupportedNode(majorVersion: number, minorVersion: number): boolean {
  return (majorVersion === 24 && minorVersion >= 12) || majorVersion === 25;
}

if (!isSupportedNode(major, minor)) {
  process.stderr.write(
    `Dunlin needs Node 24 (24.12 or later, below 26); this is ${process.version}. "npm ci --ignore-scripts" brings one, and "npm run" uses it.\n`,
  );
  process.exit(1);
}
