/** Answers as an HTTP service gives them, for models that stand in for one. */

/**
 * Only what a client reads of an answer: a whole `Response` with its streams would cost more than all else
 * in a model that is asked some hundred thousand times.
 */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const text = JSON.stringify(body);
  const all = new Map(Object.entries({ "content-type": "application/json", ...headers }));
  const answer: Pick<Response, "status" | "ok" | "text" | "json"> & { headers: Pick<Headers, "get"> } = {
    status,
    ok: status >= 200 && status <= 299,
    headers: { get: (name) => all.get(name.toLowerCase()) ?? null },
    text: async () => text,
    json: async () => JSON.parse(text),
  };
  return answer as Response;
}

export function problem(status: number, code: string, retryable: boolean): Response {
  const body = { type: `/problems/${code}`, title: code, status, code, retryable };
  return json(status, body, { "content-type": "application/problem+json" });
}
