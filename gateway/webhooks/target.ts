/**
 * Where a webhook may lead. A caller names the address and the gateway sits inside the network, so an
 * address that is not public is refused unless the settings allow it. The check is made when the
 * connection is, on what the name then resolves to: a name can lead elsewhere a second later.
 */
import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import type { WebhookSettings } from "#gateway/config.ts";

/** IANA special-purpose registries (RFC 6890 and its updates), multicast, reserved. */
const SPECIAL_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];
/** All public addresses are in here, */
const GLOBAL_IPV6 = ["2000::/3"];
/** but for these: protocol assignments, Teredo, documentation, 6to4 (which hides an IPv4 address), AS112. */
const SPECIAL_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];

export class TargetRefused extends Error {
  override name = "TargetRefused";
}

export interface TargetGuard {
  /**
   * For a host that is an address already, as `URL.hostname` writes it. Names pass: they are judged
   * when they are resolved. @throws TargetRefused
   */
  checkHost(hostname: string): void;
  /** In place of `dns.lookup`, for `http.request`. Fails with TargetRefused. */
  readonly lookup: LookupFunction;
}

export type Resolve = (
  hostname: string,
  options: { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export function createTargetGuard(settings: WebhookSettings, resolve: Resolve = systemLookup): TargetGuard {
  const allowed = listOf(settings.allowedNetworks);
  const special = listOf([...SPECIAL_IPV4, ...SPECIAL_IPV6]);
  const global = listOf(GLOBAL_IPV6);

  const refusalOf = (address: string, host: string): TargetRefused | undefined => {
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (allowed.check(address, family)) return undefined;
    const isPublic = !special.check(address, family) && (family === "ipv4" || global.check(address, family));
    if (isPublic && settings.allowPublic) return undefined;
    const why = isPublic ? "only listed targets are allowed" : "it is no public address";
    return new TargetRefused(
      `${host} leads to ${address}: ${why}. webhooks.allowedNetworks or webhooks.allowedHosts can allow it.`,
    );
  };

  return {
    checkHost(hostname) {
      const address = hostname.replace(/^\[(.*)\]$/, "$1");
      if (isIP(address) === 0 || isListedHost(hostname, settings.allowedHosts)) return;
      const refusal = refusalOf(address, hostname);
      if (refusal !== undefined) throw refusal;
    },
    lookup(hostname, options, done) {
      resolve(hostname, { all: true }, (error, addresses) => {
        if (error !== null) return done(error, "");
        const listed = isListedHost(hostname, settings.allowedHosts);
        // One bad address among good ones is a refusal: which one is taken is chance.
        const refusal = listed ? undefined : firstRefusal(addresses, (one) => refusalOf(one, hostname));
        const [first] = addresses;
        if (refusal !== undefined) return done(refusal, "");
        if (first === undefined) return done(new TargetRefused(`${hostname} leads nowhere`), "");
        if (options.all === true) return done(null, addresses);
        done(null, first.address, first.family);
      });
    },
  };
}

function firstRefusal(
  addresses: readonly LookupAddress[],
  judge: (address: string) => TargetRefused | undefined,
): TargetRefused | undefined {
  for (const { address } of addresses) {
    const refusal = judge(address);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** `*.internal` stands for everything below `internal`, not for `internal` itself. */
function isListedHost(hostname: string, hosts: readonly string[]): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, "");
  return hosts.some((host) => {
    const listed = host.toLowerCase();
    return listed.startsWith("*.") ? name.endsWith(listed.slice(1)) : name === listed;
  });
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits = ""] = network.split("/");
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? "ipv6" : "ipv4");
  }
  return list;
}
