import type { GraphQLResolveInfo } from 'graphql';
import { isCompanyKeyNo, isCreditCode, readSearchKey } from '../../qcc/search-key.js';
import type { Context } from '../context.js';
import { readCaseId } from '../cost/case-id.js';
import { Selection } from '../cost/selection.js';
import { QueryError } from '../errors.js';
import { Company } from './company.js';
import { caseById, EndCase } from './end-case.js';

/** The keys of an entity as a router sends them: not validated yet. */
export type Representation = Readonly<Record<string, unknown>>;

/** The entity that a representation refers to. */
export type Reference =
  | { readonly type: 'Company'; readonly company: Company | null }
  | { readonly type: 'EndCase'; readonly id: string };

/**
 * Reads a representation. If a company has several keys, the first of KeyNo, credit code and search key is used that is
 * not null. If all are null, so is the company.
 *
 * @throws QueryError, SearchKeyError with what is expected instead
 */
export function readReference(representation: Representation): Reference {
  const { __typename, id } = representation;
  if (__typename === 'Company') return { type: 'Company', company: companyOf(representation) };
  if (__typename !== 'EndCase') {
    throw new QueryError(
      'The __typename of a representation must be Company or EndCase. This subgraph has no other entities.',
    );
  }
  if (typeof id !== 'string') throw new QueryError('The id of an EndCase must be a string.');
  return { type: 'EndCase', id: readCaseId(id) };
}

function companyOf({ keyNo, creditCode, searchKey }: Representation): Company | null {
  const text = keyNo ?? creditCode ?? searchKey ?? null;
  if (text === null) return null;
  if (typeof text !== 'string') throw new QueryError('The key of a Company must be a string.');
  const key = readSearchKey(text);
  if (text === keyNo && !isCompanyKeyNo(key.text)) {
    throw new QueryError(
      'keyNo must be the KeyNo of a company: 32 characters, a letter or digit and then 31 hexadecimal digits.',
    );
  }
  if (text === creditCode && !isCreditCode(key.text)) {
    throw new QueryError(
      'creditCode must be a unified social credit code: 18 characters, of which the last is a check character.',
    );
  }
  return new Company(key);
}

type Entity = Company | EndCase;

/**
 * Resolves `_entities`. An invalid or failed representation makes only its own item null. Representations of one case
 * share its detail, which is bought once.
 */
export function entitiesOf(
  _query: unknown,
  { representations }: { readonly representations: readonly Representation[] },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<(Entity | Error | null)[]> {
  const selection = Selection.ofEntities(info, 'EndCase', context);
  return Promise.all(
    representations.map(async (representation) => {
      try {
        const reference = readReference(representation);
        if (reference.type === 'Company') return reference.company;
        return await caseById(reference.id, selection, context);
      } catch (error) {
        return error instanceof Error ? error : new Error(String(error));
      }
    }),
  );
}

export function typeOfEntity(entity: Entity): string {
  return entity instanceof EndCase ? 'EndCase' : 'Company';
}
