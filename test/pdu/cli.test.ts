import { type Command, CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { pduCommand } from "#hardware/pdu/cli.ts";

const DELIVER =
  "07912104442961F4040B916171957291F800001120821105050A6AC8B2BC7C9A83C220F6DB7D2ECB41EDF27C1E3E97411BDE06" +
  "754FD3D1A0F9BB5D0695F1F4B29B5C2683C6E8B03C3CA697E5F34D6AE303D1D1F2F7DD0D4ABB59A0797D8C0685E7A00028EC26" +
  "832A960B28EC2683BE6050780EBA97D96C17";

interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number;
}

async function run(args: readonly string[], input = ""): Promise<Outcome> {
  let out = "";
  let err = "";
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        out += text;
      },
      writeErr: (text) => {
        err += text;
      },
    });
    command.commands.forEach(quiet);
  };
  const command = pduCommand(() => Promise.resolve(input));
  quiet(command);
  try {
    await command.parseAsync(args, { from: "user" });
    return { out, err, exitCode: 0 };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { out, err, exitCode: error.exitCode };
  }
}

describe("dunlin pdu decode", () => {
  it("shows every octet once, with its field and meaning", async () => {
    const { out, exitCode } = await run(["decode", DELIVER]);
    expect(exitCode).toBe(0);
    expect(out).toContain(
      "SMS-DELIVER, a message to the mobile; service centre +12404492164, 112 octets of TPDU",
    );
    expect(out).toMatch(/^0-7 +07912104442961F4 +smsc +\+12404492164, international, plan 1$/m);
    expect(out).toMatch(/^19-25 +1120821105050A +timestamp +2011-02-28T11:50:50-05:00$/m);
    expect(out).toMatch(/^27-119 .*userData.text +"Here's a longer message \[\{with/m);
    const spans = [...out.matchAll(/^(\d+)(?:-(\d+))? /gm)].map(([, from, to]) => [
      Number(from),
      Number(to ?? from),
    ]);
    let next = 0;
    for (const [from = -1, to = -1] of spans) {
      expect(from).toBe(next);
      next = to + 1;
    }
    expect(next).toBe(DELIVER.length / 2);
  });

  it.each([
    [
      "a part of a long message to a port",
      ["--mo", "0041000491214300040D0B0003070201050400FF23F0F1"],
      /part 1 of 2, reference 7, to port 255 from port 9200/,
    ],
    [
      "a status report",
      ["00060604912143620221514365006202215143650000"],
      /completed: received by the handset/,
    ],
    [
      "messages that wait",
      ["--mo", "004100049121430004050401020003"],
      /userData.header +3 voicemail messages waiting/,
    ],
    [
      "what a report announces",
      ["0006060B911634092142F4019071011000040190710110450400060000"],
      /parameterIndicator +coding, user data follow/,
    ],
    [
      "trailing octets",
      ["0002060491214362022151436500620221514365000001AABB"],
      /trailingOctets +after the message, ignored/,
    ],
    ["no service centre", ["--no-smsc", "--mo", "01000481214300000141"], /^0 +01 +firstOctet +submit$/m],
    ["an answer with a cause", ["--mo", "--error", "0000D300"], /failureCause +cause 211/],
    ["a command", ["--mo", "0002070002050481214300"], /commandType +delete the message/],
  ])("%s", async (_name, args, expected) => {
    const { out, err } = await run(["decode", ...args]);
    expect(err).toBe("");
    expect(out).toMatch(expected);
  });

  it("--json prints what the decoder gives, octets as hexadecimal", async () => {
    const { out } = await run(["decode", "--json", "--mo", "00010004812143000402FF00"]);
    expect(JSON.parse(out)).toMatchObject({
      kind: "submit",
      smsc: null,
      destination: { ton: 0, npi: 1, digits: "1234" },
      userData: { length: 2, data: "FF00" },
    });
  });

  it("without an argument it reads one PDU a line", async () => {
    const { out } = await run(["decode", "--json"], `${DELIVER}\r\n\n  ${DELIVER}\n`);
    expect(out.trim().split("\n")).toHaveLength(2);
  });

  it.each([
    [
      "what is wrong and where",
      ["decode", "07912104ZZ"],
      "",
      'error: hex at octet 4: "ZZ" is not two hexadecimal digits\n',
    ],
    [
      "a PDU that ends too early",
      ["decode", "0004"],
      "",
      "error: originator.length at octet 2: needs 1 octet, 0 left\n",
    ],
    [
      "that nothing was given",
      ["decode"],
      "",
      "error: no PDU given; name it as the argument or pipe one a line\n",
    ],
    [
      "the bad line of several",
      ["decode"],
      `${DELIVER}\nxx\n`,
      'error: hex at octet 0: "xx" is not two hexadecimal digits\n',
    ],
  ])("an error says %s", async (_name, args, input, expected) => {
    const { err, exitCode } = await run(args, input);
    expect(err).toBe(expected);
    expect(exitCode).toBe(1);
  });

  it("--help explains itself with an example", async () => {
    const { out } = await run(["decode", "--help"]);
    expect(out).toMatch(/--no-smsc/);
    expect(out).toMatch(/\$ dunlin pdu decode 07/);
  });
});

describe("dunlin pdu encode", () => {
  it("prints what AT+CMGS takes", async () => {
    const { out } = await run(["encode", "--to", "+4917012345678", "--text", "Hello"]);
    expect(out).toBe(
      "1 segment of up to 160 septets, GSM 7-bit\n\n" +
        "AT+CMGS=19    (5 septets)\n0001000D91947110325476F8000005C8329BFD06\n",
    );
  });

  it("says why a message is UCS-2 and what was replaced", async () => {
    const ucs2 = await run(["encode", "--to", "123", "--text", "ж“"]);
    expect(ucs2.out).toContain("UCS-2 because of: ж “");
    const replaced = await run(["encode", "--to", "123", "--text", "“a”", "--transliterate"]);
    expect(replaced.out).toContain('replaced “ by "\\"" at 0');
  });

  it("every option reaches the PDU", async () => {
    const flags = [
      "--smsc",
      "+491710760000",
      "--report",
      "--reject-duplicates",
      "--class",
      "0",
      "--validity",
      "3600",
    ];
    const more = ["--pid", "65", "--reference", "300", "--wide-reference", "--language", "turkish", "--json"];
    const { out } = await run(["encode", "--to", "123", "--text", `ş${"a".repeat(200)}`, ...flags, ...more]);
    const { segmentation, pdus } = JSON.parse(out);
    expect(segmentation).toMatchObject({ alphabet: "gsm7", singleShift: 1 });
    const decoded = await run(["decode", "--mo", "--json", pdus[0].hex]);
    expect(JSON.parse(decoded.out)).toMatchObject({
      smsc: { digits: "491710760000" },
      statusReportRequest: true,
      rejectDuplicates: true,
      pid: 65,
      coding: { class: 0 },
      validity: { seconds: 3600 },
      userData: { concatenation: { referenceBits: 16, reference: 300, total: 2, sequence: 1 } },
    });
  });

  it.each([
    ["a number with blanks", ["--to", "+49 170", "--text", "x"], /error: address: a number is 1 to 20/],
    ["a class of 4", ["--to", "1", "--text", "x", "--class", "4"], /Give a whole number from 0 to 3/],
    [
      "an unknown language",
      ["--to", "1", "--text", "x", "--language", "klingon"],
      /Allowed choices are turkish/,
    ],
    ["no recipient", ["--text", "x"], /required option '--to <number>' not specified/],
    ["a text that is too long", ["--to", "1", "--text", "a".repeat(40_000)], /needs 262 segments/],
  ])("refused: %s", async (_name, args, expected) => {
    const { err, exitCode } = await run(["encode", ...args]);
    expect(err).toMatch(expected);
    expect(exitCode).toBe(1);
  });
});
