/** What the service centre took: each part once, in order, nothing else. */
import type { Case, Tale, Violation } from "./case.ts";

/** The first copy, and as many more as the policy `resend` allows of one part. */
const COPIES_MAX = { hold: 1, resend: 4 } as const;

export function judgeSubmits({ tales, strangers }: Case): Violation[] {
  return [
    ...tales.flatMap(judgeTale),
    ...strangers.map(({ destination, text }) => ({
      rule: "once" as const,
      text: `${destination} was sent something that nobody asked for: ${text}`,
    })),
  ];
}

function judgeTale({ accepted: { planned }, submits }: Tale): Violation[] {
  const found: Violation[] = [];
  const parts = submits.map(({ part }) => part);
  for (const [part, copies] of Map.groupBy(parts, (number) => number))
    if (copies.length > COPIES_MAX[planned.onUnknown])
      found.push({ rule: "once", text: `${planned.marker} part ${part} was sent ${copies.length} times` });
  const first = [...new Set(parts)];
  if (first.some((part, i) => i > 0 && part < (first[i - 1] as number)))
    found.push({ rule: "order", text: `${planned.marker} went out as ${parts.join(", ")}` });
  if (submits.some(({ entry }) => entry.destination !== planned.to))
    found.push({ rule: "once", text: `${planned.marker} went to another number than ${planned.to}` });
  return found;
}
