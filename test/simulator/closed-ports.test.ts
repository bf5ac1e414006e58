/** A port that is there and cannot be opened, and a stick that is a CD-ROM for a while. */
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readlinkSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parsePortAddress } from "#hardware/port/address.ts";
import { portOpener } from "#hardware/port/open.ts";
import type { Port } from "#hardware/port/port.ts";
import type { OpenRefusal } from "#hardware/simulator/modem/port-guard.ts";
import { createSimulator, type Simulator } from "#hardware/simulator/simulator.ts";
import { servePty } from "#hardware/simulator/transports/pty.ts";
import { serveUnix } from "#hardware/simulator/transports/unix.ts";
import { systemClock } from "#shared/clock.ts";
import { seededRandom } from "#shared/random.ts";
import { modemRig } from "#test/support/modem-rig.ts";
import { untilTrue } from "#test/support/until-true.ts";
import { Host, Rig } from "./rig.ts";

const FLOCK = "/usr/bin/flock";
const REASONS: readonly OpenRefusal[] = ["busy", "denied", "failed"];

describe("in process", () => {
  test.each(REASONS)("%s: the driver says why, and goes on when it is over", async (reason) => {
    const rig = new Rig();
    rig.modem().strike({ kind: "block-port", reason, forMs: 30_000 });
    const driver = modemRig(rig.modem().open, { clock: rig.clock });
    await rig.clock.advance(20_000);
    expect(driver.modem.status).toMatchObject({
      state: "absent",
      detail: expect.stringContaining({ busy: "EBUSY", denied: "EACCES", failed: "EIO" }[reason]),
    });
    await driver.until("ready");
    await driver.modem.stop();
  });

  test("who has it open keeps it, and cannot open it again", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().strike({ kind: "block-port", reason: "busy" });
    expect(await host.command("AT")).toContain("OK");
    await host.close();
    await expect(new Host(rig.clock).open(rig.modem())).rejects.toThrow("EBUSY");
    rig.modem().strike({ kind: "block-port", reason: null });
    await expect(new Host(rig.clock).open(rig.modem())).resolves.toBeUndefined();
  });
});

describe("on real ports", () => {
  let simulator: Simulator;
  let folder: string;
  const open: (() => Promise<void>)[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dunlin-closed-"));
    const modems = [{ profile: "quectel-ec25" }];
    simulator = createSimulator({ clock: systemClock, random: seededRandom(1), modems });
  });

  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
    simulator.stop();
    await rm(folder, { recursive: true });
  });

  const modem = (): Simulator["modems"][number] => simulator.modem("modem0");
  const block = (reason: OpenRefusal | null): void => modem().strike({ kind: "block-port", reason });

  async function pty(): Promise<string> {
    const served = await servePty(modem(), join(folder, "modem0"));
    open.push(() => served.close());
    return served.address;
  }

  async function dial(address: string, closed: () => void = () => undefined): Promise<Port> {
    const port = await portOpener(parsePortAddress(address))({ data: () => undefined, closed });
    open.push(() => port.close());
    return port;
  }

  test("busy: another program holds the pty's lock until it is let go", async () => {
    const address = await pty();
    const isHeld = (): boolean => {
      try {
        execFileSync(FLOCK, ["-n", readlinkSync(address), "true"]);
        return false;
      } catch {
        return true;
      }
    };
    block("busy");
    await untilTrue("the lock is held", isHeld);
    await expect(dial(address)).rejects.toMatchObject({ code: "busy" });
    block(null);
    await untilTrue("the lock is free", () => !isHeld());
    await dial(address);
  });

  test("denied: nobody has a right to the pty until it is given back", async () => {
    const address = await pty();
    const rights = (): number => statSync(address).mode & 0o777;
    const before = rights();
    block("denied");
    expect(rights()).toBe(0);
    block(null);
    expect(rights()).toBe(before);
  });

  test("failed: the kernel says EIO", async () => {
    const address = await pty();
    const tryIt = (): void => closeSync(openSync(address, constants.O_RDWR | constants.O_NOCTTY));
    block("failed");
    await untilTrue("its other side is gone", () => {
      try {
        tryIt();
        return false;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EIO";
      }
    });
    await expect(dial(address)).rejects.toMatchObject({ name: "PortError" });
    block(null);
    tryIt();
  });

  test("a pty that is closed while it is blocked leaves nothing", async () => {
    const served = await servePty(modem(), join(folder, "modem0"));
    block("failed");
    await served.close();
    expect(() => readlinkSync(join(folder, "modem0"))).toThrow("ENOENT");
  });

  test("a socket hangs up at once", async () => {
    const served = await serveUnix(modem(), join(folder, "modem0"));
    open.push(() => served.close());
    block("busy");
    const gone = new Promise<void>((resolve, reject) => {
      dial(served.address, resolve).catch(reject);
    });
    await gone.catch((error: Error) => expect(error.name).toBe("PortError"));
    block(null);
    await dial(served.address);
  });
});

describe("a stick that is a CD-ROM", () => {
  test("has no port for a while after it was plugged in, and the driver waits for it", async () => {
    const rig = new Rig({ profile: "huawei-e173" });
    const driver = modemRig(rig.modem().open, { clock: rig.clock });
    await driver.until("ready");
    rig.modem().strike({ kind: "unplug", replugAfterMs: 5_000, cdRomMs: 20_000 });
    await driver.until("absent");
    await rig.clock.advance(24_000);
    expect(rig.modem().present).toBe(false);
    expect(rig.modem().modem.power.cdRom).toBe(true);
    expect(driver.modem.status.state).toBe("absent");
    await driver.until("ready");
    await driver.modem.stop();
  });

  test("falls back to it, and stays so until it is switched", async () => {
    const rig = new Rig({ profile: "zte-mf190" });
    const host = await rig.host();
    rig.modem().strike({ kind: "cd-rom" });
    await rig.clock.advance(600_000);
    expect(host.closed).toBe("unplugged");
    rig.modem().reset();
    await rig.clock.advance(60_000);
    expect(rig.modem().present).toBe(false);
    rig.modem().strike({ kind: "mode-switch" });
    expect(rig.modem().present).toBe(true);
    rig.modem().strike({ kind: "mode-switch" });
    await rig.clock.advance(30_000);
    expect(await (await rig.host()).command("AT+CPIN?")).toContain("READY");
  });

  test("an unplug ends it", async () => {
    const rig = new Rig({ profile: "huawei-e173" });
    rig.modem().strike({ kind: "cd-rom", forMs: 10_000 });
    rig.modem().unplug();
    await rig.clock.advance(20_000);
    expect(rig.modem().present).toBe(false);
    rig.modem().replug();
    expect(rig.modem().present).toBe(true);
  });
});
