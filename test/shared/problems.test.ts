import { expect, test } from "vitest";
import { DELIVERY_REASONS, PROBLEMS, problem, problemBody, problemsOf } from "#shared/problems.ts";

test.each(Object.entries({ ...PROBLEMS, ...DELIVERY_REASONS }))(
  "%s has a stable code and whole sentences",
  (code, kind) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(kind.title).toMatch(/^[A-Z].*\.$/);
    expect(kind.remedy).toMatch(/\.$/);
  },
);

test("no code is used for two things", () => {
  const delivery = Object.keys(DELIVERY_REASONS);
  expect(Object.keys(PROBLEMS).filter((code) => delivery.includes(code))).toEqual([]);
});

test("the body has the members of RFC 9457 and ours", () => {
  const failure = problem("request_invalid", {
    detail: "Two things are wrong.",
    errors: [{ pointer: "/to", detail: "It is required." }],
    extra: { message: { id: "msg_1" } },
  });
  expect(problemBody(failure, "urn:dunlin:req_1")).toEqual({
    type: "/problems/request_invalid",
    title: PROBLEMS.request_invalid.title,
    status: 400,
    detail: "Two things are wrong.",
    instance: "urn:dunlin:req_1",
    code: "request_invalid",
    retryable: false,
    errors: [{ pointer: "/to", detail: "It is required." }],
    message: { id: "msg_1" },
  });
});

test("another catalogue has its own codes", () => {
  const kind = { status: 409, title: "It is closed.", remedy: "Open it.", retryable: false };
  const make = problemsOf({ case_closed: kind });
  expect(make("case_closed").kind).toBe(kind);
  expect(() => make("nothing" as "case_closed")).toThrow(RangeError);
});
