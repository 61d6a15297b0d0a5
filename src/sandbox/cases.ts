import { bytesOf, inventedName, keyNoOf, organisationCodeOf, SAMPLE_SEED } from './companies.js';

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
const dayOf = (moment: number) => new Date(moment).toISOString().slice(0, 10);

/** The case at a place in a company's list, 0 the newest. Rows come newest first whatever the place. */
export function rowAt(seed: string, index: number): SandboxRow {
  const sample = seed === SAMPLE_SEED ? SAMPLE_ROWS[index] : undefined;
  if (sample) return sample;
  const newest = seed === SAMPLE_SEED ? Date.parse('2019-07-24') : NEWEST;
  const bytes = bytesOf(`row ${seed} ${index}`);
  const end = newest - Math.floor(400 * Math.log2(1 + index / 4)) * DAY;
  const filed = end - (30 + (bytes.readUInt16BE(0) % 500)) * DAY;
  const [number, court] = COURTS[bytes.readUInt8(2) % COURTS.length] ?? COURTS[0];
  const owed = 1000 * (1 + (bytes.readUInt32BE(4) % 20_000));
  const unperformed = Math.floor((owed * (bytes.readUInt8(8) + 1)) / 256);
  const row = {
    Id: idOf(seed, index),
    CaseNo: `(${dayOf(filed).slice(0, 4)})${number}执${1 + (bytes.readUInt16BE(10) % 6000)}号`,
    Court: court,
    EndDate: dayOf(end),
    LianDate: dayOf(filed),
    ExecuteSubject: String(owed),
    UnperformedAmt: String(unperformed),
  };
  return { ...row, ...oddity(bytes.readUInt8(12), row.LianDate, owed) };
}

/** Now and then a value as the field has shown them. */
function oddity(draw: number, filed: string, owed: number): Partial<SandboxRow> {
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
    CerNo: person ? '3301061977****0418' : organisationCodeOf(seed),
    Court,
    LianDate,
    EndDate,
    ExecuteSubject,
    UnperformedAmt,
  };
}

/** An id that tells whose case it is, so that details need no memory: half a check, half a hidden place. */
function idOf(seed: string, index: number): string {
  const place = Buffer.from(seed + index.toString(16).padStart(8, '0'), 'hex');
  const check = bytesOf(`case ${place.toString('hex')}`).subarray(0, 8);
  return check.toString('hex') + hidden(place, check).toString('hex');
}

/** Whose case an id is; undefined for one that was never given out. */
export function placeOf(id: string): { seed: string; index: number } | undefined {
  const sample = SAMPLE_ROWS.findIndex((row) => row.Id === id);
  if (sample >= 0) return { seed: SAMPLE_SEED, index: sample };
  if (!/^[0-9a-f]{32}$/.test(id)) return undefined;
  const place = hidden(Buffer.from(id.slice(16), 'hex'), Buffer.from(id.slice(0, 16), 'hex')).toString('hex');
  const found = { seed: place.slice(0, 8), index: Number.parseInt(place.slice(8), 16) };
  return idOf(found.seed, found.index) === id ? found : undefined;
}

function hidden(place: Buffer, check: Buffer): Buffer {
  const mask = bytesOf(check.toString('hex'));
  return place.map((byte, at) => byte ^ (mask[at] ?? 0)) as Buffer;
}
