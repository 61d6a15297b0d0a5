import { Field, ID, ObjectType } from 'type-graphql';
import type { CaseRow } from '../../../qcc/cases.js';
import type { Reading } from '../../../qcc/values.js';
import { UnreadableValue } from '../../errors.js';
import { NullableField } from '../described.js';
import { DateScalar, DecimalScalar } from '../scalars.js';

/** The value of a field. graphql-js turns an error that is returned as a value into null and an entry of `errors`. */
export type FieldValue = string | null | UnreadableValue;

/** A list row, or as much of it as is known. */
export type KnownCase = Pick<CaseRow, 'id'> & Partial<CaseRow>;

/** The value of a field, from what QCC sent for it. */
export function toFieldValue(field: string, reading: Reading = null): FieldValue {
  return reading === null || typeof reading === 'string' ? reading : new UnreadableValue(field, reading.raw);
}

/** The fields that list rows and details have in common. */
@ObjectType({ simpleResolvers: true })
export abstract class CaseFields {
  @Field(() => ID, { description: '案件 ID, the id of the case. QCC: `Id`.' })
  readonly id: string;

  @NullableField(() => String, '案号, the case number. QCC: `CaseNo`.')
  readonly caseNo: FieldValue;

  @NullableField(() => String, '执行法院, the court that enforces the case. QCC: `Court`.')
  readonly court: FieldValue;

  @NullableField(() => DateScalar, '立案日期, the day the case was filed. QCC: `LianDate`.')
  readonly filingDate: FieldValue;

  @NullableField(
    () => DateScalar,
    '终本日期, the day the enforcement procedure was terminated. QCC: `EndDate`.',
  )
  readonly endDate: FieldValue;

  @NullableField(() => DecimalScalar, '执行标的, the amount to be enforced, in yuan. QCC: `ExecuteSubject`.')
  readonly enforcementAmount: FieldValue;

  @NullableField(() => DecimalScalar, '未履行金额, the amount still unpaid, in yuan. QCC: `UnperformedAmt`.')
  readonly unperformedAmount: FieldValue;

  constructor(row: KnownCase) {
    this.id = row.id;
    this.caseNo = toFieldValue('caseNo', row.caseNo);
    this.court = toFieldValue('court', row.court);
    this.filingDate = toFieldValue('filingDate', row.filingDate);
    this.endDate = toFieldValue('endDate', row.endDate);
    this.enforcementAmount = toFieldValue('enforcementAmount', row.enforcementAmount);
    this.unperformedAmount = toFieldValue('unperformedAmount', row.unperformedAmount);
  }
}
