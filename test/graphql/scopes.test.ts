import { buildSchema } from 'graphql';
import type { Caller, Scope } from '../../src/graphql/caller.js';
import { buildGraph } from '../../src/graphql/schema/schema.js';
import { enforceScopes, mayRead } from '../../src/graphql/scopes.js';

const caller = (...scopes: Scope[]): Caller => ({ name: 'test', scopes: new Set(scopes) });

/** The fields that a caller may not read. */
function refused(introspection: boolean, reader: Caller): string[] {
  return Object.values(buildGraph({ introspection }).getTypeMap()).flatMap((type) =>
    'getFields' in type
      ? Object.values(type.getFields())
          .filter((field) => 'args' in field && !mayRead(reader, field))
          .map(({ name }) => `${type.name}.${name}`)
      : [],
  );
}

describe('scopes', () => {
  it('are needed for personal data and usage, and for the SDL if introspection is off', () => {
    expect(refused(true, caller())).toEqual(['Query.usage', 'EndCaseDetail.certificateNo']);
    expect(refused(false, caller())).toEqual([
      'Query.usage',
      'Query._service',
      'EndCaseDetail.certificateNo',
    ]);
  });

  it('open one field each', () => {
    expect(refused(false, caller('endcases:pii', 'usage:read'))).toEqual(['Query._service']);
    expect(refused(false, caller('endcases:pii', 'usage:read', 'federation:sdl'))).toEqual([]);
  });

  it('cannot be declared for a field that does not exist', () => {
    const schema = buildSchema('type Query { usage: Int }');
    expect(() => enforceScopes(schema, true)).toThrow(
      'EndCaseDetail.certificateNo is not a field of the schema',
    );
  });
});
