import { setImmediate as nextTurn } from 'node:timers/promises';

/** What is written in one turn of the event loop, in values: a few milliseconds of work. */
const MAX_WEIGHT = 5000;
/** Characters of a text that take as long as a value. */
const CHARACTERS = 100;

/**
 * JSON.stringify for values that JSON can express, over several turns of the event loop if a value is large: a megabyte
 * takes 10 ms or more.
 */
export async function stringify(value: unknown): Promise<string> {
  if (weigh(value) <= MAX_WEIGHT) return JSON.stringify(value);
  const pieces: string[] = [];
  let weight = 0;
  for (const [piece, pieceWeight] of piecesOf(value)) {
    pieces.push(piece);
    weight += pieceWeight;
    if (weight < MAX_WEIGHT) continue;
    weight = 0;
    await nextTurn();
  }
  return pieces.join('');
}

/** The JSON of a value in pieces, each with its weight. */
function* piecesOf(value: unknown): Generator<[piece: string, weight: number]> {
  const weight = weigh(value);
  if (weight <= MAX_WEIGHT || typeof value !== 'object' || value === null) {
    yield [JSON.stringify(value), weight];
    return;
  }
  const isList = Array.isArray(value);
  let before = isList ? '[' : '{';
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined && !isList) continue;
    yield [isList ? before : `${before}${JSON.stringify(name)}:`, 0];
    yield* piecesOf(item ?? null);
    before = ',';
  }
  yield [isList ? ']' : '}', 0];
}

/** How long a value takes to write, in values. It stops counting where that is more than one turn has room for. */
function weigh(value: unknown, limit = MAX_WEIGHT): number {
  if (typeof value === 'string') return 1 + value.length / CHARACTERS;
  if (typeof value !== 'object' || value === null) return 1;
  let weight = 1;
  // A list has too many names to take all of them.
  for (const name in value) {
    weight += weigh((value as Readonly<Record<string, unknown>>)[name], limit - weight);
    if (weight > limit) break;
  }
  return weight;
}

/** UTF-16 code units that are encoded in one turn. */
const MAX_SLICE = 1024 * 1024;
const HIGH_SURROGATE = /[\ud800-\udbff]$/;

/** A text in UTF-8, encoded over several turns of the event loop if it is long. */
export async function encode(text: string): Promise<Buffer> {
  if (text.length <= MAX_SLICE) return Buffer.from(text);
  const slices: Buffer[] = [];
  for (let start = 0; start < text.length; ) {
    const slice = text.slice(start, start + MAX_SLICE);
    // A slice must not end between the halves of a surrogate pair.
    const whole = HIGH_SURROGATE.test(slice) ? slice.slice(0, -1) : slice;
    slices.push(Buffer.from(whole || slice));
    start += whole.length || slice.length;
    await nextTurn();
  }
  return Buffer.concat(slices);
}
