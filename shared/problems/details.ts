import { z } from "zod";

/** The body of every refusal, for clients that parse it. */
export const ProblemDetails = z
  .object({
    type: z.string().meta({ description: "A page about this kind of problem, served by the service itself" }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional().meta({ description: "The id of this request in the logs" }),
    code: z.string().meta({ description: "Stable; decide by this" }),
    retryable: z.boolean().meta({ description: "The same request may succeed later" }),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: "JSON Pointers into the body, or ?name of a query parameter" }),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details" });
