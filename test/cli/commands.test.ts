import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isKeyText } from "#shared/api-keys.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { type CliRun, runCli } from "#test/support/cli.ts";
import { startWhole, type WholeGateway } from "#test/support/whole-gateway.ts";

let folder: string;
let config: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-cli-"));
  config = join(folder, "dunlin.toml");
  write('[numbers]\nhomeCountry = "DE"\n');
  return () => rmSync(folder, { recursive: true });
});

function write(text: string): void {
  writeFileSync(config, `dataDir = "${join(folder, "data")}"\n${text}`);
}

describe("keys", () => {
  test("are made, listed and revoked on the database file", async () => {
    const made = await runCli([
      "keys",
      "create",
      "shop",
      "--scope",
      "messages:write,messages:read",
      "-c",
      config,
    ]);
    expect(made).toMatchObject({ code: 0, err: expect.stringContaining("it is not shown again") });
    expect(isKeyText(made.out.trim())).toBe(true);
    expect(statSync(join(folder, "data")).mode & 0o777).toBe(0o700);
    const listed = JSON.parse((await runCli(["keys", "list", "--json", "-c", config])).out);
    expect(listed).toMatchObject([{ name: "shop", scopes: ["messages:write", "messages:read"] }]);
    expect(JSON.stringify(listed)).not.toContain(made.out.trim());
    expect((await runCli(["keys", "revoke", listed[0].id, "-c", config])).out).toContain("(shop) is revoked");
    expect((await runCli(["keys", "list", "-c", config])).out).toMatch(/shop .* revoked \d{4}-/);
  });

  test("JSON has the key, the id and the end", async () => {
    const args = ["keys", "create", "--name", "x", "--expires", "30d", "--json", "-c", config];
    const { out } = await runCli(args, { clock: new SimulatedClock() });
    const made = JSON.parse(out);
    expect(isKeyText(made.key)).toBe(true);
    expect(made).toMatchObject({
      id: expect.stringMatching(/^key_/),
      scopes: ["messages:write", "messages:read"],
    });
    expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBe(30 * 24 * 3_600_000);
  });

  test.each([
    [["create"], "name the key"],
    [["create", "x", "--scope", "message:write"], "Did you mean messages:write?"],
    [["create", "x", "--expires", "soon"], "write 90d"],
    [["create", "x", "--expires", "2020-01-01"], "in the past"],
    [["revoke", "key_0"], "there is no key key_0"],
  ])("%j is refused in words: %s", async (args, words) => {
    const run = await runCli(["keys", ...args, "-c", config]);
    expect(run).toMatchObject({ code: 1, err: expect.stringContaining(words) });
  });
});

describe("config", () => {
  test("print shows the settings as TOML, with secrets masked", async () => {
    write('[[modems]]\nname = "m0"\nport = "tcp://10.0.0.7:3001"\npin = "4711"\n');
    const { out, code } = await runCli(["config", "print", "-c", config]);
    expect(code).toBe(0);
    expect(out).toMatch(/^port = 8025$/m);
    expect(out).toMatch(/^pin = "\*\*\*"$/m);
    expect(out).not.toContain("4711");
  });

  test("print --explain tells where each value comes from", async () => {
    const environment = { DUNLIN_HTTP_PORT: "9000", DUNLIN_CONFIG: config, DUNLIN_URL: "x" };
    const { out } = await runCli(["config", "print", "--explain", "--set", "log.level=warn"], {
      environment,
    });
    expect(out).toMatch(/^http\.port +9000 +environment DUNLIN_HTTP_PORT +port to listen on/m);
    expect(out).toMatch(/^log\.level +"warn" +flag /m);
    expect(out).toMatch(/^numbers\.homeCountry +"DE" +file /m);
    expect(out).toMatch(/^http\.host +"127\.0\.0\.1" +default /m);
  });

  test("check names what is wrong, and what is odd", async () => {
    write('[nubmers]\nhomeCountry = "DE"\n[[modems]]\nname = "a b"\nport = "COM0x"\n');
    const wrong = await runCli(["config", "check", "-c", config]);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain("error: nubmers: no setting has this name; did you mean numbers?");
    expect(wrong.err).toContain("error: modems[0].name: Give a short name");
    expect(wrong.err).toContain('error: modems[0].port: "COM0x" is not a port; write');
    write('[[modems]]\nname = "m"\nport = "/dev/ttyUSB77"\n');
    const odd = await runCli(["config", "check", "-c", config], { environment: { DUNLIN_HTTP_PROT: "1" } });
    expect(odd).toMatchObject({ code: 0, out: "the settings can be used\n" });
    expect(odd.err).toContain(
      "warning: environment DUNLIN_HTTP_PROT: no setting has this name; did you mean",
    );
    expect(odd.err).toContain("/dev/ttyUSB77 changes when a modem resets");
    expect(odd.err).toContain("every country may be sent to");
    write('[numbers]\nhomeCountry = "DE"\n[[modems]]\nname = "m"\nport = "tcp://10.0.0.7:3001"\n');
    expect(await runCli(["config", "check", "-c", config])).toEqual({
      code: 0,
      out: "the settings are good\n",
      err: "",
    });
  });
});

describe("with a running gateway", () => {
  let whole: WholeGateway;
  let environment: Record<string, string>;
  beforeAll(async () => {
    whole = await startWhole({ modems: 1 });
    environment = { DUNLIN_URL: whole.gateway.address, DUNLIN_KEY: whole.key };
  });
  afterAll(() => whole[Symbol.asyncDispose]());

  const run = (...args: string[]): Promise<CliRun> => runCli(args, { environment });

  test("send --wait follows a message to the phone", async () => {
    const sent = await runCli(["send", "01701234567", "Hello", "--wait", "30", "--reference", "R1"], {
      environment,
      terminal: true,
    });
    expect(sent.code).toBe(0);
    expect(sent.out).toMatch(/^msg_\w+ {2}\S*delivered\S* {2}1 segment, gsm7, to \+491701234567\n$/);
    expect(sent.err.endsWith("\r\u001b[K")).toBe(true);
    const listed = await run("messages", "list", "--reference", "R1");
    expect(listed.out).toMatch(/delivered +\+491701234567 +1 /);
    const id = /msg_\w+/.exec(listed.out)?.[0] ?? "";
    expect((await run("messages", "show", id)).out).toMatch(/^state +delivered$/m);
    const late = await run("messages", "cancel", id);
    expect(late).toMatchObject({ code: 1, err: expect.stringContaining("too_late_to_cancel") });
  });

  test("what will be sent later can be taken back; waiting for it ends in time", async () => {
    const tomorrow = new Date(Date.parse("2099-01-01") - 1).toISOString();
    const refused = await run("send", "01701234567", "Later", "--not-before", tomorrow);
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining("/notBefore: It lies more than a year"),
    });
    const soon = new Date(whole.simulator.clock.now() + 3_600_000).toISOString();
    const waited = await run("send", "01701234567", "Later", "--not-before", soon, "--wait", "0");
    expect(waited.code).toBe(4);
    const id = /msg_\w+/.exec(waited.out)?.[0] ?? "";
    expect((await run("messages", "cancel", id, "--json")).out).toContain('"state": "cancelled"');
  });

  test("what nobody knows is shown with its evidence, and a person decides", async () => {
    whole.simulator.faults.arm({
      at: "accepted",
      action: { kind: "accept-but-error", cms: 332 },
      nth: 1,
    });
    whole.simulator.faults.arm({ at: "report", action: { kind: "lose-report" }, nth: 1 });
    const sent = await run("send", "01701234567", "Who knows", "--wait", "1", "--evidence", "stored");
    expect(sent.out).toContain("unknown");
    const id = /msg_\w+/.exec(sent.out)?.[0] ?? "";
    const shown = await run("messages", "show", id);
    expect(shown.out).toMatch(/^segment 1, try 1, m0, .*: \+CMS ERROR: 332 .*$/m);
    expect((await run("messages", "resolve", id)).err).toContain("--outcome");
    const resolved = await run("messages", "resolve", id, "--outcome", "sent", "--segment", "1");
    expect(resolved.out).toMatch(/^state +submitted$/m);
    expect(resolved.out).toMatch(/ resolved +sent +“test” decided: sent\.$/m);
    const late = await run("messages", "resolve", id, "--outcome", "failed");
    expect(late).toMatchObject({ code: 1, err: expect.stringContaining("nothing_unknown") });
  });

  test("a dry run tells what makes a text long", async () => {
    const { out, code } = await run("send", "01701234567", "Łódź", "--dry-run");
    expect([code, out]).toEqual([
      0,
      "not sent: 1 segment, ucs2, to +491701234567\n  these characters make it UCS-2: Ł ó ź\n",
    ]);
    expect((await run("messages", "--json")).out).not.toContain("Łódź");
  });

  test("a message that arrives nowhere has an exit code of its own", async () => {
    whole.simulator.handset("+491709999999").state = "dead";
    const sent = await run("send", "+491709999999", "Hello", "--wait", "30");
    expect(sent).toMatchObject({ code: 2, out: expect.stringContaining("undelivered") });
  });

  test("the same idempotency key sends nothing again", async () => {
    const args = ["send", "+491701234567", "Once", "--idempotency-key", "k1", "--json"];
    const first = await run(...args);
    expect(JSON.parse((await run(...args)).out)).toEqual(JSON.parse(first.out));
  });

  test("modems are listed from the gateway", async () => {
    expect((await run("modems")).out).toMatch(/^m0 +ready +EC25/m);
    expect(JSON.parse((await run("modems", "--json")).out).items).toHaveLength(1);
  });

  test.each([
    [["send", "+491701234567"], "missing required argument 'text'"],
    [["send", "1", "x"], "/to:"],
    [["send", "+33612345678", "x"], "The country FR is not among"],
    [["messages", "show", "msg_0"], "There is no message msg_0"],
  ])("%j is refused in words", async (args, words) => {
    expect(await run(...args)).toMatchObject({ code: 1, err: expect.stringContaining(words) });
  });

  test("without a gateway or a key it says what to do", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const nobody = { ...environment, DUNLIN_URL: `http://127.0.0.1:${port}` };
    expect(await runCli(["messages"], { environment: nobody })).toMatchObject({
      code: 3,
      err: expect.stringContaining("(ECONNREFUSED). Does it run?"),
    });
    expect(await runCli(["messages"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("set DUNLIN_KEY"),
    });
  });
});

test("each command has a help with examples", async () => {
  for (const command of ["gateway", "send", "messages", "keys", "modems", "config"]) {
    const { out } = await runCli([command, "--help"]);
    expect(out).toContain(`Usage: dunlin ${command}`);
    expect(out).toContain("Examples:\n");
  }
});
