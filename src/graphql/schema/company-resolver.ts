import { GraphQLError, type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import { Args, ArgsType, Ctx, Directive, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { connectionNeeds } from '../cost/field-needs.js';
import { Selection } from '../cost/selection.js';
import type { Slice } from '../paging/list.js';
import type { PageDemand } from '../paging/page-plan.js';
import { readWindow, type WindowArguments } from '../paging/window.js';
import { Company } from './company.js';
import { NullableField } from './described.js';
import { EndCaseConnection } from './end-case/connection.js';

/** The arguments of `endCases`, in the order in which the schema lists them. */
@ArgsType()
class EndCasesArguments implements WindowArguments {
  @NullableField(() => Int, 'How many cases from the start of the list, or after `after`: 0 to 100.')
  readonly first?: number | null;

  @NullableField(() => String, 'A cursor: only cases after it.')
  readonly after?: string | null;

  @NullableField(
    () => Int,
    'How many cases from the end of the list, or before `before`: 0 to 100. Cannot be combined with `first`.',
  )
  readonly last?: number | null;

  @NullableField(() => String, 'A cursor: only cases before it.')
  readonly before?: string | null;

  @NullableField(
    () => Int,
    'How many cases to skip, for tables with page numbers (页码). Cannot be combined with a cursor.',
  )
  readonly offset?: number | null;
}

/** What completing a connection takes without its cases, in cases. */
const CONNECTION_WORK = 0.5;

/** Connections by their slices: equal fields under other aliases share one. */
const connections = new WeakMap<Slice, EndCaseConnection>();

async function loadConnection(
  searchKey: string,
  demand: PageDemand,
  { pages, yieldToEventLoop, age }: Context,
): Promise<EndCaseConnection> {
  const slice = await pages.load(searchKey, demand);
  const pause = yieldToEventLoop(CONNECTION_WORK + (connections.has(slice) ? 0 : slice.rows.length));
  if (pause) await pause;
  const connection = connections.get(slice) ?? new EndCaseConnection(searchKey, slice, age.oldest);
  connections.set(slice, connection);
  return connection;
}

@Resolver(() => Company)
export class CompanyResolver {
  @Directive('@cost(weight: 1)')
  @Directive('@tag(name: "billed")')
  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      '数据是否存在, whether the company has terminated cases. Costs one GetList call, unless page 1 is cached or another field of the request buys a page of this company. QCC: `VerifyResult`.',
  })
  async hasEndCases(@Root() company: Company, @Ctx() context: Context): Promise<boolean | null> {
    const demand = { window: null, rows: false, total: false, verified: true };
    return (await context.pages.load(company.searchKey, demand)).verified;
  }

  // 100 rows cover at most 6 pages. With `last`, page 1 may be needed too, since it holds the length of the list.
  @Directive('@cost(weight: 7)')
  @Directive('@tag(name: "billed")')
  @FieldResolver(() => EndCaseConnection, {
    nullable: true,
    description:
      "终本案件列表, the company's terminated cases in QCC's order: the first 10 if neither `first` nor `last` is given. Costs one GetList call for each page of 20 cases that the window covers and that is not in the cache: at most 7. Paging ends at case 5,000. QCC: `GetList`.",
  })
  async endCases(
    @Root() { searchKey }: Company,
    @Args(() => EndCasesArguments) args: EndCasesArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<EndCaseConnection> {
    const window = readWindow(args, searchKey);
    const { rows, total } = connectionNeeds(Selection.of(info, context), window);
    const connection = await loadConnection(searchKey, { window, rows, total, verified: false }, context);
    for (const error of connection.faults(total)) {
      const originalError = context.errorLimit.admit(error);
      if (originalError === null) continue;
      context.errors.push(
        new GraphQLError(originalError.message, { path: responsePathAsArray(info.path), originalError }),
      );
    }
    return connection;
  }
}
