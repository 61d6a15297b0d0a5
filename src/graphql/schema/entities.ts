import type { GraphQLResolveInfo } from 'graphql';
import { isCompanyKeyNo, isCreditCode, readSearchKey } from '../../qcc/search-key.js';
import type { Context } from '../context.js';
import { readCaseId } from '../cost/case-id.js';
import { Selection } from '../cost/selection.js';
import { QueryError } from '../errors.js';
import { Company } from './company.js';
import { caseById, EndCase } from './end-case.js';

/** What a router knows of an entity, as it comes: anything. */
export type Representation = Readonly<Record<string, unknown>>;

/** What a representation stands for. */
export type Reference =
  | { readonly type: 'Company'; readonly company: Company | null }
  | { readonly type: 'EndCase'; readonly id: string };

/**
 * Reads a representation. Of several keys of a company the first counts that is not null: KeyNo, credit code, search
 * key; without any there is no company.
 *
 * @throws QueryError, SearchKeyError saying what would be right
 */
export function readReference(representation: Representation): Reference {
  const { __typename, id } = representation;
  if (__typename === 'Company') return { type: 'Company', company: companyOf(representation) };
  if (__typename !== 'EndCase') {
    throw new QueryError(
      'A representation must have the __typename Company or EndCase: no other entity is here.',
    );
  }
  if (typeof id !== 'string') throw new QueryError('A representation of EndCase must have its id.');
  return { type: 'EndCase', id: readCaseId(id) };
}

function companyOf({ keyNo, creditCode, searchKey }: Representation): Company | null {
  const text = keyNo ?? creditCode ?? searchKey ?? null;
  if (text === null) return null;
  if (typeof text !== 'string') throw new QueryError('The key of a Company must be a text.');
  const key = readSearchKey(text);
  if (text === keyNo && !isCompanyKeyNo(key.text)) {
    throw new QueryError(
      'keyNo must be the KeyNo of a company: 32 hexadecimal digits in small letters, or g and 31.',
    );
  }
  if (text === creditCode && !isCreditCode(key.text)) {
    throw new QueryError('creditCode must be a unified social credit code: 18 characters with their check.');
  }
  return new Company(key);
}

type Entity = Company | EndCase;

/** Resolves what a router asks of entities. Each settles alone; the same case is bought once. */
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
