/** AT+CPMS, +CMGR, +CMGL, +CMGD: stored messages (27.005 3.2.2, 3.4.2, 3.4.3, 3.5.4). */
import { type Answer, cms, info, OK, type Reply } from "#hardware/simulator/modem/answers.ts";
import { numberIn, valuesOf } from "#hardware/simulator/modem/command-line.ts";
import type { Place } from "#hardware/simulator/modem/memories.ts";
import { STATUS_NAMES, shownEntry } from "#hardware/simulator/modem/text-mode.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import type { StorageName } from "#hardware/simulator/profiles/types.ts";
import { type MessageStatus, STATUS } from "#hardware/simulator/sim/message-store.ts";
import type { CommandTable } from "./types.ts";

const OPERATION_NOT_SUPPORTED = 303;
const INVALID_PARAMETER = 305;
const INVALID_INDEX = 321;

/** `<stat>` 4 of AT+CMGL. */
const ALL = 4;

export const messageCommands: CommandTable = {
  "+CPMS": { needs: "sms", test: offeredStorages, read: chosenStorages, set: chooseStorages },
  "+CMGR": { needs: "sms", test: () => OK, set: readMessage },
  "+CMGL": {
    needs: "sms",
    test: (modem) =>
      info(
        modem.settings.textMode ? `+CMGL: ${[...STATUS_NAMES, "ALL"].map(quoted).join(",")}` : "+CMGL: (0-4)",
      ),
    run: (modem) => listMessages(modem, STATUS.unread),
    set: listOf,
  },
  "+CMGD": { needs: "sms", test: deleteRange, set: deleteMessages },
};

function offeredStorages(modem: VirtualModem): Reply {
  const { offered, spelled } = modem.profile.storage;
  const lists = offered.map((names) => `(${names.map(quoted).join(",")})`);
  return info(`+CPMS: ${spelled ?? lists.join(",")}`);
}

/** All three, or as many as the family has. */
function shownStorages({ settings, profile }: VirtualModem): readonly StorageName[] {
  return settings.storages.slice(0, profile.storage.memories ?? 3);
}

function chosenStorages(modem: VirtualModem): Reply {
  const { memories } = modem;
  // Whoever asks is there: the flood of a ZTE stick ends.
  if (modem.profile.noise?.endedBy === "+CPMS?") modem.noise.on = false;
  const parts = shownStorages(modem).map(
    (name) => `${quoted(name)},${memories.used(name)},${memories.total(name)}`,
  );
  return info(`+CPMS: ${parts.join(",")}`);
}

function chooseStorages(modem: VirtualModem, value: string): Reply {
  const { memories, settings, profile } = modem;
  const names = valuesOf(value);
  const { offered, unlisted = [], memories: count = 3 } = profile.storage;
  if (names.length > count) return cms(INVALID_PARAMETER);
  const chosen: [StorageName, StorageName, StorageName] = [...settings.storages];
  for (const [place, name] of names.entries()) {
    const possible = place === 0 ? [...offered[0], ...unlisted] : offered[place as 0 | 1 | 2];
    const found = possible.find((known) => known === name);
    if (found === undefined) return cms(OPERATION_NOT_SUPPORTED);
    chosen[place as 0 | 1 | 2] = found;
  }
  settings.storages = chosen;
  return info(
    `+CPMS: ${shownStorages(modem)
      .map((name) => `${memories.used(name)},${memories.total(name)}`)
      .join(",")}`,
  );
}

function readMessage(modem: VirtualModem, value: string): Answer {
  const name = modem.settings.storages[0];
  const index = numberIn(value.trim(), 0, 65_535);
  if (index === undefined || !modem.memories.has(name, index)) return cms(INVALID_INDEX);
  const place = modem.memories.find(name, index);
  if (place === undefined) return modem.profile.storage.emptyPlace === "ok" ? OK : cms(INVALID_INDEX);
  const line = `+CMGR: ${entryText(modem, place)}`;
  markRead(place);
  return info(line);
}

/** In PDU mode `stat,[alpha],length` and the PDU. */
function entryText(modem: VirtualModem, { message }: Place): string {
  if (modem.settings.textMode) return shownEntry(message, modem.settings);
  return `${message.status},,${message.tpduLength}\r\n${message.pduHex}`;
}

/** Reading and listing make an unread message a read one (27.005 3.4.2). */
function markRead({ message }: Place): void {
  if (message.status === STATUS.unread) message.status = STATUS.read;
}

function listOf(modem: VirtualModem, value: string): Answer {
  const wanted = modem.settings.textMode
    ? [...STATUS_NAMES, "ALL"].indexOf(valuesOf(value)[0] ?? "")
    : (numberIn(value.trim(), 0, ALL) ?? -1);
  return wanted < 0 ? cms(INVALID_PARAMETER) : listMessages(modem, wanted);
}

function listMessages(modem: VirtualModem, wanted: number): Reply {
  const lines: string[] = [];
  for (const place of modem.memories.list(modem.settings.storages[0])) {
    if (wanted !== ALL && place.message.status !== wanted) continue;
    lines.push(`+CMGL: ${place.index},${entryText(modem, place)}`);
    markRead(place);
  }
  return info(...lines);
}

function deleteRange(modem: VirtualModem): Reply {
  const { memories, settings, profile } = modem;
  const name = settings.storages[0];
  const { firstIndex, deleteList } = profile.storage;
  const last = firstIndex + memories.total(name) - 1;
  const indices = memories.list(name).map(({ index }) => index);
  const comma = deleteList === "indices-comma" && indices.length > 0 ? "," : "";
  const list = deleteList === "range" ? `${firstIndex}-${last}` : indices.join(",") + comma;
  return info(`+CMGD: (${list}),(0-4)`);
}

/** `<delflag>` 1 to 4 deletes by status and looks at no index (27.005 3.5.4). */
const DELETED: readonly (readonly MessageStatus[])[] = [
  [],
  [STATUS.read],
  [STATUS.read, STATUS.sent],
  [STATUS.read, STATUS.sent, STATUS.unsent],
  [STATUS.read, STATUS.sent, STATUS.unsent, STATUS.unread],
];

function deleteMessages(modem: VirtualModem, value: string): Answer {
  const name = modem.settings.storages[0];
  const [indexText, flagText] = valuesOf(value);
  const flag = flagText === undefined ? 0 : numberIn(flagText, 0, 4);
  if (flag === undefined) return cms(INVALID_PARAMETER);
  if (flag > 0) {
    for (const place of modem.memories.list(name)) {
      if (DELETED[flag]?.includes(place.message.status)) place.remove();
    }
    return OK;
  }
  const index = numberIn(indexText, 0, 65_535);
  if (index === undefined || !modem.memories.has(name, index)) return cms(INVALID_INDEX);
  // Deleting a free place is no error on the modems that were watched.
  modem.memories.find(name, index)?.remove();
  return OK;
}

function quoted(text: string): string {
  return `"${text}"`;
}
