import { GraphQLDateTime } from 'graphql-scalars';
import { Arg, Ctx, Directive, Field, Int, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import type { UsageTotals } from '../../ledger/usage.js';
import type { Context } from '../context.js';
import { QueryError } from '../errors.js';
import { DecimalScalar } from './scalars.js';

/** By what usage is told apart. Values are those of `Grouping`. */
export enum UsageGroup {
  DAY = 'DAY',
  CLIENT = 'CLIENT',
  METHOD = 'METHOD',
  OPERATION = 'OPERATION',
  STATUS = 'STATUS',
}

registerEnumType(UsageGroup, {
  name: 'UsageGroup',
  description: 'By what usage is told apart.',
  valuesConfig: {
    DAY: { description: 'Days of Asia/Shanghai, `YYYY-MM-DD`.' },
    CLIENT: { description: 'Who asked.' },
    METHOD: { description: '`GetList` or `GetDetail`.' },
    OPERATION: { description: 'The name of the GraphQL operation; `(none)` where it had none.' },
    STATUS: {
      description: "QCC's status; `(none)` where none came, and for all that was not bought.",
    },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'What was bought in one group, and what was not bought because it was there already.',
})
export class UsageRow {
  @Field(() => String, { description: 'The group: a day, a client, a method, an operation or a status.' })
  readonly key!: string;

  @Field(() => Int, { description: 'Attempts made upstream.' })
  readonly calls!: number;

  @Field(() => Int, { description: '有效请求: attempts that QCC bills.' })
  readonly billed!: number;

  @Field(() => Int, { description: "Attempts of which only QCC's invoice can tell." })
  readonly maybeBilled!: number;

  @Field(() => Int, { description: 'Answers that came from the store.' })
  readonly cached!: number;

  @Field(() => Int, { description: "Answers that another request's call brought." })
  readonly shared!: number;

  @Field(() => Int, { description: 'Details answered from their list rows.' })
  readonly elided!: number;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Yuan spent; null where the prices are not known.',
  })
  readonly amount!: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Yuan not spent: cached, shared and elided, at the price of a call.',
  })
  readonly saved!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'What was spent upstream, from the ledger.' })
export class Usage {
  @Field(() => UsageRow, { description: 'All of it. Its key is `total`.' })
  readonly total!: UsageTotals;

  @Field(() => [UsageRow], { description: 'By group, in the order of their keys.' })
  readonly groups!: readonly UsageTotals[];
}

@Resolver()
export class UsageResolver {
  @Directive('@requiresScopes(scopes: [["usage:read"]])')
  @Directive('@tag(name: "operator")')
  @Query(() => Usage, {
    nullable: true,
    description:
      'What was spent, and saved, from `from` on and before `to`; today without them (Asia/Shanghai). Calls nothing.',
  })
  usage(
    @Ctx() { usage }: Context,
    @Arg('from', () => GraphQLDateTime, {
      nullable: true,
      description: 'The beginning; the start of the day in Asia/Shanghai where it is not given.',
    })
    from: Date | null,
    @Arg('to', () => GraphQLDateTime, {
      nullable: true,
      description: 'The end; now where it is not given.',
    })
    to: Date | null,
    @Arg('groupBy', () => UsageGroup, {
      nullable: true,
      defaultValue: UsageGroup.DAY,
      description: 'By what it is told apart.',
    })
    groupBy: UsageGroup | null,
  ): Promise<Usage> {
    if (from && to && from > to) {
      throw new QueryError('from is after to; it must be the earlier of the two.');
    }
    return usage({ from: from?.getTime(), to: to?.getTime() }, groupBy ?? UsageGroup.DAY);
  }
}
