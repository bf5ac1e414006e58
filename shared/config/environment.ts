import { z } from "zod";
import { core, elementOf } from "#shared/schema-paths.ts";

/** `http.maxBodyBytes` under the prefix `DUNLIN` is `DUNLIN_HTTP_MAX_BODY_BYTES`. */
export function environmentName(prefix: string, path: string): string {
  const words = path.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/\./g, "_");
  return `${prefix}_${words.toUpperCase()}`;
}

/**
 * A text as the schema wants it: numbers and booleans by their usual writing, lists of texts by
 * commas, anything deeper as JSON. What cannot be read stays a text, and the schema names the error.
 */
export function readText(text: string, schema: z.core.$ZodType): unknown {
  const wanted = core(schema);
  if (wanted instanceof z.ZodNumber) return text.trim() === "" ? text : asNumber(text);
  if (wanted instanceof z.ZodBoolean) return asBoolean(text);
  if (/^\s*[[{]/.test(text)) return asJson(text);
  if (elementOf(wanted) !== undefined)
    return text.trim() === "" ? [] : text.split(",").map((part) => part.trim());
  return text;
}

function asNumber(text: string): unknown {
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

function asBoolean(text: string): unknown {
  if (/^(true|yes|on|1)$/i.test(text)) return true;
  if (/^(false|no|off|0)$/i.test(text)) return false;
  return text;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
