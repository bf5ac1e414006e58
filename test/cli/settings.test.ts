import { expect, test } from "vitest";
import { GatewaySettings, loadGatewaySettings } from "#gateway/config.ts";

test("nothing has to be set", () => {
  expect(GatewaySettings.parse({})).toMatchObject({
    dataDir: "var",
    http: { host: "127.0.0.1", port: 8025 },
    modems: [],
    timeZone: "UTC",
  });
});

test.each<[string, object, string]>([
  ["a country of three letters", { numbers: { homeCountry: "DEU" } }, "numbers.homeCountry"],
  ["a network without bits", { webhooks: { allowedNetworks: ["10.0.0.0"] } }, "webhooks.allowedNetworks.0"],
  [
    "a network with too many bits",
    { webhooks: { allowedNetworks: ["10.0.0.0/33"] } },
    "webhooks.allowedNetworks.0",
  ],
  ["an address for a host", { webhooks: { allowedHosts: ["http://crm"] } }, "webhooks.allowedHosts.0"],
  ["a PIN with letters", { modems: [{ name: "m", port: "/dev/x", pin: "12a4" }] }, "modems.0.pin"],
  ["a port that is none", { modems: [{ name: "m", port: "x" }] }, "modems.0.port"],
  [
    "a profile that is none",
    { modems: [{ name: "m", port: "/dev/x", profile: "nokia" }] },
    "modems.0.profile",
  ],
  [
    "one name for two",
    {
      modems: [
        { name: "m", port: "/dev/a" },
        { name: "m", port: "/dev/b" },
      ],
    },
    "modems",
  ],
  [
    "one port for two",
    {
      modems: [
        { name: "a", port: "/dev/a" },
        { name: "b", port: "/dev/a" },
      ],
    },
    "modems",
  ],
  ["no limit at all", { limits: { perMinute: 0 } }, "limits.perMinute"],
  ["a zone that is none", { timeZone: "Berlin" }, "timeZone"],
  ["a prefix with letters", { limits: { allowedPrefixes: ["+4x"] } }, "limits.allowedPrefixes.0"],
])("refused: %s", (_, settings, path) => {
  const parsed = GatewaySettings.safeParse(settings);
  expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toContain(path);
});

test("variables of the scheduler and of the client are not the gateway's", () => {
  const environment = {
    DUNLIN_SCHEDULER_HTTP_PORT: "1",
    DUNLIN_URL: "http://x",
    DUNLIN_KEY: "k",
    DUNLIN_CONFIG: "c",
    DUNLIN_NUMBERS_ALLOWED_COUNTRIES: "DE,AT",
    DUNLIN_LIMITS_PER_MINUTE: "10",
  };
  const { settings, warnings } = loadGatewaySettings({ environment });
  expect(warnings).toEqual([]);
  expect(settings.numbers.allowedCountries).toEqual(["DE", "AT"]);
  expect(settings.limits.perMinute).toBe(10);
});
