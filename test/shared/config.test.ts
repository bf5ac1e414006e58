import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { explainSettings, loadSettings, SettingsError } from "#shared/config.ts";

const Settings = z.strictObject({
  dataDir: z.string().default("var").meta({ description: "where it lives" }),
  http: z
    .strictObject({
      port: z.int().min(0).max(65_535).default(8025),
      verbose: z.boolean().default(false),
      trustProxy: z.array(z.string()).default([]),
    })
    .prefault({}),
  password: z.string().optional().meta({ secret: true }),
  modems: z
    .array(
      z.strictObject({
        name: z.string(),
        pin: z
          .string()
          .regex(/^\d{4}$/, "A PIN has 4 digits.")
          .optional()
          .meta({ secret: true }),
      }),
    )
    .default([]),
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, "dunlin.toml");
  writeFileSync(path, text);
  return path;
}

function linesOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof SettingsError) return error.lines;
    throw error;
  }
  throw new Error("nothing was wrong with the settings");
}

const layers = { prefix: "DUNLIN", foreign: ["DUNLIN_KEY", "DUNLIN_OTHER_*"] };

test("nothing set: the defaults", () => {
  const { settings } = loadSettings(Settings, layers);
  expect(settings).toEqual({
    dataDir: "var",
    http: { port: 8025, verbose: false, trustProxy: [] },
    modems: [],
  });
});

test("each layer lies over the one before, and each value knows its source", () => {
  const path = file(
    'dataDir = "/a"\npassword = "p"\n[http]\nport = 1\nverbose = true\n[[modems]]\nname = "m"\n',
  );
  const loaded = loadSettings(Settings, {
    ...layers,
    file: path,
    environment: { DUNLIN_HTTP_PORT: "2", DUNLIN_DATA_DIR: "/b", PATH: "/bin", DUNLIN_KEY: "k" },
    flags: { "http.port": "3" },
  });
  expect(loaded.settings).toMatchObject({ dataDir: "/b", http: { port: 3, verbose: true } });
  expect(loaded.settings.modems).toEqual([{ name: "m" }]);
  expect(Object.fromEntries(loaded.sources)).toMatchObject({
    dataDir: "environment DUNLIN_DATA_DIR",
    "http.port": "flag",
    "http.verbose": `file ${path}`,
    "http.trustProxy": "default",
  });
  expect(loaded.warnings).toEqual([]);
});

test.each([
  ["DUNLIN_HTTP_VERBOSE", "yes", { http: { verbose: true } }],
  ["DUNLIN_HTTP_TRUST_PROXY", "10.0.0.1, 10.0.0.2", { http: { trustProxy: ["10.0.0.1", "10.0.0.2"] } }],
  ["DUNLIN_HTTP_TRUST_PROXY", "", { http: { trustProxy: [] } }],
  ["DUNLIN_MODEMS", '[{"name":"m","pin":"1234"}]', { modems: [{ name: "m", pin: "1234" }] }],
])("the environment can set %s=%s", (name, text, settings) => {
  expect(loadSettings(Settings, { ...layers, environment: { [name]: text } }).settings).toMatchObject(
    settings,
  );
});

test("a mistake is named with its setting, its rule and where it was made", () => {
  const path = file('dataDirr = "/a"\n[http]\nport = 70000\nvrebose = true\n[[modems]]\npin = "12"\n');
  const lines = linesOf(() =>
    loadSettings(Settings, { ...layers, file: path, environment: { DUNLIN_HTTP_VERBOSE: "maybe" } }),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^http\.port: .*65535.*\(file .*dunlin\.toml\)$/));
  expect(lines).toContainEqual(
    expect.stringMatching(/^http\.verbose: .*\(environment DUNLIN_HTTP_VERBOSE\)$/),
  );
  expect(lines).toContain("dataDirr: no setting has this name; did you mean dataDir?");
  expect(lines).toContain("http.vrebose: no setting has this name; did you mean verbose?");
  expect(lines).toContainEqual(expect.stringContaining("modems[0].name: is missing"));
  expect(lines).toContainEqual(expect.stringMatching(/^modems\[0\]\.pin: A PIN has 4 digits\./));
});

test("unreadable files and unknown flags are said in one line", () => {
  expect(linesOf(() => loadSettings(Settings, { ...layers, file: "/nowhere/d.toml" }))).toEqual([
    "/nowhere/d.toml: there is no such file; check the path",
  ]);
  expect(linesOf(() => loadSettings(Settings, { ...layers, file: file("a = \n") }))[0]).toMatch(
    /dunlin\.toml:1:\d+: not valid TOML/,
  );
  expect(linesOf(() => loadSettings(Settings, { ...layers, flags: { "http.prot": 1 } }))).toEqual([
    "flag http.prot: no setting has this name; did you mean http.port?",
  ]);
});

test("an unknown variable is a warning, since a platform may have set it", () => {
  const environment = { DUNLIN_HTTP_PROT: "1", DUNLIN_OTHER_THING: "x" };
  expect(loadSettings(Settings, { ...layers, environment }).warnings).toEqual([
    "environment DUNLIN_HTTP_PROT: no setting has this name; did you mean DUNLIN_HTTP_PORT?",
  ]);
});

test("explain shows every value with its source, and no secret", () => {
  const environment = { DUNLIN_PASSWORD: "hush", DUNLIN_MODEMS: '[{"name":"m","pin":"1234"}]' };
  const rows = explainSettings(Settings, loadSettings(Settings, { ...layers, environment }));
  expect(rows).toContainEqual({
    path: "dataDir",
    value: '"var"',
    source: "default",
    description: "where it lives",
  });
  expect(rows).toContainEqual({
    path: "password",
    value: '"***"',
    source: "environment DUNLIN_PASSWORD",
    description: "",
  });
  expect(rows.find((row) => row.path === "modems")?.value).toBe('[{"name":"m","pin":"***"}]');
  expect(JSON.stringify(rows)).not.toMatch(/hush|1234/);
});
