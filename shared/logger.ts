/**
 * Logs as JSON lines by pino. Message texts, keys and whole phone numbers never get through: fields
 * are masked by name when the entry is made, and the finished line is searched once more.
 */
import pino, { type DestinationStream, type Logger as PinoLogger } from "pino";
import { maskFields, maskLine } from "./log/mask.ts";
import { textLine } from "./log/text.ts";

export { maskNumber, maskText } from "./log/mask.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type LogEntry = (fields: object, message: string) => void;

/** Fields first, then one plain sentence without values in it. */
export interface Logger {
  readonly debug: LogEntry;
  readonly info: LogEntry;
  readonly warn: LogEntry;
  readonly error: LogEntry;
  /** A logger that adds `fields` to each of its entries. */
  child(fields: object): Logger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** The service: `gateway`, `scheduler`, `simulator`. */
  readonly name: string;
  /** Standard output unless given. */
  readonly destination?: DestinationStream;
  /** JSON lines for machines, or plain lines for a terminal. */
  readonly format?: "json" | "text";
  /** Only for plain lines. */
  readonly colours?: boolean;
}

export function createLogger(options: LoggerOptions): Logger {
  const { format = "json", colours = false } = options;
  const finish = (line: string): string =>
    format === "json" ? maskLine(line) : textLine(maskLine(line), colours);
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: { name: options.name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // Errors are made plain by `maskFields`; pino would look at them a second time.
    serializers: { err: (value: unknown) => value },
    // pino's own redaction knows paths only: it misses deeper fields and numbers inside sentences.
    hooks: { streamWrite: finish },
  };
  return wrap(pino(settings, options.destination ?? pino.destination({ fd: 1, sync: false })));
}

function wrap(log: PinoLogger): Logger {
  const entry =
    (level: "debug" | "info" | "warn" | "error"): LogEntry =>
    (fields, message) => {
      if (log.isLevelEnabled(level)) log[level](maskFields(fields) as object, message);
    };
  return {
    debug: entry("debug"),
    info: entry("info"),
    warn: entry("warn"),
    error: entry("error"),
    child: (fields) => wrap(log.child(maskFields(fields) as object)),
  };
}

const nothing: LogEntry = () => {};

export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLogger,
};
