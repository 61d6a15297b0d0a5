import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import { type Representation, readReference } from '../cost/arguments.js';
import { Selection } from '../cost/selection.js';
import { toError } from '../errors.js';
import { Company } from './company.js';
import { caseById, EndCase } from './end-case/end-case.js';

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
        const reference = readReference(representation, context.keys);
        if (reference.type === 'Company') return reference.key && new Company(reference.key);
        return await caseById(reference.id, selection, context);
      } catch (error) {
        return toError(error);
      }
    }),
  );
}

export function typeOfEntity(entity: Entity): string {
  return entity instanceof EndCase ? 'EndCase' : 'Company';
}
