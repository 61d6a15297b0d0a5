import { createHash } from 'node:crypto';
import { foldSearchKey, isCreditCode, isOrganisationCode } from '../qcc/search-key.js';
import { playOf } from './cards.js';

/** An invented company. Everything of it follows from its seed, so that a restart changes nothing. */
export interface SandboxCompany {
  /** 8 hexadecimal digits. */
  readonly seed: string;
  /** Number of its cases. */
  readonly length: number;
}

/** The company of the document (6.3.1 and 6.3.2). */
export const SAMPLE_NAME = '浙江省临海标准件工业公司';
const SAMPLE_KEY_NO = '7629d57f18b20b1927ea4ee5366bfde3';
const SAMPLE_LENGTH = 99;

/** Bytes that follow from a text and look like nothing. */
export function bytesOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Beginnings of seeds that tell how many cases there are, so that a card's company keeps its length when it is found by
 * its KeyNo. No other seed begins with `ff`.
 */
const COUNTED = 'fff';
const OF_THREE = 'ffe';
const OF_FIVE = 'ffd';

function seedOf(folded: string): string {
  const hash = bytesOf(folded).toString('hex', 0, 4);
  const play = playOf(folded);
  if (play?.kind === 'rows') return COUNTED + play.length.toString(16).padStart(5, '0');
  if (play !== undefined) return (play.kind === 'detail-card' ? OF_THREE : OF_FIVE) + hash.slice(3);
  return hash.replace(/^ff/, 'fe');
}

export const SAMPLE_SEED = seedOf(SAMPLE_NAME);

/** The company that a search key finds: the same for its name, however written, and its KeyNo. */
export function companyBy(searchKey: string): SandboxCompany {
  const folded = foldSearchKey(searchKey).trim();
  const seed = seedOfKeyNo(folded) ?? seedOf(folded);
  return { seed, length: seed === SAMPLE_SEED ? SAMPLE_LENGTH : lengthOf(seed) };
}

/** 40 % have no case, most of the others up to 60, a few some thousands. */
function lengthOf(seed: string): number {
  if (seed.startsWith(COUNTED)) return Number.parseInt(seed.slice(COUNTED.length), 16);
  if (seed.startsWith(OF_THREE)) return 3;
  if (seed.startsWith(OF_FIVE)) return 5;
  const bytes = bytesOf(`length ${seed}`);
  const draw = bytes.readUInt8(0) / 256;
  const size = bytes.readUInt16BE(1);
  if (draw < 0.4) return 0;
  return draw < 0.94 ? 1 + (size % 60) : 1000 + (size % 7000);
}

export function keyNoOf(seed: string): string {
  if (seed === SAMPLE_SEED) return SAMPLE_KEY_NO;
  return seed + bytesOf(`KeyNo ${seed}`).toString('hex', 0, 12);
}

function seedOfKeyNo(text: string): string | undefined {
  if (text === SAMPLE_KEY_NO) return SAMPLE_SEED;
  const seed = text.slice(0, 8);
  return text === keyNoOf(seed) ? seed : undefined;
}

/** What CerNo holds for a company: an organisation code with its hyphen, for one in eight a credit code. */
export function certificateOf(seed: string): string {
  if (seed === SAMPLE_SEED) return '14796919-0';
  const bytes = bytesOf(`code ${seed}`);
  const body = String(bytes.readUInt32BE(0) % 100_000_000).padStart(8, '0');
  const organisation = completed(body, '0123456789X', isOrganisationCode);
  return bytes.readUInt8(4) < 32
    ? completed(`91331082${organisation}`, '0123456789ABCDEFGHJKLMNPQRTUWXY', isCreditCode)
    : `${body}-${organisation.slice(-1)}`;
}

/** Puts the one character behind a code that makes it valid. */
function completed(body: string, alphabet: string, valid: (code: string) => boolean): string {
  return body + [...alphabet].find((character) => valid(body + character));
}

const CITIES = ['杭州', '宁波', '临海', '苏州', '深圳', '成都', '武汉', '青岛'];
const WORDS = ['恒通', '华信', '金盛', '瑞丰', '嘉禾', '远大', '鼎新', '天成'];
const TRADES = ['机械制造', '纺织', '建筑工程', '电子科技', '贸易', '置业', '食品', '物流'];

/** A name for a company that was found by something else than its name. */
export function inventedName(seed: string): string {
  if (seed === SAMPLE_SEED) return SAMPLE_NAME;
  const bytes = bytesOf(`name ${seed}`);
  const pick = (list: readonly string[], at: number) => list[bytes.readUInt8(at) % list.length] ?? '';
  return `${pick(CITIES, 0)}${pick(WORDS, 1)}${pick(TRADES, 2)}有限公司`;
}
