import { hash } from 'node:crypto';
import { type CaseLocation, decodeCaseId, encodeCaseId } from './case-ids.js';
import { certificateOf, inventedName, keyNoOf, SAMPLE_SEED } from './companies.js';
import { type SandboxRow, sampleRows } from './fixed-rows.js';

const COURTS = [
  ['浙1082', '临海市人民法院'],
  ['浙0102', '杭州市上城区人民法院'],
  ['浙0203', '宁波市海曙区人民法院'],
  ['苏0508', '苏州市姑苏区人民法院'],
  ['粤0304', '深圳市福田区人民法院'],
  ['京0105', '北京市朝阳区人民法院'],
] as const;

const DAY = 86_400_000;
/** The end dates of the newest cases, in milliseconds since 1970. */
const NEWEST = Date.UTC(2024, 5, 28);
const NEWEST_OF_SAMPLE = Date.UTC(2019, 6, 24);
/** Case numbers took their present form in 2016: the 5,000 cases that paging reaches must be newer. */
const CASES_PER_DAY = 5;
const dayOf = (moment: number) => new Date(moment).toISOString().slice(0, 10);

/** The row of a company's case. Index 0 is the newest case; a larger index never has a later end date. */
export function rowAt(seed: string, index: number): SandboxRow {
  const sample = seed === SAMPLE_SEED ? sampleRows[index] : undefined;
  if (sample) return sample;
  const bytes = hash('sha256', `row ${seed} ${index}`, 'buffer');
  const newest = seed === SAMPLE_SEED ? NEWEST_OF_SAMPLE : NEWEST;
  const end = newest - Math.floor(index / CASES_PER_DAY) * DAY;
  const filed = end - (30 + (bytes.readUInt16BE(0) % 500)) * DAY;
  const [courtCode, court] = COURTS[bytes.readUInt8(2) % COURTS.length] ?? COURTS[0];
  const fen = bytes.readUInt8(3) < 200 ? 0 : bytes.readUInt16BE(14) % 100;
  const owed = 1000 * (1 + (bytes.readUInt32BE(4) % 20_000)) + fen / 100;
  const unperformed = Math.floor((owed * (bytes.readUInt8(8) + 1)) / 256);
  return {
    Id: encodeCaseId({ seed, index }),
    CaseNo: `(${dayOf(filed).slice(0, 4)})${courtCode}执${1 + (bytes.readUInt16BE(10) % 6000)}号`,
    Court: court,
    EndDate: dayOf(end),
    LianDate: dayOf(filed),
    ExecuteSubject: String(owed),
    UnperformedAmt: String(unperformed),
  };
}

/**
 * A `Result` of GetDetail, with the document's field names in the document's order (6.3.2).
 *
 * @param name the company's name; undefined for an invented one
 */
export function detailAt(seed: string, index: number, name: string | undefined) {
  const { Id, CaseNo, Court, EndDate, LianDate, ExecuteSubject, UnperformedAmt } = rowAt(seed, index);
  const draw = seed === SAMPLE_SEED ? 255 : hash('sha256', `owner ${seed} ${index}`, 'buffer').readUInt8(0);
  const isPerson = draw < 8;
  return {
    Id,
    CaseNo,
    OwnerInfo: isPerson
      ? { KeyNo: draw < 4 ? '' : `p${keyNoOf(seed).slice(1)}`, Name: '张某某' }
      : { KeyNo: keyNoOf(seed), Name: name ?? inventedName(seed) },
    CerNo: isPerson ? '3301061977****0418' : certificateOf(seed),
    Court,
    LianDate,
    EndDate,
    ExecuteSubject,
    UnperformedAmt,
  };
}

/** Which case has an id; undefined for an id that is neither generated here nor in the document. */
export function locateCase(id: string): CaseLocation | undefined {
  const index = sampleRows.findIndex((row) => row.Id === id);
  return index >= 0 ? { seed: SAMPLE_SEED, index } : decodeCaseId(id);
}
