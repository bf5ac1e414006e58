/** The control address arms faults, strikes modems and steers the operator. */
import type { FastifyInstance } from "fastify";
import { beforeEach, expect, test } from "vitest";
import { controlServer } from "#hardware/simulator/control-api.ts";
import { pduOf, Rig, SOMEBODY } from "./rig.ts";

let rig: Rig;
let server: FastifyInstance;

beforeEach(() => {
  rig = new Rig();
  server = controlServer(rig.simulator);
});

async function call(
  method: "POST" | "PUT" | "PATCH",
  url: string,
  payload: object,
): Promise<{ status: number; body: unknown }> {
  const response = await server.inject({ method, url, payload });
  return { status: response.statusCode, body: response.json() };
}

test("strikes a modem now", async () => {
  const host = await rig.host();
  expect(await call("POST", "/modems/modem0/strike", { kind: "hang", cure: "escape" })).toMatchObject({
    status: 200,
  });
  expect(await host.command("AT")).toBe("");
  expect(await host.command("\x1bAT")).toContain("OK");
  expect((await call("POST", "/modems/modem0/strike", { kind: "sim-out" })).body).toMatchObject({
    sim: null,
  });
  expect(await call("POST", "/modems/modem0/strike", { kind: "drop-final" })).toMatchObject({ status: 400 });
});

test("arms a fault with every trigger, and refuses what cannot be", async () => {
  const fault = {
    at: "answer",
    command: "+CSQ",
    every: 2,
    fromMs: 0,
    action: { kind: "line-ends", form: "lf" },
  };
  expect(await call("POST", "/faults", fault)).toMatchObject({ status: 201, body: { id: "fault-1" } });
  const host = await rig.host();
  expect(await host.command("AT+CSQ")).toContain("\r\nOK");
  expect(await host.command("AT+CSQ")).toBe("\n+CSQ: 20,99\n\nOK\n");
  const wrong = await call("POST", "/faults", { at: "report", action: { kind: "reset" } });
  expect(wrong).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining("possible: lose-report") },
  });
});

test("imposes an operator's rules and ends them", async () => {
  const host = await rig.host();
  await call("PATCH", "/network", { operator: { perDay: 1, over: [42] } });
  expect(await host.submit(pduOf())).toContain("OK");
  expect(await host.submit(pduOf())).toContain("+CMS ERROR: 42");
  await call("PATCH", "/network", { operator: null });
  expect(await host.submit(pduOf())).toContain("OK");
});

test("sets the next message reference and the latency of one modem", async () => {
  await call("PATCH", "/modems/modem0", { lastReference: 254, latency: 2_000 });
  const host = await rig.host();
  expect(await host.submit(pduOf())).toBe("");
  await rig.clock.advance(2_000);
  expect(host.heard()).toContain("+CMGS: 255");
  const second = host.submit(pduOf());
  await second;
  await rig.clock.advance(2_000);
  expect(host.heard()).toContain("+CMGS: 0");
});

test("sends samples, bursts and parts in disorder", async () => {
  const host = await rig.host();
  await host.command("AT+CNMI=2,1,0,0,0");
  const to = "+4915100000001";
  expect(await call("POST", "/messages", { to, sample: "wap-push" })).toEqual({
    status: 201,
    body: { parts: 1 },
  });
  const burst = { to, from: "+49177", text: "x".repeat(200), count: 3, order: "missing" };
  expect(await call("POST", "/messages", burst)).toMatchObject({ status: 201 });
  expect((await host.type("")).match(/\+CMTI/g)).toHaveLength(4);
  expect(await call("POST", "/messages", { to, sample: "bomb" })).toMatchObject({ status: 400 });
});

test("switches a phone off until a time", async () => {
  const host = await rig.host();
  await call("PUT", `/handsets/${SOMEBODY}`, { state: "off", forMs: 60_000 });
  await host.submit(pduOf());
  expect(rig.simulator.handset(SOMEBODY).received).toHaveLength(0);
  await rig.clock.advance(60_000);
  expect(rig.simulator.handset(SOMEBODY).received).toHaveLength(1);
});

test("delays reports by a distribution", async () => {
  const reportDelay = {
    kind: "lognormal",
    medianMs: 4_000,
    sigma: 0,
    tailShare: 0,
    tailMinMs: 0,
    tailMaxMs: 0,
    linkedMedianMs: 4_000,
  };
  expect(await call("PATCH", "/network", { reportDelay })).toMatchObject({
    status: 200,
    body: { reportDelay },
  });
  const host = await rig.host();
  await host.command("AT+CNMI=2,1,0,1,0");
  expect(await host.submit(pduOf({ statusReportRequest: true }))).not.toContain("+CDS");
  await rig.clock.advance(4_000);
  expect(host.heard()).toContain("+CDS");
});
