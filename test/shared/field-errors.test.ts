/** What does not fit the contract is said in words, not in those of the library that checks it. */
import { expect, test } from "vitest";
import { z } from "zod";
import { fieldErrors } from "#shared/http/field-errors.ts";

const Schema = z.strictObject({
  text: z.string().min(1).max(3).optional(),
  code: z.string().min(2).optional(),
  amount: z.string("Write it in quotes").optional(),
  count: z.int().min(1).max(9).optional(),
  list: z.array(z.string()).min(1).max(2).optional(),
  on: z.boolean().optional(),
  format: z.enum(["json", "csv"]).optional(),
  version: z.literal(1).optional(),
  inner: z.object({ needed: z.string() }).optional(),
});

test.each([
  [{ text: "" }, "/text", "It must not be empty."],
  [{ text: "long" }, "/text", "It must have at most 3 characters."],
  [{ code: "x" }, "/code", "It must have at least 2 characters."],
  [{ amount: 12 }, "/amount", "Write it in quotes."],
  [{ count: 0 }, "/count", "It must be at least 1."],
  [{ count: 10 }, "/count", "It must be at most 9."],
  [{ count: "1" }, "/count", "It must be a number, not a text."],
  [{ count: 1.5 }, "/count", "It must be a whole number."],
  [{ list: [] }, "/list", "It must have at least 1 item."],
  [{ list: ["a", "b", "c"] }, "/list", "It must have at most 2 items."],
  [{ list: {} }, "/list", "It must be a list, not an object."],
  [{ on: "yes" }, "/on", "It must be true or false, not a text."],
  [{ on: null }, "/on", "It must be true or false, not null."],
  [{ format: "xml" }, "/format", "Use one of: json, csv."],
  [{ version: 2 }, "/version", "It must be 1."],
  [{ inner: {} }, "/inner/needed", "It is required."],
  [{ inner: [] }, "/inner", "It must be an object, not a list."],
  [{ formt: "csv" }, "/formt", "There is no such field; did you mean format?"],
])("%j", (value, pointer, detail) => {
  const parsed = Schema.safeParse(value);
  const errors = parsed.success ? [] : fieldErrors(parsed.error, Schema, "body");
  expect(errors).toEqual([{ pointer, detail }]);
});
