import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Directive, ID, Info, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { readCaseId } from '../cost/arguments.js';
import { Selection } from '../cost/selection.js';
import { Company } from './company.js';
import { caseById, EndCase } from './end-case/end-case.js';

@Resolver()
export class QueryResolver {
  @Query(() => Company, {
    nullable: true,
    description:
      '企业, the company that a search key identifies. Costs nothing by itself: only its `hasEndCases` and `endCases` call QCC.',
  })
  company(
    @Arg('searchKey', () => String, {
      description:
        '搜索关键字, the search key: a KeyNo, unified social credit code (统一社会信用代码), registration number (注册号) or name (公司名). QCC: `searchKey`.',
    })
    searchKey: string,
    @Ctx() { keys }: Context,
  ): Company {
    return new Company(keys.read(searchKey));
  }

  @Directive('@listSize(assumedSize: 100)')
  @Query(() => [Company], {
    nullable: 'items',
    description:
      '企业, up to 100 companies in the order of their search keys. An invalid key makes only its own item null and adds an error. Costs nothing by itself.',
  })
  companies(
    @Arg('searchKeys', () => [String], {
      description: '搜索关键字, 1 to 100 search keys as in `company`. QCC: `searchKey`.',
    })
    searchKeys: string[],
    @Ctx() { keys }: Context,
  ): (Company | Error)[] {
    return searchKeys.map((searchKey) => {
      const key = keys.outcome(searchKey);
      return key instanceof Error ? key : new Company(key);
    });
  }

  @Directive('@cost(weight: 1)')
  @Directive('@tag(name: "billed")')
  @Query(() => EndCase, {
    nullable: true,
    description:
      '终本案件, a terminated case by its id. Costs one GetDetail call if any field besides `id` is selected. Null if that call shows that QCC has no such case. QCC: `GetDetail`.',
  })
  async endCase(
    @Arg('id', () => ID, { description: '案件 ID, the id of a case, as `endCases` gives it. QCC: `id`.' })
    id: string,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<EndCase | null> {
    return caseById(readCaseId(id), Selection.of(info, context), context);
  }
}
