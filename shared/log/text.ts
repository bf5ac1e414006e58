/** A finished JSON line as people read it in a terminal: `21:44:02 info  the modem is ready  modem=m1`. */

const COLOURS: Readonly<Record<string, string>> = {
  warn: "\u001b[33m",
  error: "\u001b[31m",
  debug: "\u001b[2m",
};
const RESET = "\u001b[0m";
const ALWAYS_SHOWN = ["level", "time", "name", "msg"];

export function textLine(line: string, colours: boolean): string {
  const entry = JSON.parse(line) as Record<string, unknown>;
  const level = String(entry.level);
  const fields = Object.entries(entry)
    .filter(([name]) => !ALWAYS_SHOWN.includes(name))
    .map(([name, value]) => `${name}=${show(value)}`);
  const text = `${String(entry.time).slice(11, 19)} ${level.padEnd(5)} ${String(entry.msg)}`;
  const colour = colours ? (COLOURS[level] ?? "") : "";
  const tail = fields.length === 0 ? "" : `  ${fields.join(" ")}`;
  return `${colour}${text}${colour === "" ? "" : RESET}${tail}\n`;
}

function show(value: unknown): string {
  if (typeof value === "string") return /^[\w:/.@+-]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value === "object" && value !== null && "message" in value) return JSON.stringify(value.message);
  return JSON.stringify(value);
}
