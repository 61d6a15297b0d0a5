import { GraphQLDateTime } from 'graphql-scalars';
import { Args, ArgsType, Ctx, Directive, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { Grouping, UsageTotals } from '../../ledger/usage.js';
import type { Context } from '../context.js';
import { QueryError } from '../errors.js';
import { describedEnum, NullableField } from './described.js';
import { DecimalScalar } from './scalars.js';

const groupings: Readonly<Record<Grouping, string>> = {
  DAY: 'By day (日) in Asia/Shanghai, as `YYYY-MM-DD`.',
  CLIENT: 'By the client that sent the request (调用方).',
  METHOD: '方法名, by QCC method: `GetList` (终本案件列表) or `GetDetail` (终本案件详情).',
  OPERATION: 'By the name of the GraphQL operation; `(none)` for operations without a name.',
  STATUS:
    '状态码, by the status of the answer; `(none)` for calls without one and for answers that were not bought. QCC: `Status`.',
};
const UsageGroup = describedEnum('UsageGroup', 'How usage is grouped.', groupings);

@ObjectType({
  simpleResolvers: true,
  description: 'The calls of one group, and the answers that needed no call.',
})
class UsageRow implements UsageTotals {
  @Field(() => String, {
    description: 'The group: a day, client, method, operation or status; `total` for the total.',
  })
  readonly key!: string;

  @Field(() => Int, { description: '调用次数, how many calls were made to QCC; each attempt counts.' })
  readonly calls!: number;

  @Field(() => Int, { description: '有效请求, how many of the calls QCC bills.' })
  readonly billed!: number;

  @Field(() => Int, {
    description:
      "How many of the calls may have been billed: those in flight, and those that brought no readable answer. Only QCC's invoice shows whether the latter were billed.",
  })
  readonly maybeBilled!: number;

  @Field(() => Int, { description: 'How many answers came from the cache.' })
  readonly cached!: number;

  @Field(() => Int, { description: 'How many answers came from a concurrent call of another request.' })
  readonly shared!: number;

  @Field(() => Int, { description: 'How many details were answered from their list rows.' })
  readonly elided!: number;

  @NullableField(
    () => DecimalScalar,
    '金额, the yuan spent on billed calls whose price is known. Null if there are billed calls and none has a known price.',
  )
  readonly amount!: string | null;

  @NullableField(
    () => DecimalScalar,
    'The yuan not spent: `cached`, `shared` and `elided` answers at the price that a call had at the time. Null if there are such answers and none has a known price.',
  )
  readonly saved!: string | null;
}

@ObjectType({ simpleResolvers: true, description: '用量, what was bought from QCC, from the ledger.' })
class Usage {
  @Field(() => UsageRow, { description: 'All groups together, with the key `total`.' })
  readonly total!: UsageTotals;

  @Field(() => [UsageRow], { description: 'The groups, in the order of their keys.' })
  readonly groups!: readonly UsageTotals[];
}

/** The arguments of `usage`, in the order in which the schema lists them. */
@ArgsType()
class UsageArguments {
  @NullableField(
    () => GraphQLDateTime,
    'Start of the period, rounded down to a whole hour. By default midnight (Asia/Shanghai) of the day on which the period ends.',
  )
  readonly from?: Date | null;

  @NullableField(
    () => GraphQLDateTime,
    'End of the period (exclusive), rounded up to a whole hour. By default now.',
  )
  readonly to?: Date | null;

  @Field(() => UsageGroup, {
    nullable: true,
    defaultValue: 'DAY',
    description: 'How usage is grouped.',
  })
  readonly groupBy?: Grouping | null;
}

@Resolver()
export class UsageResolver {
  @Directive('@tag(name: "operator")')
  @Query(() => Usage, {
    nullable: true,
    description:
      '用量, what was bought from QCC in a period, and what was saved. The default period is today (Asia/Shanghai). Costs nothing. Needs the scope `usage:read`.',
  })
  usage(
    @Args(() => UsageArguments) { from, to, groupBy }: UsageArguments,
    @Ctx() { usage }: Context,
  ): Promise<Usage> {
    if (from && to && from > to) {
      throw new QueryError('from must not be after to.');
    }
    return usage({ from: from?.getTime(), to: to?.getTime() }, groupBy ?? 'DAY');
  }
}
