/** Cursor pages: one item more than asked for is read, and its existence says that there is a next page. */

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor?: string;
}

export function pageFrom<T extends { readonly id: string }, R>(
  found: readonly T[],
  limit: number,
  render: (item: T) => R,
): Page<R> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(render),
    ...(found.length > limit && last !== undefined ? { nextCursor: last.id } : {}),
  };
}

/** A copy without the members that are undefined, for shapes where absence is not `undefined`. */
export function definedOnly<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
