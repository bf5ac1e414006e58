/** The control address: what it shows, moves and refuses. */
import type { FastifyInstance } from "fastify";
import { beforeEach, describe, expect, test } from "vitest";
import { controlServer } from "#hardware/simulator/control-api.ts";
import { pduOf, Rig, SOMEBODY } from "./rig.ts";

let rig: Rig;
let server: FastifyInstance;

beforeEach(() => {
  rig = new Rig({ trafficKeep: 10, modems: [{ profile: "generic-strict" }, { profile: "quectel-ec25" }] });
  server = controlServer(rig.simulator);
});

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

async function call(method: Method, url: string, body?: object): Promise<{ status: number; body: unknown }> {
  const response = await server.inject({ method, url, ...(body && { payload: body }) });
  return { status: response.statusCode, body: response.body === "" ? undefined : response.json() };
}

describe("modems", () => {
  test("are listed with their SIMs", async () => {
    const { status, body } = await call("GET", "/modems");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      modems: [
        {
          name: "modem0",
          profile: "generic-strict",
          present: true,
          sim: { number: "+4915100000001", lock: "open" },
        },
        { name: "modem1", profile: "quectel-ec25", served: true, storage: { ME: { used: 0, size: 255 } } },
      ],
    });
    expect(await call("GET", "/modems/modem1")).toMatchObject({ status: 200, body: { name: "modem1" } });
  });

  test("lose signal and registration", async () => {
    const patched = await call("PATCH", "/modems/modem0", { signal: 3, registration: "denied" });
    expect(patched).toMatchObject({
      status: 200,
      body: { signal: 3, served: false, registration: { CREG: 3 } },
    });
    const partly = await call("PATCH", "/modems/modem0", { registration: "home", domains: ["CEREG"] });
    expect(partly.body).toMatchObject({ served: true, registration: { CREG: 3, CEREG: 1 } });
  });

  test("are unplugged, plugged in, restarted, made mute and rung", async () => {
    const host = await rig.host(1);
    await call("POST", "/modems/modem1/ring", { from: "030123" });
    await rig.clock.advance(0);
    expect(host.heard()).toContain("RING");
    await call("POST", "/modems/modem1/mute", { ms: 1_000 });
    expect(await host.command("AT")).toBe("");
    await rig.clock.advance(1_000);
    expect((await call("POST", "/modems/modem1/unplug")).body).toMatchObject({
      present: false,
      served: false,
    });
    await rig.clock.advance(0);
    expect(host.closed).toBe("unplugged");
    expect((await call("POST", "/modems/modem1/replug")).body).toMatchObject({ present: true });
    expect((await call("POST", "/modems/modem0/reset")).body).toMatchObject({ served: false });
  });

  test("show what went over their port, the newest only", async () => {
    const host = await rig.host();
    for (let i = 0; i < 10; i++) await host.command("AT");
    const { body } = await call("GET", "/modems/modem0/traffic");
    const { entries } = body as { entries: readonly { from: string; text: string }[] };
    expect(entries).toHaveLength(10);
    expect(entries.slice(-2)).toMatchObject([
      { from: "host", text: "AT\r" },
      { from: "modem", text: "\r\nOK\r\n" },
    ]);
  });

  test("that do not exist are named", async () => {
    const { status, body } = await call("GET", "/modems/modem9");
    expect(status).toBe(404);
    expect(body).toMatchObject({
      title: "No such modem",
      detail: 'no modem "modem9"; there are modem0, modem1',
    });
  });
});

describe("incoming messages", () => {
  test("arrive in parts at a number or an IMSI", async () => {
    const long = { to: "+4915100000001", from: "Bank", text: "x".repeat(200) };
    expect(await call("POST", "/messages", long)).toMatchObject({ status: 201, body: { parts: 2 } });
    const { imsi } = rig.modem(1).modem.sim ?? {};
    const short = { imsi, from: "+491", text: "flash", class: 0 };
    expect(await call("POST", "/messages", short)).toMatchObject({ status: 201, body: { parts: 1 } });
    expect(rig.modem(0).modem.memories.used("SM")).toBe(2);
    expect(rig.modem(1).modem.memories.used("ME")).toBe(1);
  });

  test("may be any PDU", async () => {
    const pdu = "0791947101670000040B911234567890f100006210500100004002c834";
    expect((await call("POST", "/messages", { to: "+4915100000001", pdu })).status).toBe(201);
    expect(rig.modem().modem.memories.list("SM")[0]?.message.pduHex).toBe(pdu.toUpperCase());
  });

  test.each([
    [{ to: "+4915100000001", from: "a", txt: "x" }, "txt"],
    [{ from: "a", text: "x" }, "either `to`"],
    [{ to: "+49999", from: "a", text: "x" }, "no SIM with number +49999"],
    [{ to: "+4915100000001", from: "much too long a name", text: "x" }, "at most 11"],
    [{ to: "+4915100000001", pdu: "0011223" }, "hexadecimal"],
  ])("%o is refused", async (body, detail) => {
    const answer = await call("POST", "/messages", body);
    expect(answer.status).toBe(400);
    expect((answer.body as { detail: string }).detail).toContain(detail);
  });
});

describe("handsets", () => {
  test("are put into states and given scripts", async () => {
    const host = await rig.host();
    const put = await call("PUT", `/handsets/${encodeURIComponent(SOMEBODY)}`, {
      state: "on",
      replies: [{ match: "hello", reply: "Hi!" }],
    });
    expect(put.body).toMatchObject({ number: SOMEBODY, state: "on", replies: [{ reply: "Hi!" }] });
    await host.submit(pduOf());
    const got = await call("GET", `/handsets/${encodeURIComponent(SOMEBODY)}`);
    expect(got.body).toMatchObject({ received: [{ from: "+4915100000001", text: "Hello", parts: 1 }] });
    expect(rig.modem().modem.memories.used("SM")).toBe(1);
  });

  test("that nobody configured are on and cost nothing", async () => {
    expect((await call("GET", "/handsets/123")).body).toEqual({
      number: "123",
      state: "on",
      configured: false,
    });
    expect((await call("GET", "/handsets")).body).toEqual({ handsets: [] });
  });

  test("refuse states that do not exist and patterns that are none", async () => {
    expect((await call("PUT", "/handsets/123", { state: "asleep" })).status).toBe(400);
    expect((await call("PUT", "/handsets/123", { replies: [{ match: "(", reply: "x" }] })).status).toBe(400);
  });
});

describe("faults", () => {
  test("are armed, listed and disarmed", async () => {
    const armed = await call("POST", "/faults", {
      at: "submit",
      action: { kind: "refuse", cms: 42 },
      recipient: SOMEBODY,
      nth: 2,
    });
    expect(armed).toEqual({ status: 201, body: { id: "fault-1" } });
    const host = await rig.host();
    expect(await host.submit(pduOf())).toContain("OK");
    expect(await host.submit(pduOf())).toContain("+CMS ERROR: 42");
    expect((await call("GET", "/faults")).body).toMatchObject({
      faults: [{ id: "fault-1", seen: 2, fired: 1 }],
    });
    expect((await call("DELETE", "/faults/fault-1")).status).toBe(204);
    expect((await call("DELETE", "/faults/fault-1")).status).toBe(404);
    await call("POST", "/faults", { at: "answer", action: { kind: "drop-final" } });
    expect((await call("DELETE", "/faults")).status).toBe(204);
    expect((await call("GET", "/faults")).body).toEqual({ faults: [] });
  });

  test("that cannot be are refused", async () => {
    const { status, body } = await call("POST", "/faults", {
      at: "prompt",
      action: { kind: "early-report" },
    });
    expect(status).toBe(400);
    expect((body as { detail: string }).detail).toContain("possible: drop-prompt");
    expect((await call("POST", "/faults", { at: "submit", action: { kind: "explode" } })).status).toBe(400);
  });
});

describe("the network", () => {
  test("changes its times, its zone and its mind", async () => {
    const patch = {
      latency: "gsm",
      reportDelay: 5,
      timeZoneQuarters: -8,
      refusal: 38,
      intermediateReports: true,
    };
    expect((await call("PATCH", "/network", patch)).body).toMatchObject({
      latency: { medianMs: 4_200 },
      reportDelay: { kind: "fixed", ms: 5 },
      timeZoneQuarters: -8,
      refusal: 38,
      intermediateReports: true,
    });
    const host = await rig.host();
    expect(await host.command("AT+CCLK?")).toContain("-08");
    await call("PATCH", "/network", { latency: 0 });
    expect(await host.submit(pduOf())).toContain("+CMS ERROR: 38");
    expect((await call("PATCH", "/network", { refusal: null })).body).toMatchObject({ refusal: null });
    expect(await host.submit(pduOf())).toContain("OK");
  });
});

describe("the ledger", () => {
  test("is read in pages and by what one looks for", async () => {
    const host = await rig.host();
    for (const text of ["a", "b", "c"]) await host.submit(pduOf({ text }));
    const { body } = await call("GET", "/ledger?after=1&limit=1");
    expect(body).toMatchObject({
      count: 3,
      forgotten: 0,
      entries: [{ sequence: 2, text: "b", modem: "modem0" }],
    });
    const filtered = await call(
      "GET",
      `/ledger?destination=${encodeURIComponent(SOMEBODY)}&messageReference=2`,
    );
    expect(filtered.body).toMatchObject({ entries: [{ text: "c" }] });
    expect((await call("GET", "/ledger/3")).body).toMatchObject({ sequence: 3, text: "c" });
    expect((await call("GET", "/ledger/4")).status).toBe(404);
    expect((await call("GET", "/ledger?afterr=1")).status).toBe(400);
  });
});

test("errors are problem details", async () => {
  const response = await server.inject({ method: "GET", url: "/nothing" });
  expect(response.statusCode).toBe(404);
  expect(response.headers["content-type"]).toContain("application/problem+json");
  expect(response.json()).toEqual({
    type: "about:blank",
    title: "There is nothing here",
    status: 404,
    detail: "GET /nothing",
  });
});

test("the front page sums up", async () => {
  expect((await call("GET", "/")).body).toEqual({
    modems: 2,
    handsets: 0,
    submitted: 0,
    faults: 0,
    time: "2026-01-05T09:00:00.000Z",
  });
});

describe("ports of a USB modem", () => {
  test("are shown with their roles, and what it is while it is a CD-ROM or blocked", async () => {
    const shown = await call("GET", "/modems/modem1");
    expect(shown.body).toMatchObject({
      usb: "2c7c:0125",
      cdRom: false,
      blocked: null,
      ports: [
        { name: "modem1.if00", role: "diagnostic", written: 0 },
        { name: "modem1.if01", role: "gps", written: 0 },
        { name: "modem1.if03", role: "modem", written: 0 },
      ],
    });
    expect((await call("GET", "/modems/modem0")).body).toMatchObject({ usb: null, ports: [] });
    const strike = (body: object): Promise<{ body: unknown }> => call("POST", "/modems/modem1/strike", body);
    expect((await strike({ kind: "block-port", reason: "busy" })).body).toMatchObject({ blocked: "busy" });
    expect((await strike({ kind: "cd-rom" })).body).toMatchObject({ cdRom: true, present: false });
    expect((await strike({ kind: "mode-switch" })).body).toMatchObject({ cdRom: false, present: true });
    expect((await strike({ kind: "block-port", reason: null })).body).toMatchObject({ blocked: null });
  });

  test("a stick has another USB identity until it is switched", async () => {
    const stick = new Rig({ profile: "huawei-e173" });
    stick.modem().strike({ kind: "cd-rom" });
    const response = await controlServer(stick.simulator).inject({ method: "GET", url: "/modems/modem0" });
    expect(response.json()).toMatchObject({ usb: "12d1:1446", cdRom: true });
  });
});
