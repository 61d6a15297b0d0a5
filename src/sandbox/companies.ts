import { hash } from 'node:crypto';
import { foldSearchKey, isOrganisationCode } from '../qcc/search-key.js';
import { outcomeOf } from './cards.js';

/** An invented company. All its data is derived from its seed, so it is the same after a restart. */
export interface SandboxCompany {
  /** 11 hexadecimal digits: 6 of a checksum of the name, and 5 of the number of cases. A KeyNo starts with it. */
  readonly seed: string;
  readonly caseCount: number;
}

/** The company in the document's examples (6.3.1 and 6.3.2). */
const SAMPLE_NAME = '浙江省临海标准件工业公司';
const SAMPLE_KEY_NO = '7629d57f18b20b1927ea4ee5366bfde3';
export const SAMPLE_SEED = seedOf(SAMPLE_NAME);

/** The company that a search key finds: the same for its KeyNo and for its name in any width and case. */
export function companyBy(searchKey: string): SandboxCompany {
  const folded = foldSearchKey(searchKey).trim();
  const seed = seedOfKeyNo(folded) ?? seedOf(folded);
  return { seed, caseCount: Number.parseInt(seed.slice(6), 16) };
}

function seedOf(folded: string): string {
  return hash('sha256', folded).slice(0, 6) + caseCountOf(folded).toString(16).padStart(5, '0');
}

/** 40 % of companies have no case, 54 % have 1 to 60, and 6 % have 1,000 to 7,999. */
function caseCountOf(folded: string): number {
  if (folded === SAMPLE_NAME) return 99;
  const outcome = outcomeOf(folded);
  if (outcome?.kind === 'rows') return outcome.count;
  if (outcome?.kind === 'list') return outcome.oddity === 'overcount' ? 20 : 25;
  if (outcome) return outcome.kind === 'detail-card' ? 3 : 5;
  const bytes = hash('sha256', `length ${folded}`, 'buffer');
  const draw = bytes.readUInt8(0) / 256;
  const size = bytes.readUInt16BE(1);
  if (draw < 0.4) return 0;
  return draw < 0.94 ? 1 + (size % 60) : 1000 + (size % 7000);
}

export function keyNoOf(seed: string): string {
  if (seed === SAMPLE_SEED) return SAMPLE_KEY_NO;
  return seed + hash('sha256', `KeyNo ${seed}`).slice(0, 32 - seed.length);
}

function seedOfKeyNo(text: string): string | undefined {
  if (text === SAMPLE_KEY_NO) return SAMPLE_SEED;
  const seed = text.slice(0, SAMPLE_SEED.length);
  return text === keyNoOf(seed) ? seed : undefined;
}

/** The `CerNo` of a company: an organisation code with its hyphen. */
export function certificateOf(seed: string): string {
  if (seed === SAMPLE_SEED) return '14796919-0';
  const body = String(hash('sha256', `code ${seed}`, 'buffer').readUInt32BE(0) % 100_000_000).padStart(
    8,
    '0',
  );
  const check = [...'0123456789X'].find((character) => isOrganisationCode(body + character));
  return `${body}-${check}`;
}

const CITIES = ['杭州', '宁波', '临海', '苏州', '深圳', '成都', '武汉', '青岛'];
const WORDS = ['恒通', '华信', '金盛', '瑞丰', '嘉禾', '远大', '鼎新', '天成'];
const TRADES = ['机械制造', '纺织', '建筑工程', '电子科技', '贸易', '置业', '食品', '物流'];

/** A name for a company that no search has named yet. */
export function inventedName(seed: string): string {
  if (seed === SAMPLE_SEED) return SAMPLE_NAME;
  const bytes = hash('sha256', `name ${seed}`, 'buffer');
  const pick = (list: readonly string[], offset: number) => list[bytes.readUInt8(offset) % list.length] ?? '';
  return `${pick(CITIES, 0)}${pick(WORDS, 1)}${pick(TRADES, 2)}有限公司`;
}
