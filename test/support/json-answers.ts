/** Answers as an HTTP service gives them, for models that stand in for one. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

export function problem(status: number, code: string, retryable: boolean): Response {
  const body = { type: `/problems/${code}`, title: code, status, code, retryable };
  return json(status, body, { "content-type": "application/problem+json" });
}
