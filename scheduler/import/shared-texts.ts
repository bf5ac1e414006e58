/**
 * The texts that the cells of a workbook share (ECMA-376 18.4.8), by their number. Half a million short
 * strings cost the heap several times their characters, and each collection looks at all of them: they
 * are kept joined, a thousand together, and cut out when a cell asks.
 */

export interface SharedTexts {
  /** Undefined when the workbook has no text of this number. */
  at(index: number): string | undefined;
}

export interface SharedTextsBuilder extends SharedTexts {
  add(text: string): void;
}

const TEXTS_JOINED = 1_024;

interface Piece {
  readonly text: string;
  /** Where each of its texts ends. */
  readonly ends: readonly number[];
}

export function createSharedTexts(): SharedTextsBuilder {
  const pieces: Piece[] = [];
  let waiting: string[] = [];
  const join = (): void => {
    let end = 0;
    const ends = waiting.map((text) => {
      end += text.length;
      return end;
    });
    pieces.push({ text: waiting.join(""), ends });
    waiting = [];
  };
  return {
    add(text) {
      waiting.push(text);
      if (waiting.length === TEXTS_JOINED) join();
    },
    at(index) {
      if (!Number.isSafeInteger(index) || index < 0) return undefined;
      const number = Math.floor(index / TEXTS_JOINED);
      const place = index % TEXTS_JOINED;
      if (number === pieces.length) return waiting[place];
      const piece = pieces[number];
      if (piece === undefined) return undefined;
      return piece.text.slice(place === 0 ? 0 : piece.ends[place - 1], piece.ends[place]);
    },
  };
}
