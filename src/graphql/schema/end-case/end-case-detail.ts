import { GraphQLDateTime } from 'graphql-scalars';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { type Evidence, isStale } from '../../../qcc/call.js';
import type { CaseDetail } from '../../../qcc/cases.js';
import { readCompanyKeyNo } from '../../../qcc/search-key.js';
import type { Unreadable } from '../../../qcc/values.js';
import { UnreadableValue } from '../../errors.js';
import { Company } from '../company.js';
import { NullableField } from '../described.js';
import { CaseFields, type FieldValue, type KnownCase, toFieldValue } from './case-fields.js';

/** OwnerInfo, where it can be read. */
type Debtor = Exclude<NonNullable<CaseDetail['judgmentDebtor']>, Unreadable>;

@ObjectType({ simpleResolvers: true, description: '被执行人信息, the judgment debtor. QCC: `OwnerInfo`.' })
export class JudgmentDebtor {
  @NullableField(
    () => ID,
    'KeyNo (企查查唯一标识), the id that QCC gives the debtor. That of a natural person begins with `p`. QCC: `OwnerInfo.KeyNo`.',
  )
  readonly keyNo: FieldValue;

  @NullableField(() => String, '名称, the name of the debtor. QCC: `OwnerInfo.Name`.')
  readonly name: FieldValue;

  @NullableField(
    () => Company,
    'The debtor as a company (企业), by its KeyNo. Null for a natural person, and for a debtor without a KeyNo. Costs nothing by itself: only its `hasEndCases` and `endCases` call QCC.',
  )
  readonly company: Company | null;

  constructor(debtor: Debtor) {
    this.keyNo = toFieldValue('keyNo', debtor.keyNo);
    this.name = toFieldValue('name', debtor.name);
    const keyNo = typeof debtor.keyNo === 'string' ? readCompanyKeyNo(debtor.keyNo) : undefined;
    this.company = keyNo === undefined ? null : new Company({ kind: 'KEY_NO', text: keyNo });
  }
}

@ObjectType({
  simpleResolvers: true,
  description: '终本案件详情, a terminated case in full. QCC: `GetDetail`.',
})
export class EndCaseDetail extends CaseFields {
  @Directive('@tag(name: "pii")')
  @NullableField(
    () => String,
    '证件号/组织机构代码, the identity number or organisation code of the debtor, masked where QCC masks it. Costs the GetDetail call of the case. Needs the scope `endcases:pii`. QCC: `CerNo`.',
  )
  readonly certificateNo: FieldValue = null;

  @NullableField(
    () => JudgmentDebtor,
    '被执行人信息, the judgment debtor. Costs the GetDetail call of the case. QCC: `OwnerInfo`.',
  )
  readonly judgmentDebtor: JudgmentDebtor | UnreadableValue | null = null;

  @Field(() => GraphQLDateTime, {
    description:
      '获取时间, how current the detail is: when the answer that it comes from arrived from QCC. That is the answer of GetDetail if the cache has it or the request buys it, otherwise the page of the list. Costs nothing by itself.',
  })
  readonly retrievedAt: Date;

  @Field(() => Boolean, {
    description:
      '是否过期, whether that answer is past its TTL, or older than the header `x-cost-max-age` allows. Such an answer is served only if QCC fails. Costs nothing by itself.',
  })
  readonly stale: boolean;

  @NullableField(
    () => String,
    "订单号, QCC's order number of that answer, as on its invoice. Costs nothing by itself. QCC: `OrderNumber`.",
  )
  readonly orderNumber: string | null;

  /**
   * @param source the detail, or the list row if no field is selected that only the detail holds
   * @param evidence of the answer that has it
   * @param oldest the age asked for: what was received before is stale, in milliseconds since 1970
   */
  constructor(source: KnownCase | CaseDetail, evidence: Evidence, oldest: number) {
    super(source);
    this.retrievedAt = new Date(evidence.receivedAt);
    this.stale = isStale(evidence, oldest);
    this.orderNumber = evidence.orderNumber;
    if ('certificateNo' in source) {
      this.certificateNo = toFieldValue('certificateNo', source.certificateNo);
      this.judgmentDebtor = source.judgmentDebtor && toJudgmentDebtor(source.judgmentDebtor);
    }
  }
}

function toJudgmentDebtor(debtor: Debtor | Unreadable): JudgmentDebtor | UnreadableValue {
  return 'raw' in debtor ? new UnreadableValue('judgmentDebtor', debtor.raw) : new JudgmentDebtor(debtor);
}
