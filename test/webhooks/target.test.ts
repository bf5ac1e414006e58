import type { LookupAddress } from "node:dns";
import { expect, test } from "vitest";
import { createTargetGuard, TargetRefused } from "#gateway/webhooks/target.ts";

const CLOSED = { allowedNetworks: [], allowedHosts: [], allowPublic: true };

function hostAllowed(url: string, settings = {}): boolean {
  try {
    createTargetGuard({ ...CLOSED, ...settings }).checkHost(new URL(url).hostname);
    return true;
  } catch (error) {
    if (error instanceof TargetRefused) return false;
    throw error;
  }
}

function nameAllowed(host: string, addresses: readonly string[], settings = {}): Promise<string | false> {
  const found = addresses.map(
    (address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 }),
  );
  const guard = createTargetGuard({ ...CLOSED, ...settings }, (_host, _options, done) => done(null, found));
  return new Promise((resolve, reject) => {
    guard.lookup(host, { all: false }, (error, address) => {
      if (error instanceof TargetRefused) resolve(false);
      else if (error) reject(error);
      else resolve(address as string);
    });
  });
}

test.each([
  "http://127.0.0.1/",
  "http://127.1/",
  "http://127.255.255.254/",
  "http://2130706433/",
  "http://0x7f000001/",
  "http://0x7f.1/",
  "http://0177.0.0.1/",
  "http://017700000001/",
  "http://127.0.0.1./",
  "http://①②⑦.⓪.⓪.①/",
  "http://%31%32%37.0.0.1/",
  "http://0/",
  "http://0.0.0.0/",
  "http://10.0.0.1/",
  "http://10.255.255.255:8080/",
  "http://100.64.0.1/",
  "http://100.127.255.255/",
  "http://169.254.169.254/latest/meta-data/",
  "http://0xa9fea9fe/",
  "http://169.254.170.2/",
  "http://172.16.0.1/",
  "http://172.31.255.255/",
  "http://192.0.0.1/",
  "http://192.0.2.1/",
  "http://192.88.99.1/",
  "http://192.168.0.1/",
  "http://192.168.65535/",
  "http://198.18.0.1/",
  "http://198.19.255.255/",
  "http://198.51.100.7/",
  "http://203.0.113.7/",
  "http://224.0.0.1/",
  "http://239.255.255.250/",
  "http://240.0.0.1/",
  "http://255.255.255.255/",
  "http://[::]/",
  "http://[::1]/",
  "http://[0:0:0:0:0:0:0:1]/",
  "http://[::127.0.0.1]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:7f00:1]/",
  "http://[::ffff:0:127.0.0.1]/",
  "http://[::ffff:169.254.169.254]/",
  "http://[64:ff9b::7f00:1]/",
  "http://[64:ff9b:1::1]/",
  "http://[100::1]/",
  "http://[2001::1]/",
  "http://[2001:10::1]/",
  "http://[2001:db8::1]/",
  "http://[2002:7f00:1::1]/",
  "http://[2002:a9fe:a9fe::]/",
  "http://[2620:4f:8000::1]/",
  "http://[3fff::1]/",
  "http://[4000::1]/",
  "http://[fc00::1]/",
  "http://[fd12:3456:789a::1]/",
  "http://[fe80::1]/",
  "http://[fec0::1]/",
  "http://[ff02::1]/",
  "http://[fd00:ec2::254]/",
])("not reached: %s", (url) => {
  expect(hostAllowed(url)).toBe(false);
});

test.each([
  "https://93.184.216.34/",
  "https://1.1.1.1/",
  "https://[2606:4700:4700::1111]/",
  "https://223.255.255.1/",
])("reached: %s", (url) => {
  expect(hostAllowed(url)).toBe(true);
  expect(hostAllowed(url, { allowPublic: false })).toBe(false);
});

test.each([
  ["http://10.1.2.3/", { allowedNetworks: ["10.0.0.0/8"] }, true],
  ["http://11.1.2.3/", { allowedNetworks: ["10.0.0.0/8"], allowPublic: false }, false],
  ["http://[fd00::5]/", { allowedNetworks: ["10.0.0.0/8", "fd00::/8"] }, true],
  ["http://[::ffff:10.1.2.3]/", { allowedNetworks: ["10.0.0.0/8"] }, true],
  ["http://192.168.1.5/", { allowedNetworks: ["192.168.1.5/32"] }, true],
  ["http://192.168.1.6/", { allowedNetworks: ["192.168.1.5/32"] }, false],
])("%s with %j: %s", (url, settings, allowed) => {
  expect(hostAllowed(url, settings)).toBe(allowed);
});

test.each<[string, string[], object, string | false]>([
  ["example.org", ["93.184.216.34"], {}, "93.184.216.34"],
  ["localhost", ["127.0.0.1", "::1"], {}, false],
  ["rebinding.example", ["93.184.216.34", "127.0.0.1"], {}, false],
  ["metadata.internal", ["169.254.169.254"], {}, false],
  ["crm.internal", ["10.0.0.7"], { allowedHosts: ["crm.internal"] }, "10.0.0.7"],
  ["CRM.internal.", ["10.0.0.7"], { allowedHosts: ["crm.internal"] }, "10.0.0.7"],
  ["crm.internal.evil.example", ["10.0.0.7"], { allowedHosts: ["crm.internal"] }, false],
  ["a.b.internal", ["10.0.0.7"], { allowedHosts: ["*.internal"] }, "10.0.0.7"],
  ["internal", ["10.0.0.7"], { allowedHosts: ["*.internal"] }, false],
  ["xinternal", ["10.0.0.7"], { allowedHosts: ["*.internal"] }, false],
  ["nowhere.example", [], {}, false],
])("the name %s that leads to %j with %j: %s", async (host, addresses, settings, reached) => {
  expect(await nameAllowed(host, addresses, settings)).toBe(reached);
});
