/** Calls to a running gateway, for the commands that need one. */

import type { Command } from "commander";
import type { z } from "zod";
import { ProblemDetails } from "#shared/gateway-api.ts";
import { parseJson } from "#shared/json.ts";
import { CliError, type CliIo, EXIT } from "./io.ts";

const URL_DEFAULT = "http://127.0.0.1:8025";
const TIMEOUT_MS = 30_000;

export interface ClientFlags {
  readonly url?: string;
  readonly key?: string;
}

export function withClientOptions(command: Command): Command {
  return command
    .option("--url <address>", `address of the gateway (default: $DUNLIN_URL, or ${URL_DEFAULT})`)
    .option("--key <key>", "API key (default: $DUNLIN_KEY, which other users of the machine cannot see)");
}

export interface Client {
  /** @throws CliError when the gateway refuses or does not answer */
  call<S extends z.ZodType>(
    method: "GET" | "POST",
    path: string,
    answer: S,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<z.output<S>>;
}

export function createClient(io: CliIo, flags: ClientFlags): Client {
  const key = keyFor(io, flags);
  const url = flags.url ?? io.environment.DUNLIN_URL ?? URL_DEFAULT;
  if (key === undefined || key === "")
    throw new CliError("no key: set DUNLIN_KEY, or give --key. `dunlin keys create` makes one");
  if (!URL.canParse(url)) throw new CliError(`--url ${url}: write an address such as ${URL_DEFAULT}`);
  return {
    async call(method, path, answer, body, headers = {}) {
      const ending = new AbortController();
      const cancel = io.clock.timer(TIMEOUT_MS, () => ending.abort());
      try {
        const response = await fetch(new URL(path, url), {
          method,
          signal: ending.signal,
          headers: {
            authorization: `Bearer ${key}`,
            ...(body === undefined ? {} : { "content-type": "application/json" }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        if (!response.ok) throw refusalOf(response.status, text);
        return answer.parse(JSON.parse(text));
      } catch (error) {
        throw error instanceof CliError ? error : unreachable(url, error);
      } finally {
        cancel();
      }
    },
  };
}

export function keyFor(io: CliIo, flags: ClientFlags): string | undefined {
  return flags.key ?? io.environment.DUNLIN_KEY;
}

function unreachable(url: string, error: unknown): unknown {
  if (error instanceof SyntaxError)
    return new CliError(`${url} does not answer like a gateway`, EXIT.unreachable);
  if (!(error instanceof TypeError) && !(error instanceof DOMException)) return error;
  const cause = codeOf(error.cause) ?? (error.cause instanceof Error ? error.cause.message : error.message);
  return new CliError(
    `no gateway answers at ${url} (${cause}). Does it run? --url or DUNLIN_URL names another`,
    EXIT.unreachable,
  );
}

/** Of a failed connection, or of the first of several that were tried. */
function codeOf(cause: unknown): string | undefined {
  const { code, errors } = (cause ?? {}) as { code?: string; errors?: readonly unknown[] };
  return code ?? (errors === undefined ? undefined : codeOf(errors[0]));
}

function refusalOf(status: number, text: string): CliError {
  const parsed = ProblemDetails.safeParse(parseJson(text));
  if (!parsed.success) return new CliError(`the answer was ${status}, and no gateway's`, EXIT.unreachable);
  const { title, detail, errors = [], code } = parsed.data;
  const fields = errors.map((error) => `  ${error.pointer}: ${error.detail}`);
  const first = detail === undefined || errors.length > 0 ? title : `${title} ${detail}`;
  return new CliError([`${first} (${code})`, ...fields].join("\n"));
}
