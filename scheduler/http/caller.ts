/** Who calls, as the trail names them. */
import { keyOf } from "#shared/http-server.ts";

export function callerOf(request: Parameters<typeof keyOf>[0]): string {
  return `key:${keyOf(request).name}`;
}
