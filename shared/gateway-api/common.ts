import { z } from "zod";

export const PAGE_LIMIT_MAX = 500;
const PAGE_LIMIT_DEFAULT = 50;
const ID_CHARS_MAX = 64;

/** A moment: RFC 3339 with an offset, such as 2026-03-01T09:30:00+01:00. Answers are always in UTC. */
export const Timestamp = z.iso
  .datetime({
    offset: true,
    error: "Write a moment as RFC 3339 with an offset, such as 2026-03-01T09:30:00Z.",
  })
  .meta({ description: "RFC 3339 with an offset; answers are in UTC", examples: ["2026-03-01T09:30:00Z"] });

export const Id = z.string().min(1).max(ID_CHARS_MAX);

export const IdParams = z.strictObject({ id: Id });

/** Query parameters arrive as texts. */
const queryInt = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

export const PageQuery = {
  after: Id.optional().meta({ description: "`nextCursor` of the page before" }),
  limit: queryInt(1, PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
};

/** A page of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z
      .string()
      .optional()
      .meta({ description: "Send as `after` for the next page; absent on the last page" }),
  });
}

/** Printable and without line ends: it is shown in lists, tables and logs. */
export function label(charsMax: number) {
  return z
    .string()
    .min(1)
    .max(charsMax)
    .refine((text) => !/\p{Cc}/u.test(text), "Use printable characters only, no line ends.");
}
