import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, Directive, FieldResolver, Info, ObjectType, Resolver, Root } from 'type-graphql';
import type { Answer, Evidence } from '../../../qcc/call.js';
import type { CaseDetail } from '../../../qcc/cases.js';
import { getDetail } from '../../../qcc/methods.js';
import type { Context } from '../../context.js';
import { DETAIL_ONLY_FIELDS, needsDetail } from '../../cost/field-needs.js';
import { Selection } from '../../cost/selection.js';
import { CaseFields, type KnownCase } from './case-fields.js';
import { EndCaseDetail } from './end-case-detail.js';

@Directive('@key(fields: "id")')
@ObjectType({
  simpleResolvers: true,
  description:
    '终本案件 (终结本次执行程序), a case whose enforcement procedure the court terminated because it found no further assets to enforce against. QCC: `EndExecuteCaseCheck`.',
})
export class EndCase extends CaseFields {
  /**
   * @param source the list row; the detail, which holds more; or the id, if no other field is selected
   * @param evidence of the answer that has the row or the detail; undefined for the id alone
   */
  constructor(
    readonly source: KnownCase | CaseDetail,
    readonly evidence?: Evidence,
  ) {
    super(source);
  }
}

/** A case without a list row. Buys its detail if any field besides its id is selected. Null if QCC has no such case. */
export async function caseById(
  id: string,
  selection: Selection,
  { details }: Pick<Context, 'details'>,
): Promise<EndCase | null> {
  if (!needsDetail(selection)) return new EndCase({ id });
  const answer = await details.load(id);
  return answer.data && new EndCase(answer.data, answer);
}

@Resolver(() => EndCase)
export class EndCaseResolver {
  @Directive('@cost(weight: 1)')
  @Directive('@tag(name: "billed")')
  @FieldResolver(() => EndCaseDetail, {
    nullable: true,
    description:
      '终本案件详情, the case in full. Costs one GetDetail call, and only if `certificateNo` or `judgmentDebtor` is selected: the list row has the other fields. QCC: `GetDetail`.',
  })
  async detail(
    @Root() { source, evidence }: EndCase,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<EndCaseDetail | null> {
    const { details, meter, yieldToEventLoop } = context;
    const { oldest } = context.age;
    const pause = yieldToEventLoop();
    if (pause) await pause;
    if (evidence && 'certificateNo' in source) return new EndCaseDetail(source, evidence, oldest);
    if (evidence && !Selection.of(info, context).has(...DETAIL_ONLY_FIELDS)) {
      const answer = await detailAtHand(source.id, context);
      if (answer) return toDetail(answer, oldest);
      meter.avoid('elided', getDetail.name);
      return new EndCaseDetail(source, evidence, oldest);
    }
    return toDetail(await details.load(source.id), oldest);
  }
}

/** The detail of a case if the cache has it, or another field of the operation buys it. Undefined if that fails. */
async function detailAtHand(
  id: string,
  { details, cachedDetails, requestedDetails }: Context,
): Promise<Answer<CaseDetail | null> | undefined> {
  const cached = await cachedDetails.load(id);
  if (cached?.kind !== 'answer' && !requestedDetails.has(id)) return undefined;
  return details.load(id).catch(() => undefined);
}

function toDetail(answer: Answer<CaseDetail | null>, oldest: number): EndCaseDetail | null {
  return answer.data && new EndCaseDetail(answer.data, answer, oldest);
}
