import { foldSearchKey, isCreditCode, isOrganisationCode } from '../qcc/search-key.js';
import { outcomeOf } from './cards.js';
import { sha256 } from './sha256.js';

/** An invented company. All its data is derived from its seed, so it is the same after a restart. */
export interface SandboxCompany {
  /** 8 hexadecimal digits. */
  readonly seed: string;
  readonly caseCount: number;
}

/** The company in the document's examples (6.3.1 and 6.3.2). */
const SAMPLE_NAME = '浙江省临海标准件工业公司';
const SAMPLE_KEY_NO = '7629d57f18b20b1927ea4ee5366bfde3';
const SAMPLE_CASE_COUNT = 99;

/**
 * Prefixes of the seeds of companies that belong to a card. A KeyNo starts with the seed, so a search by KeyNo finds as
 * many cases as the card does. No other seed starts with `ff`.
 */
const EXACT_COUNT = 'fff';
const THREE_CASES = 'ffe';
const FIVE_CASES = 'ffd';

function seedOf(folded: string): string {
  const digest = sha256(folded).toString('hex', 0, 4);
  const outcome = outcomeOf(folded);
  if (outcome?.kind === 'rows') return EXACT_COUNT + outcome.count.toString(16).padStart(5, '0');
  if (outcome) return (outcome.kind === 'detail-card' ? THREE_CASES : FIVE_CASES) + digest.slice(3);
  return digest.replace(/^ff/, 'fe');
}

export const SAMPLE_SEED = seedOf(SAMPLE_NAME);

/** The company that a search key finds: the same for its KeyNo and for its name in any width and case. */
export function companyBy(searchKey: string): SandboxCompany {
  const folded = foldSearchKey(searchKey).trim();
  const seed = seedOfKeyNo(folded) ?? seedOf(folded);
  return { seed, caseCount: seed === SAMPLE_SEED ? SAMPLE_CASE_COUNT : caseCountOf(seed) };
}

/** 40 % of companies have no case, 54 % have 1 to 60, and 6 % have 1,000 to 7,999. */
function caseCountOf(seed: string): number {
  if (seed.startsWith(EXACT_COUNT)) return Number.parseInt(seed.slice(EXACT_COUNT.length), 16);
  if (seed.startsWith(THREE_CASES)) return 3;
  if (seed.startsWith(FIVE_CASES)) return 5;
  const bytes = sha256(`length ${seed}`);
  const draw = bytes.readUInt8(0) / 256;
  const size = bytes.readUInt16BE(1);
  if (draw < 0.4) return 0;
  return draw < 0.94 ? 1 + (size % 60) : 1000 + (size % 7000);
}

export function keyNoOf(seed: string): string {
  if (seed === SAMPLE_SEED) return SAMPLE_KEY_NO;
  return seed + sha256(`KeyNo ${seed}`).toString('hex', 0, 12);
}

function seedOfKeyNo(text: string): string | undefined {
  if (text === SAMPLE_KEY_NO) return SAMPLE_SEED;
  const seed = text.slice(0, 8);
  return text === keyNoOf(seed) ? seed : undefined;
}

/** The `CerNo` of a company: for one in eight a credit code, else an organisation code with its hyphen. */
export function certificateOf(seed: string): string {
  if (seed === SAMPLE_SEED) return '14796919-0';
  const bytes = sha256(`code ${seed}`);
  const body = String(bytes.readUInt32BE(0) % 100_000_000).padStart(8, '0');
  const organisationCode = withCheckCharacter(body, '0123456789X', isOrganisationCode);
  return bytes.readUInt8(4) < 32
    ? withCheckCharacter(`91331082${organisationCode}`, '0123456789ABCDEFGHJKLMNPQRTUWXY', isCreditCode)
    : `${body}-${organisationCode.slice(-1)}`;
}

/** Appends the one character that makes a code valid. */
function withCheckCharacter(body: string, alphabet: string, isValid: (code: string) => boolean): string {
  return body + [...alphabet].find((character) => isValid(body + character));
}

const CITIES = ['杭州', '宁波', '临海', '苏州', '深圳', '成都', '武汉', '青岛'];
const WORDS = ['恒通', '华信', '金盛', '瑞丰', '嘉禾', '远大', '鼎新', '天成'];
const TRADES = ['机械制造', '纺织', '建筑工程', '电子科技', '贸易', '置业', '食品', '物流'];

/** A name for a company that no search has named yet. */
export function inventedName(seed: string): string {
  if (seed === SAMPLE_SEED) return SAMPLE_NAME;
  const bytes = sha256(`name ${seed}`);
  const pick = (list: readonly string[], offset: number) => list[bytes.readUInt8(offset) % list.length] ?? '';
  return `${pick(CITIES, 0)}${pick(WORDS, 1)}${pick(TRADES, 2)}有限公司`;
}
