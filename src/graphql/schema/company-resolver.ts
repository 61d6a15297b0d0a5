import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Directive, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Selection } from '../cost/selection.js';
import { readWindow } from '../paging/window.js';
import { Company } from './company.js';
import { EndCaseConnection } from './connection.js';

@Resolver(() => Company)
export class CompanyResolver {
  @Directive('@cost(weight: 1)')
  @Directive('@tag(name: "billed")')
  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether the company has terminated cases. Buys page 1 unless another page tells. QCC: `VerifyResult`.',
  })
  async hasEndCases(@Root() company: Company, @Ctx() context: Context): Promise<boolean | null> {
    const demand = { window: null, rows: false, total: false, verified: true };
    return (await context.pages.load(company.searchKey, demand)).verified;
  }

  // 100 rows lie on 6 pages at most; the last rows may need page 1 besides, which tells how long the list is.
  @Directive('@cost(weight: 7)')
  @Directive('@tag(name: "billed")')
  @FieldResolver(() => EndCaseConnection, {
    nullable: true,
    description:
      '终本案件, the terminated cases, newest first as QCC lists them; 10 unless told, 100 at most. Buys the pages of 20 rows that cover the window. QCC: `GetList`.',
  })
  async endCases(
    @Root() { searchKey }: Company,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg('first', () => Int, { nullable: true, description: 'How many from the start, 0 to 100.' })
    first?: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Only what follows this cursor.' })
    after?: string | null,
    @Arg('last', () => Int, { nullable: true, description: 'How many from the end, 0 to 100.' })
    last?: number | null,
    @Arg('before', () => String, { nullable: true, description: 'Only what comes before this cursor.' })
    before?: string | null,
    @Arg('offset', () => Int, {
      nullable: true,
      description: 'Rows to skip, for tables with page numbers; not with a cursor.',
    })
    offset?: number | null,
  ): Promise<EndCaseConnection> {
    const window = readWindow({ first, after, last, before, offset }, searchKey);
    const { rows, total } = connectionNeeds(Selection.of(info, context));
    const slice = await context.pages.load(searchKey, { window, rows, total, verified: false });
    const turn = context.turns.take(slice.rows.length);
    if (turn) await turn;
    return new EndCaseConnection(searchKey, slice);
  }
}

/** What of a connection must be got: its rows, the length of its list. */
export function connectionNeeds(selection: Selection): { rows: boolean; total: boolean } {
  const pageInfo = selection.has('pageInfo') ? selection.under('pageInfo') : undefined;
  return {
    rows: selection.has('nodes', 'edges') || pageInfo?.has('startCursor', 'endCursor') === true,
    total: selection.has('totalCount') || pageInfo?.has('hasNextPage', 'hasPreviousPage') === true,
  };
}
