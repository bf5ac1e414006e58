/** Wavecom and Sierra modules of that line (Q24xx, SL8084). */
import { differing, ICCID_BY_CCID } from "./generic.ts";
import type { Profile } from "./profile.ts";

export const WAVECOM: Profile = differing({
  name: "wavecom",
  vendor: "wavecom",
  manufacturer: /wavecom/i,
  iccid: ICCID_BY_CCID,
  announces: { booting: [/^\+WIND: ?(?:4|7)$/], noise: [/^\+WIND:/] },
});
