import { type CaseLocation, decodeCaseId, encodeCaseId } from './case-ids.js';
import { certificateOf, inventedName, keyNoOf, SAMPLE_SEED } from './companies.js';
import { type SandboxRow, sampleRows } from './fixed-rows.js';
import { sha256 } from './sha256.js';

const COURTS = [
  ['浙1082', '临海市人民法院'],
  ['浙0102', '杭州市上城区人民法院'],
  ['浙0203', '宁波市海曙区人民法院'],
  ['苏0508', '苏州市姑苏区人民法院'],
  ['粤0304', '深圳市福田区人民法院'],
  ['京0105', '北京市朝阳区人民法院'],
  ['沪0115', '上海市浦东新区人民法院'],
  ['川0104', '成都市锦江区人民法院'],
  ['鄂0106', '武汉市武昌区人民法院'],
  ['鲁0202', '青岛市市南区人民法院'],
] as const;

/** Milliseconds. */
const DAY = 86_400_000;
const NEWEST = Date.UTC(2024, 5, 28);
const NEWEST_OF_SAMPLE = Date.UTC(2019, 6, 24);
const dayOf = (moment: number) => new Date(moment).toISOString().slice(0, 10);

/** The row of a company's case. Index 0 is the newest case; a larger index never has a later end date. */
export function rowAt(seed: string, index: number): SandboxRow {
  const sample = seed === SAMPLE_SEED ? sampleRows[index] : undefined;
  if (sample) return sample;
  const bytes = sha256(`row ${seed} ${index}`);
  const end = endOf(seed, index);
  const filed = end - (30 + (bytes.readUInt16BE(0) % 500)) * DAY;
  // Most companies are sued at home.
  const draw = bytes.readUInt8(2);
  const courtIndex = draw < 180 ? homeCourtOf(seed) : draw;
  const [courtCode, court] = COURTS[courtIndex % COURTS.length] ?? COURTS[0];
  const fen = bytes.readUInt8(3) < 200 ? 0 : bytes.readUInt16BE(14) % 100;
  const owed = 1000 * (1 + (bytes.readUInt32BE(4) % 20_000)) + fen / 100;
  const unperformed = Math.floor((owed * (bytes.readUInt8(8) + 1)) / 256);
  const row = {
    Id: encodeCaseId({ seed, index }),
    CaseNo: `(${dayOf(filed).slice(0, 4)})${courtCode}执${1 + (bytes.readUInt16BE(10) % 6000)}号`,
    Court: court,
    EndDate: dayOf(end),
    LianDate: dayOf(filed),
    ExecuteSubject: String(owed),
    UnperformedAmt: String(unperformed),
  };
  return { ...row, ...unusualValues(bytes.readUInt8(12), row.LianDate, row.CaseNo, owed) };
}

/** Chooses the court where a company has its seat: an index into `COURTS`, modulo its length. */
function homeCourtOf(seed: string): number {
  return seed === SAMPLE_SEED ? 0 : Number.parseInt(seed, 16);
}

/** The end date of a case, in milliseconds since 1970: after 2016, when case numbers took their present form. */
function endOf(seed: string, index: number): number {
  const number = Number.parseInt(seed, 16);
  const newest = seed === SAMPLE_SEED ? NEWEST_OF_SAMPLE : NEWEST - (number % 300) * DAY;
  const daysToDouble = seed === SAMPLE_SEED ? 120 : 80 + (number % 71);
  return newest - Math.floor(daysToDouble * Math.log2(1 + index / 4)) * DAY;
}

/** For 8 draws out of 256, values in the unusual forms that QCC's answers have. */
function unusualValues(draw: number, filed: string, caseNo: string, owed: number): Partial<SandboxRow> {
  switch (draw) {
    case 0:
      return { UnperformedAmt: '—' };
    case 1:
      return { LianDate: `${filed}T00:00:00+08:00` };
    case 2:
      return { ExecuteSubject: owed.toExponential().toUpperCase() };
    case 3:
      return { LianDate: '0001-01-01T00:00:00' };
    case 4:
      return { Court: '' };
    case 5:
      return { LianDate: '1970-01-18' };
    case 6:
      return { ExecuteSubject: '', UnperformedAmt: '' };
    case 7:
      return { CaseNo: caseNo.replace('(', '（').replace(')', '）') };
    default:
      return {};
  }
}

/**
 * A `Result` of GetDetail, with the document's field names in the document's order (6.3.2).
 *
 * @param name the company's name; undefined for an invented one
 */
export function detailAt(seed: string, index: number, name: string | undefined) {
  const { Id, CaseNo, Court, EndDate, LianDate, ExecuteSubject, UnperformedAmt } = rowAt(seed, index);
  const draw = seed === SAMPLE_SEED ? 255 : sha256(`owner ${seed} ${index}`).readUInt8(0);
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
