import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, Directive, Field, FieldResolver, ID, Info, ObjectType, Resolver, Root } from 'type-graphql';
import type { CaseDetail, CaseRow } from '../../qcc/methods.js';
import { isCompanyKeyNo } from '../../qcc/search-key.js';
import type { Reading } from '../../qcc/values.js';
import type { Context } from '../context.js';
import { Selection } from '../cost/selection.js';
import { UnreadableValue } from '../errors.js';
import { Company } from './company.js';
import { DateScalar, DecimalScalar } from './scalars.js';

/** A field's value: an Error in its place nulls the field and stands among the errors. */
type Shown = string | null | UnreadableValue;

function show(field: string, reading: Reading): Shown {
  return reading === null || typeof reading === 'string' ? reading : new UnreadableValue(field, reading.raw);
}

/** What a list row and a detail both hold. */
@ObjectType({ simpleResolvers: true })
abstract class CaseFields {
  @Field(() => ID, { description: '案件 ID. QCC: `Id`.' })
  readonly id: string;

  @Field(() => String, { nullable: true, description: '案号, the number of the case. QCC: `CaseNo`.' })
  readonly caseNo: Shown;

  @Field(() => String, { nullable: true, description: '执行法院, the enforcing court. QCC: `Court`.' })
  readonly court: Shown;

  @Field(() => DateScalar, {
    nullable: true,
    description: '立案日期, the day the case was filed. QCC: `LianDate`.',
  })
  readonly filingDate: Shown;

  @Field(() => DateScalar, {
    nullable: true,
    description: '终本日期, the day enforcement was terminated. QCC: `EndDate`.',
  })
  readonly endDate: Shown;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: '执行标的, the amount to be enforced, in yuan. QCC: `ExecuteSubject`.',
  })
  readonly enforcementAmount: Shown;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: '未履行金额, the amount not performed, in yuan. QCC: `UnperformedAmt`.',
  })
  readonly unperformedAmount: Shown;

  constructor(row: CaseRow) {
    this.id = row.id;
    this.caseNo = show('caseNo', row.caseNo);
    this.court = show('court', row.court);
    this.filingDate = show('filingDate', row.filingDate);
    this.endDate = show('endDate', row.endDate);
    this.enforcementAmount = show('enforcementAmount', row.enforcementAmount);
    this.unperformedAmount = show('unperformedAmount', row.unperformedAmount);
  }
}

@ObjectType({ simpleResolvers: true, description: '被执行人信息, the judgment debtor. QCC: `OwnerInfo`.' })
export class JudgmentDebtor {
  @Field(() => ID, {
    nullable: true,
    description: 'KeyNo of the debtor; that of a natural person begins with p. QCC: `OwnerInfo.KeyNo`.',
  })
  readonly keyNo: Shown;

  @Field(() => String, { nullable: true, description: '名称, name of the debtor. QCC: `OwnerInfo.Name`.' })
  readonly name: Shown;

  @Field(() => Company, {
    nullable: true,
    description: 'The debtor as a company by its KeyNo; null for a natural person. Calls nothing by itself.',
  })
  readonly company: Company | null;

  constructor(debtor: NonNullable<CaseDetail['judgmentDebtor']>) {
    this.keyNo = show('keyNo', debtor.keyNo);
    this.name = show('name', debtor.name);
    this.company =
      typeof debtor.keyNo === 'string' && isCompanyKeyNo(debtor.keyNo)
        ? new Company({ kind: 'KEY_NO', text: debtor.keyNo })
        : null;
  }
}

@ObjectType({ simpleResolvers: true, description: '终本案件详情, a case in full. QCC: `GetDetail`.' })
export class EndCaseDetail extends CaseFields {
  @Directive('@requiresScopes(scopes: [["endcases:pii"]])')
  @Directive('@tag(name: "pii")')
  @Field(() => String, {
    nullable: true,
    description: '证件号/组织机构代码, identity number or organisation code of the debtor. QCC: `CerNo`.',
  })
  readonly certificateNo: Shown = null;

  @Field(() => JudgmentDebtor, {
    nullable: true,
    description: '被执行人信息, the judgment debtor. QCC: `OwnerInfo`.',
  })
  readonly judgmentDebtor: JudgmentDebtor | null = null;

  /** @param source a detail, or a list row where nothing is asked that a row does not hold */
  constructor(source: CaseRow | CaseDetail) {
    super(source);
    if ('certificateNo' in source) {
      this.certificateNo = show('certificateNo', source.certificateNo);
      this.judgmentDebtor = source.judgmentDebtor && new JudgmentDebtor(source.judgmentDebtor);
    }
  }
}

@Directive('@key(fields: "id")')
@ObjectType({
  simpleResolvers: true,
  description: '终本案件: a case whose enforcement was terminated because nothing more could be collected.',
})
export class EndCase extends CaseFields {
  /** @param source the list row, or the detail, which holds more */
  constructor(readonly source: CaseRow | CaseDetail) {
    super(source);
  }

  /** A case of which nothing but its id is asked. */
  static unread(id: string): EndCase {
    return new EndCase({
      id,
      caseNo: null,
      court: null,
      filingDate: null,
      endDate: null,
      enforcementAmount: null,
      unperformedAmount: null,
    });
  }
}

/** Whether a case without a list row is asked anything but its id. */
export function needsDetail({ names }: Selection): boolean {
  return [...names].some((name) => name !== 'id');
}

/** A case without a list row: any field but its id buys its detail. Null where QCC knows no such case. */
export async function caseById(
  id: string,
  selection: Selection,
  { details }: Pick<Context, 'details'>,
): Promise<EndCase | null> {
  if (!needsDetail(selection)) return EndCase.unread(id);
  const detail = await details.load(id);
  return detail && new EndCase(detail);
}

/** Fields of a detail that only GetDetail tells. */
export const BOUGHT_FIELDS = ['certificateNo', 'judgmentDebtor'];

@Resolver(() => EndCase)
export class EndCaseResolver {
  @Directive('@cost(weight: 1)')
  @Directive('@tag(name: "billed")')
  @FieldResolver(() => EndCaseDetail, {
    nullable: true,
    description:
      'The case in full. Buys one GetDetail, and only where `certificateNo` or `judgmentDebtor` is selected: the rest is in the list already.',
  })
  async detail(
    @Root() { source }: EndCase,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<EndCaseDetail | null> {
    const { details, cachedDetails, meter, turns } = context;
    const turn = turns.take();
    if (turn) await turn;
    if ('certificateNo' in source) return new EndCaseDetail(source);
    if (!Selection.of(info, context).has(...BOUGHT_FIELDS)) {
      const held = await cachedDetails.load(source.id);
      if (held?.kind !== 'answer') {
        meter.spare('elided', 'GetDetail');
        return new EndCaseDetail(source);
      }
    }
    const detail = await details.load(source.id);
    return detail && new EndCaseDetail(detail);
  }
}
