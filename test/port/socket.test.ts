/** Ports behind TCP and unix sockets. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parsePortAddress } from "#hardware/port/address.ts";
import { portOpener } from "#hardware/port/open.ts";
import { PortClosed, PortError } from "#hardware/port/port.ts";
import { collect } from "./collected.ts";

let folder: string;
let server: Server;
let far: Promise<Socket>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-socket-"));
  const connected = Promise.withResolvers<Socket>();
  far = connected.promise;
  server = createServer((socket) => connected.resolve(socket));
});

afterEach(async () => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function listening(kind: string): Promise<string> {
  if (kind === "unix") {
    server.listen(join(folder, "m0"));
    await once(server, "listening");
    return `unix:${join(folder, "m0")}`;
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each(["tcp", "unix"])("%s", (kind) => {
  test("bytes go both ways, and the end is noticed", async () => {
    const { handlers, received, closed } = collect();
    const address = await listening(kind);
    const port = await portOpener(parsePortAddress(address))(handlers);
    expect(port.name).toBe(address);
    const socket = await far;
    port.write(Buffer.from("AT\r\xff", "latin1"));
    const [bytes] = (await once(socket, "data")) as [Buffer];
    expect(bytes.toString("latin1")).toBe("AT\r\xff");
    socket.write(Buffer.from("\r\nOK\r\n\x80", "latin1"));
    await received("\r\nOK\r\n\x80");
    socket.destroy();
    expect(await closed).toContain("closed");
    expect(() => port.write(Uint8Array.of(1))).toThrow(PortClosed);
  });

  test("closing it closes the other side", async () => {
    const { handlers, closings } = collect();
    const port = await portOpener(parsePortAddress(await listening(kind)))(handlers);
    const socket = await far;
    socket.resume();
    await Promise.all([once(socket, "close"), port.close()]);
    expect(closings).toEqual(["closed by us"]);
  });
});

test("nobody listens", async () => {
  const address = await listening("tcp");
  server.close();
  await once(server, "close");
  const error = await portOpener(parsePortAddress(address))(collect().handlers).catch(
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(PortError);
  expect(error).toMatchObject({ code: "missing", remote: true, message: expect.stringContaining("ser2net") });
  const gone = portOpener({ kind: "unix", path: join(folder, "none") })(collect().handlers);
  await expect(gone).rejects.toMatchObject({ code: "missing", remote: false });
});
