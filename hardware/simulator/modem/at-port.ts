/**
 * One AT port (V.250): takes characters, echoes them, cuts them into command lines and prompt bodies,
 * runs the commands and spells the answers.
 */
import type { CommandRunner } from "#hardware/simulator/commands/runner.ts";
import type { FaultAction } from "#hardware/simulator/faults/actions.ts";
import type { FaultPoint } from "#hardware/simulator/faults/points.ts";
import { spanMs } from "#hardware/simulator/faults/span.ts";
import { type Answer, ERROR, type Final, isReply, type Later, type Prompt, type Reply } from "./answers.ts";
import { type Call, parseCommandLine } from "./command-line.ts";
import { damagedBody } from "./garble.ts";
import { LineEditor } from "./line-editor.ts";
import { type BusyMode, COMMAND, ESC, endOfBody, type Mode, type PromptMode, type Run } from "./mode.ts";
import { Output } from "./output.ts";
import { PromptWatch } from "./prompt-watch.ts";
import { refusal } from "./refusal.ts";
import { strike } from "./strike.ts";
import type { Socket, Terminal, Wire, WireEnd } from "./terminal.ts";
import type { VirtualModem } from "./virtual-modem.ts";

/** Characters that wait while a command runs; more are lost, as in a UART without flow control. */
const WAITING_MAX = 16_384;

export class AtPort implements Terminal, Socket {
  readonly #modem: VirtualModem;
  readonly #runCommand: CommandRunner;
  readonly #editor: LineEditor;
  readonly #output: Output;
  readonly #promptWatch: PromptWatch;
  readonly #second: boolean;
  #mode: Mode = COMMAND;
  #waiting = "";
  #lastLine = "";
  #working = false;
  /** Grows with each restart, so that what was begun before it can tell. */
  #life = 0;

  /** `second`: it is not the port that hosts use first, and does not share all of that one's troubles. */
  constructor(modem: VirtualModem, runCommand: CommandRunner, { second = false } = {}) {
    const { dialogue } = modem.profile;
    this.#modem = modem;
    this.#runCommand = runCommand;
    this.#editor = new LineEditor(dialogue.lineMax);
    this.#output = new Output(modem);
    this.#promptWatch = new PromptWatch(modem.clock, dialogue.promptTimeoutMs, () => this.#promptExpired());
    this.#second = second;
    modem.terminals.join(this);
  }

  attach(wire: Wire): WireEnd | undefined {
    if (this.#output.wire !== undefined) return undefined;
    this.#output.wire = wire;
    if (!this.#second) this.#modem.ear.reopened();
    return {
      receive: (text) => {
        if (this.#output.wire === wire) this.#receive(text);
      },
      detach: () => {
        if (this.#output.wire === wire) this.#output.wire = undefined;
      },
    };
  }

  say(line: string, fault?: FaultAction): void {
    if (this.#isHostTyping()) {
      this.#output.hold(line);
      return;
    }
    this.#output.unsolicited(line, fault);
    if (!this.#working) this.#output.flush();
  }

  reset(): void {
    const mode = this.#mode;
    this.#life++;
    this.#mode = COMMAND;
    if (mode.kind === "busy") mode.abort();
    this.#promptWatch.stop();
    this.#waiting = "";
    this.#editor.clear();
    this.#output.clear();
  }

  #receive(text: string): void {
    if (this.#modem.mute) return;
    this.#waiting += this.#modem.ear.hear(text, this.#mode === COMMAND, this.#second);
    if (this.#waiting.length > WAITING_MAX) this.#waiting = this.#waiting.slice(0, WAITING_MAX);
    this.#work();
  }

  #work(): void {
    if (this.#working) return;
    this.#working = true;
    while (this.#waiting !== "") {
      const mode = this.#mode;
      if (mode.kind === "command") this.#takeLine();
      else if (mode.kind === "prompt") this.#takeBody(mode);
      else if (!this.#interrupt(mode)) break;
    }
    this.#working = false;
    if (!this.#isHostTyping()) this.#output.release();
    this.#output.flush();
  }

  /** At the prompt, or in the middle of a line whose echo must not be torn. */
  #isHostTyping(): boolean {
    return this.#mode.kind === "prompt" || (this.#modem.settings.echo && this.#editor.begun);
  }

  #takeLine(): void {
    const { settings, profile } = this.#modem;
    const { rest, echo, line } = this.#editor.take(this.#waiting, settings);
    this.#waiting = rest;
    if (settings.echo) this.#output.raw(echo);
    if (line === undefined || line === "") return;
    if (line.length > profile.dialogue.lineMax) this.#end([], ERROR, "");
    else this.#execute(line.toUpperCase() === "A/" ? this.#lastLine : line);
  }

  #execute(line: string): void {
    // Whatever stands before AT is line noise (V.250 5.2.1); a line without AT is no command.
    const start = line.search(/at/i);
    if (start < 0) return;
    this.#lastLine = line;
    const calls = parseCommandLine(line.slice(start + 2));
    if (calls === undefined) this.#end([], ERROR, "");
    else this.#continue({ calls, next: 0, lines: [] });
  }

  #continue(run: Run): void {
    while (run.next < run.calls.length) {
      const call = run.calls[run.next++] as Call;
      const fault = this.#faultAt("command", call.name);
      if (fault && this.#strike(fault)) return;
      const answer =
        fault?.kind === "refuse" ? refusal(fault, this.#modem.random) : this.#runCommand(this.#modem, call);
      if (!isReply(answer)) {
        this.#await(run, answer, call.name);
        return;
      }
      if (answer.final !== "ok" || run.next === run.calls.length) {
        this.#end(run.lines, answer, call.name);
        return;
      }
      run.lines.push(...answer.lines);
    }
    this.#end(run.lines, { lines: [], final: "ok" }, "");
  }

  #await(run: Run, answer: Prompt | Later, name: string): void {
    if ("prompt" in answer) {
      this.#ask(run, answer.prompt, name);
      return;
    }
    const life = this.#life;
    let mode: Mode | undefined;
    let finished = false;
    const { abort } = answer.later((reply) => {
      if (finished || life !== this.#life) return;
      finished = true;
      if (mode === undefined) {
        this.#finish(run, reply, name);
      } else if (this.#mode === mode) {
        this.#mode = COMMAND;
        this.#finish(run, reply, name);
        this.#work();
      }
    });
    if (finished || life !== this.#life) return;
    const abortable = this.#modem.profile.dialogue.inputWhileSubmitting === "abort";
    mode = { kind: "busy", abort, abortable };
    this.#mode = mode;
  }

  #finish(run: Run, reply: Reply, name: string): void {
    if (reply.final !== "ok" || run.next === run.calls.length) {
      this.#end(run.lines, reply, name);
      return;
    }
    run.lines.push(...reply.lines);
    this.#continue(run);
  }

  #ask(run: Run, prompt: Prompt["prompt"], name: string): void {
    const fault = this.#faultAt("prompt", name);
    if (fault && this.#strike(fault)) return;
    this.#output.lines(run.lines.splice(0));
    const open = (): void => {
      if (fault?.kind !== "drop-prompt") this.#output.raw("\r\n> ");
      this.#mode = { kind: "prompt", run, prompt, body: "", damage: undefined };
      this.#promptWatch.opened();
    };
    if (fault?.kind === "delay-prompt") this.#later(spanMs(fault, this.#modem.random), open);
    else open();
  }

  /** Nothing is read until then. */
  #later(ms: number, act: () => void): void {
    const abort = this.#modem.clock.timer(ms, () => {
      this.#mode = COMMAND;
      act();
      this.#work();
    });
    this.#mode = { kind: "busy", abort, abortable: false };
  }

  #promptExpired(): void {
    if (this.#mode.kind !== "prompt") return;
    this.#mode = COMMAND;
    this.#end([], ERROR, "");
  }

  #takeBody(mode: PromptMode): void {
    const name = mode.run.calls[mode.run.next - 1]?.name ?? "";
    const fault = mode.body === "" ? this.#faultAt("pdu", name) : undefined;
    if (fault && this.#strike(fault)) return;
    mode.damage ??= fault;
    const end = endOfBody(this.#waiting);
    const part = end < 0 ? this.#waiting : this.#waiting.slice(0, end);
    const stop = end < 0 ? "" : (this.#waiting[end] ?? "");
    this.#waiting = end < 0 ? "" : this.#waiting.slice(end + 1);
    if (this.#modem.settings.echo) this.#output.raw(part + stop);
    mode.body = (mode.body + part).slice(0, mode.prompt.bodyMax + 1);
    if (end >= 0 && stop !== ESC && mode.damage?.kind === "drop-ctrl-z") {
      mode.damage = undefined;
      return;
    }
    if (end < 0) {
      if (this.#modem.settings.textMode && part.endsWith("\r")) this.#output.raw("\r\n> ");
      return;
    }
    this.#mode = COMMAND;
    this.#promptWatch.closed();
    if (stop === ESC) {
      const { escape: policy } = this.#modem.profile.dialogue;
      if (policy !== "nothing") this.#end([], { lines: [], final: policy }, name);
      return;
    }
    const answer: Answer = mode.prompt.body(damagedBody(mode.body, mode.damage));
    if (isReply(answer)) this.#finish(mode.run, answer, name);
    else this.#await(mode.run, answer, name);
  }

  /** Characters while the network has not answered. False when they wait. */
  #interrupt({ abort, abortable }: BusyMode): boolean {
    if (!abortable) return false;
    if (this.#waiting[0] === "\r" || this.#waiting[0] === "\n") {
      this.#waiting = this.#waiting.slice(1);
      return true;
    }
    this.#mode = COMMAND;
    abort();
    this.#end([], ERROR, "");
    return true;
  }

  #end(lines: readonly string[], { lines: own, final, recipient }: Reply, name: string): void {
    if (this.#modem.ear.hangs(this.#second)) return;
    const fault = this.#faultAt("answer", name, recipient);
    if (fault && this.#strike(fault)) return;
    const all = lines.length === 0 ? own : [...lines, ...own];
    if (fault?.kind === "delay-answer") {
      const ms = spanMs(fault, this.#modem.random) + (fault.perLineMs ?? 0) * all.length;
      this.#later(ms, () => this.#write(all, final, undefined));
    } else if (fault?.kind === "late-final") {
      this.#write(all, "silent", undefined);
      this.#later(spanMs(fault, this.#modem.random), () => this.#write([], final, undefined));
    } else {
      this.#write(all, final, fault);
    }
  }

  #write(lines: readonly string[], final: Final, fault: FaultAction | undefined): void {
    this.#output.answer(lines, final, fault);
    this.#output.release();
    if (!this.#working) this.#output.flush();
  }

  #faultAt(point: FaultPoint, command: string, recipient?: string): FaultAction | undefined {
    const { faults, name } = this.#modem;
    if (!faults.active) return undefined;
    return faults.take(point, { modem: name, command, ...(recipient !== undefined && { recipient }) });
  }

  /** True when the modem is gone or mute: what waits is lost with it. */
  #strike(fault: FaultAction): boolean {
    if (!strike(this.#modem, fault)) return false;
    this.#waiting = "";
    return true;
  }
}
