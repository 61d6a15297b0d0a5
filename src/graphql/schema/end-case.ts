import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, Directive, FieldResolver, Info, ObjectType, Resolver, Root } from 'type-graphql';
import type { CaseDetail } from '../../qcc/cases.js';
import { getDetail } from '../../qcc/methods.js';
import type { Context } from '../context.js';
import { DETAIL_ONLY_FIELDS, needsDetail } from '../cost/field-needs.js';
import { Selection } from '../cost/selection.js';
import { CaseFields, type KnownCase } from './case-fields.js';
import { EndCaseDetail } from './end-case-detail.js';

@Directive('@key(fields: "id")')
@ObjectType({
  simpleResolvers: true,
  description:
    '终本案件 (终结本次执行程序), a case whose enforcement procedure the court terminated because it found no further assets to enforce against. QCC: `EndExecuteCaseCheck`.',
})
export class EndCase extends CaseFields {
  /** @param source the list row; the detail, which holds more; or the id, if no other field is selected */
  constructor(readonly source: KnownCase | CaseDetail) {
    super(source);
  }
}

/** A case without a list row. Buys its detail if any field besides its id is selected. Null if QCC knows no such case. */
export async function caseById(
  id: string,
  selection: Selection,
  { details }: Pick<Context, 'details'>,
): Promise<EndCase | null> {
  if (!needsDetail(selection)) return new EndCase({ id });
  const detail = await details.load(id);
  return detail && new EndCase(detail);
}

@Resolver(() => EndCase)
export class EndCaseResolver {
  @Directive('@cost(weight: 1)')
  @Directive('@tag(name: "billed")')
  @FieldResolver(() => EndCaseDetail, {
    nullable: true,
    description:
      '终本案件详情, the case in full. Costs one GetDetail call, and only if `certificateNo` or `judgmentDebtor` is selected: the list row holds the other fields. QCC: `GetDetail`.',
  })
  async detail(
    @Root() { source }: EndCase,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<EndCaseDetail | null> {
    const { details, cachedDetails, meter, yieldToEventLoop } = context;
    const pause = yieldToEventLoop();
    if (pause) await pause;
    if ('certificateNo' in source) return new EndCaseDetail(source);
    if (!Selection.of(info, context).has(...DETAIL_ONLY_FIELDS)) {
      const cached = await cachedDetails.load(source.id);
      if (cached?.kind !== 'answer') {
        meter.avoid('elided', getDetail.name);
        return new EndCaseDetail(source);
      }
    }
    const detail = await details.load(source.id);
    return detail && new EndCaseDetail(detail);
  }
}
