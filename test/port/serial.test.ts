/** Serial ports on pseudo-terminals, which the operating system treats as serial devices. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SerialPort } from "serialport";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { portOpener } from "#hardware/port/open.ts";
import { PortClosed, PortError } from "#hardware/port/port.ts";
import { openFailureCode } from "#hardware/port/serial-errors.ts";
import { promisedWire } from "#hardware/port/serial-io.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { type BarePty, openBarePty } from "#test/support/bare-pty.ts";
import { collect } from "./collected.ts";

let pty: BarePty;

beforeEach(async () => {
  pty = await openBarePty();
});

afterEach(() => pty.close());

const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");
const opener = (path = pty.path) => portOpener({ kind: "serial", path });

test("bytes go both ways as they are", async () => {
  const { handlers, received } = collect();
  const port = await opener()(handlers);
  expect(port.name).toBe(pty.path);
  port.write(latin1("AT\r"));
  port.write(latin1("00ff\x1a\x1b\x80"));
  await pty.heard("AT\r00ff\x1a\x1b");
  pty.say("\r\n> \x11\x13\x7f\x80\xff");
  await received("\r\n> \x11\x13\x7f\x80\xff");
  await port.close();
});

test("closing says so once; a write after it throws; the device can be opened again", async () => {
  const first = collect();
  const port = await opener()(first.handlers);
  await port.close();
  await port.close();
  expect(first.closings).toEqual(["closed by us"]);
  expect(() => port.write(latin1("AT\r"))).toThrow(PortClosed);
  const again = await opener()(collect().handlers);
  again.write(latin1("ATI\r"));
  await pty.heard("ATI\r");
  await again.close();
});

test("a device in use is refused, and the reason says what to do", async () => {
  const port = await opener()(collect().handlers);
  const refused = await opener()(collect().handlers).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(PortError);
  expect(refused).toMatchObject({ code: "busy", message: expect.stringContaining(pty.path) });
  expect((refused as Error).message).toMatch(/has it open|ModemManager/);
  await port.close();
});

test("an unplug is noticed while nobody writes", async () => {
  const { handlers, closed } = collect();
  const port = await opener()(handlers);
  pty.unplug();
  expect(await closed).toContain("the device is gone");
  expect(() => port.write(latin1("AT\r"))).toThrow(PortClosed);
  await port.close();
});

test("a device that takes no bytes is let go of", async () => {
  const clock = new SimulatedClock();
  const { handlers, closed } = collect();
  const deaf = await deafPty();
  const port = await portOpener({ kind: "serial", path: deaf.path }, { clock })(handlers);
  for (let count = 0; count < 8; count++) port.write(new Uint8Array(8_000).fill(0x41));
  await clock.advance(10_000);
  expect(await closed).toContain("took no bytes");
  await port.close();
  deaf.close();
});

/** A pty whose far end nobody reads. */
async function deafPty(): Promise<{ path: string; close(): void }> {
  const library = (await import("@lydell/node-pty")) as unknown as {
    open(options: object): {
      master: { pause(): void; destroy(): void };
      slave: { destroy(): void };
      ptsName: string;
    };
  };
  const { master, slave, ptsName } = library.open({ encoding: null });
  slave.destroy();
  master.pause();
  return { path: ptsName, close: () => master.destroy() };
}

describe("what cannot be opened", () => {
  test("a device that is not there", async () => {
    await expect(opener("/dev/ttyUSB987")(collect().handlers)).rejects.toMatchObject({
      code: "missing",
      message: expect.stringContaining("plugged in"),
    });
  });

  test("a file that is no device", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "dunlin-file-")), "plain");
    writeFileSync(file, "");
    await expect(opener(file)(collect().handlers)).rejects.toMatchObject({ code: "invalid" });
  });

  test.each([
    ["Error Resource temporarily unavailable Cannot lock port", "busy"],
    ["Error: Device or resource busy, cannot open /dev/ttyUSB0", "busy"],
    ["Error: No such file or directory, cannot open /dev/ttyUSB0", "missing"],
    ["Error: Permission denied, cannot open /dev/ttyUSB0", "denied"],
    ["Error: Inappropriate ioctl for device setting custom baud rate of 13", "invalid"],
    ["ENOENT: no such file or directory, lstat '/dev/x'", "missing"],
    ["Error: Input/output error, cannot open /dev/ttyUSB0", "failed"],
  ])("%s: %s", (text, code) => {
    expect(openFailureCode(text)).toBe(code);
  });
});

test("the way without a poller reads and writes until it is closed", async () => {
  const bound = await SerialPort.binding.open({ path: pty.path, baudRate: 115_200 });
  const wire = promisedWire(bound);
  const { handlers, received, closed } = collect();
  wire.start({ received: handlers.data, lost: handlers.closed });
  const taken: string[] = [];
  wire.write(latin1("A"), () => taken.push("A"));
  wire.write(latin1("T\r"), () => taken.push("T"));
  await pty.heard("AT\r");
  pty.say("\r\nOK\r\n");
  await received("\r\nOK\r\n");
  expect(taken).toEqual(["A", "T"]);
  await wire.destroy();
  expect(await closed).toContain("the device is gone");
});
