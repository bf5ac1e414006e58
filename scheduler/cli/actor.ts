/** Who is at the terminal, as the trail names them. */
import { userInfo } from "node:os";

export function actor(): string {
  return `cli:${userInfo().username}`;
}
