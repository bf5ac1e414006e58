/**
 * The only source of chance. `systemRandom` is for keys and ids; `seededRandom` makes a simulation
 * repeatable and must never make a secret.
 */
import { randomBytes } from "node:crypto";

export interface Random {
  /** `count` random octets. */
  bytes(count: number): Uint8Array;
  /** A number in [0, 1). */
  float(): number;
  /** A whole number in [min, max], both included. */
  int(min: number, max: number): number;
}

function intFrom(float: () => number, min: number, max: number): number {
  return min + Math.floor(float() * (max - min + 1));
}

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  float: systemFloat,
  int: (min, max) => intFrom(systemFloat, min, max),
};

function systemFloat(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
}

/** sfc32 (Chris Doty-Humphrey's PractRand), seeded by four words drawn from `seed` by splitmix32. */
export function seededRandom(seed: number): Random {
  let mix = seed >>> 0;
  const word = (): number => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let [a, b, c, counter] = [word(), word(), word(), 1];
  const next = (): number => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + sum) >>> 0;
    return sum;
  };
  for (let round = 0; round < 12; round++) next();
  const float = (): number => next() / 2 ** 32;
  return {
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
    float,
    int: (min, max) => intFrom(float, min, max),
  };
}
