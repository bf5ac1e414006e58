/** JSON over HTTP, as everybody outside speaks with the services. */
export async function call(
  url: string,
  method: "GET" | "POST" | "PUT",
  body?: unknown,
  key?: string,
): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${await answer.text()}`);
  return answer.status === 204 ? undefined : await answer.json();
}
