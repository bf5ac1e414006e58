/**
 * Programs that tests use as referees come from the system's own packages. They are installed when that
 * is possible; else the test says by name what it leaves out and why.
 */
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface PackageAvailability {
  readonly available: boolean;
  /** Why not, in one sentence. */
  readonly reason?: string;
}

/** Debian's own, whatever else is on the path. */
const DPKG_QUERY = "/usr/bin/dpkg-query";
const APT_GET = "/usr/bin/apt-get";
const FLOCK = "/usr/bin/flock";

const LOCK_FILE = join(tmpdir(), "dunlin-system-package.lock");
const LOCK_WAIT_S = 300;
const INSTALL_TIMEOUT_MS = 600_000;

const AVAILABLE: PackageAvailability = { available: true };

/** Answers of this process: what could not be had once is not tried again. */
const answers = new Map<string, PackageAvailability>();

/**
 * Makes sure that Debian packages are there, installing them when we are root. Never throws. Test
 * workers that ask at the same time wait for each other.
 */
export function ensureSystemPackage(names: readonly string[]): PackageAvailability {
  const key = [...names].sort().join(" ");
  const known = answers.get(key);
  if (known) return known;
  const answer = isInstalled(names) ? AVAILABLE : install(names);
  answers.set(key, answer);
  return answer;
}

function isInstalled(names: readonly string[]): boolean {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how dpkg spells a field.
  const format = "--showformat=${db:Status-Status}\\n";
  const { status, stdout } = spawnSync(DPKG_QUERY, ["--show", format, ...names], {
    encoding: "utf8",
  });
  if (status !== 0) return false;
  return stdout
    .trim()
    .split("\n")
    .every((line) => line === "installed");
}

function install(names: readonly string[]): PackageAvailability {
  const list = names.join(", ");
  if (spawnSync(APT_GET, ["--version"]).status !== 0) {
    return { available: false, reason: `${list}: not installed, and there is no apt-get here` };
  }
  if (process.getuid?.() !== 0) {
    return { available: false, reason: `${list}: not installed, and only root may install it` };
  }
  // The list of packages is fetched only when the first try fails: it is there on most machines.
  const apt = `${APT_GET} install -y --no-install-recommends -o DPkg::Lock::Timeout=120`;
  const script = `${apt} "$@" || { ${APT_GET} update && ${apt} "$@"; }`;
  const { status, stderr } = spawnSync(
    FLOCK,
    ["--wait", `${LOCK_WAIT_S}`, LOCK_FILE, "sh", "-c", script, "sh", ...names],
    {
      encoding: "utf8",
      timeout: INSTALL_TIMEOUT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    },
  );
  if (status === 0 && isInstalled(names)) return AVAILABLE;
  const lastLine = (stderr ?? "").trim().split("\n").at(-1) || "no answer in time";
  return { available: false, reason: `${list}: apt-get could not install it (${lastLine})` };
}
