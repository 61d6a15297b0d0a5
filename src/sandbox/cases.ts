import { idOf, type Place, placeIn } from './case-ids.js';
import { bytesOf, certificateOf, inventedName, keyNoOf, SAMPLE_SEED } from './companies.js';

/** A row of GetList, in the document's words and order (6.3.1). */
export interface SandboxRow {
  readonly Id: string;
  readonly CaseNo: string | null;
  readonly Court: string | null;
  readonly EndDate: string | null;
  readonly LianDate: string | null;
  readonly ExecuteSubject: string | null;
  readonly UnperformedAmt: string | null;
}

const SAMPLE_ROWS: readonly SandboxRow[] = [
  {
    Id: '68d0c45d6ce6115c340e31674b45cd62',
    CaseNo: '(2018)浙1082执2303号',
    Court: '临海市人民法院',
    EndDate: '2019-07-25',
    LianDate: '2018-07-03',
    ExecuteSubject: '1000000',
    UnperformedAmt: '562781',
  },
  {
    Id: 'f0a872a32391a3e76ba1bb5867a846b3',
    CaseNo: '(2019)浙1082执1025号',
    Court: '临海市人民法院',
    EndDate: '2019-07-24',
    LianDate: '2019-02-26',
    ExecuteSubject: '55000',
    UnperformedAmt: '55000',
  },
];

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

const DAY = 86_400_000;
const NEWEST = Date.UTC(2024, 5, 28);
const NEWEST_OF_SAMPLE = Date.UTC(2019, 6, 24);
const dayOf = (moment: number) => new Date(moment).toISOString().slice(0, 10);

/** The case at a place in a company's list, 0 the newest. Rows come newest first whatever the place. */
export function rowAt(seed: string, index: number): SandboxRow {
  const sample = seed === SAMPLE_SEED ? SAMPLE_ROWS[index] : undefined;
  if (sample) return sample;
  const bytes = bytesOf(`row ${seed} ${index}`);
  const end = endOf(seed, index);
  const filed = end - (30 + (bytes.readUInt16BE(0) % 500)) * DAY;
  // Most companies are sued at home.
  const draw = bytes.readUInt8(2);
  const bench = draw < 180 ? homeOf(seed) : draw;
  const [number, court] = COURTS[bench % COURTS.length] ?? COURTS[0];
  const fen = bytes.readUInt8(3) < 200 ? 0 : bytes.readUInt16BE(14) % 100;
  const owed = 1000 * (1 + (bytes.readUInt32BE(4) % 20_000)) + fen / 100;
  const unperformed = Math.floor((owed * (bytes.readUInt8(8) + 1)) / 256);
  const row = {
    Id: idOf({ seed, index }),
    CaseNo: `(${dayOf(filed).slice(0, 4)})${number}执${1 + (bytes.readUInt16BE(10) % 6000)}号`,
    Court: court,
    EndDate: dayOf(end),
    LianDate: dayOf(filed),
    ExecuteSubject: String(owed),
    UnperformedAmt: String(unperformed),
  };
  return { ...row, ...oddity(bytes.readUInt8(12), row.LianDate, row.CaseNo, owed) };
}

/** The place in `COURTS` of the court where a company sits; the sample company's is the first. */
function homeOf(seed: string): number {
  return seed === SAMPLE_SEED ? 0 : Number.parseInt(seed, 16);
}

/** Never later than at a smaller index, and within the years whose case numbers have this form (2016 on). */
function endOf(seed: string, index: number): number {
  const trait = Number.parseInt(seed, 16);
  const newest = seed === SAMPLE_SEED ? NEWEST_OF_SAMPLE : NEWEST - (trait % 300) * DAY;
  const daysToDouble = seed === SAMPLE_SEED ? 120 : 80 + (trait % 71);
  return newest - Math.floor(daysToDouble * Math.log2(1 + index / 4)) * DAY;
}

/** Now and then a value as the field has shown them. */
function oddity(draw: number, filed: string, caseNo: string, owed: number): Partial<SandboxRow> {
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

/** A GetDetail result, in the document's words and order (6.3.2). */
export function detailAt(seed: string, index: number, name: string | undefined) {
  const { Id, CaseNo, Court, EndDate, LianDate, ExecuteSubject, UnperformedAmt } = rowAt(seed, index);
  const draw = seed === SAMPLE_SEED ? 255 : bytesOf(`owner ${seed} ${index}`).readUInt8(0);
  const person = draw < 8;
  return {
    Id,
    CaseNo,
    OwnerInfo: person
      ? { KeyNo: draw < 4 ? '' : `p${keyNoOf(seed).slice(1)}`, Name: '张某某' }
      : { KeyNo: keyNoOf(seed), Name: name ?? inventedName(seed) },
    CerNo: person ? '3301061977****0418' : certificateOf(seed),
    Court,
    LianDate,
    EndDate,
    ExecuteSubject,
    UnperformedAmt,
  };
}

/** Whose case an id is; undefined for one that was never given out. */
export function placeOf(id: string): Place | undefined {
  const sample = SAMPLE_ROWS.findIndex((row) => row.Id === id);
  return sample >= 0 ? { seed: SAMPLE_SEED, index: sample } : placeIn(id);
}
