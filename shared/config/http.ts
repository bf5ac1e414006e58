/** The section `[http]`, the same in both services but for the port. */
import { z } from "zod";

export function httpSettings(port: number) {
  return z.strictObject({
    host: z.string().min(1).default("127.0.0.1").meta({ description: "address to listen on" }),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(port)
      .meta({ description: "port to listen on; 0 takes a free one" }),
    trustProxy: z
      .array(z.string())
      .default([])
      .meta({ description: "addresses or networks of proxies whose X-Forwarded-For is believed" }),
    requestsPerMinute: z
      .int()
      .min(0)
      .default(0)
      .meta({ description: "requests one key may make a minute; 0 is no limit" }),
  });
}
