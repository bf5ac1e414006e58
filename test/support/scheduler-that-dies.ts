/**
 * A program: a scheduler that ends itself with SIGKILL at a named place.
 * Arguments: folder, gateway's address, gateway's key, place.
 */
import { startE2eScheduler } from "./scheduler-process.ts";

const [folder = "", gatewayUrl = "", gatewayKey = "", place = ""] = process.argv.slice(2);

await startE2eScheduler({
  folder,
  gatewayUrl,
  gatewayKey,
  checkpoint: (here) => {
    if (here === place) process.kill(process.pid, "SIGKILL");
  },
});
