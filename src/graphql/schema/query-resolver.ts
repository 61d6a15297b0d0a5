import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Directive, ID, Info, Query, Resolver } from 'type-graphql';
import { readSearchKey } from '../../qcc/search-key.js';
import type { Context } from '../context.js';
import { readCaseId } from '../cost/case-id.js';
import { Selection } from '../cost/selection.js';
import { QueryError } from '../errors.js';
import { Company } from './company.js';
import { caseById, EndCase } from './end-case.js';

const MAX_KEYS = 100;

/** @throws QueryError where there are too many keys, or none */
export function assertKeyCount({ length }: readonly unknown[]): void {
  if (length < 1 || length > MAX_KEYS) {
    throw new QueryError(`searchKeys holds ${length} keys; it must hold 1 to ${MAX_KEYS}.`);
  }
}

@Resolver()
export class QueryResolver {
  @Query(() => Company, {
    nullable: true,
    description: 'A company by KeyNo, credit code, registration number or name. Calls nothing by itself.',
  })
  company(
    @Arg('searchKey', () => String, { description: 'KeyNo, credit code, registration number or name.' })
    searchKey: string,
  ): Company {
    return new Company(readSearchKey(searchKey));
  }

  @Directive('@listSize(assumedSize: 100)')
  @Query(() => [Company], {
    nullable: 'items',
    description: 'Up to 100 companies, in the order asked; a key that cannot be one nulls its own place.',
  })
  companies(
    @Arg('searchKeys', () => [String], { description: '1 to 100 keys, as for `company`.' })
    searchKeys: string[],
  ): (Company | Error)[] {
    assertKeyCount(searchKeys);
    return searchKeys.map((searchKey) => {
      try {
        return new Company(readSearchKey(searchKey));
      } catch (error) {
        if (error instanceof Error) return error;
        throw error;
      }
    });
  }

  @Directive('@cost(weight: 1)')
  @Directive('@tag(name: "billed")')
  @Query(() => EndCase, {
    nullable: true,
    description:
      'A case by its id. Any field but `id` buys its detail; null where QCC knows no such case. QCC: `GetDetail`.',
  })
  async endCase(
    @Arg('id', () => ID, { description: '案件 ID, as a list gives it.' }) id: string,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<EndCase | null> {
    return caseById(readCaseId(id), Selection.of(info, context), context);
  }
}
