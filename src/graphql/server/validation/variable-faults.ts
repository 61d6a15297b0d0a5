import {
  coerceInputValue,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  print,
  typeFromAST,
} from 'graphql';
import { QueryError } from '../../errors.js';
import { expectedValue } from './expected-value.js';

/** How many faults are reported, and looked for: a list of a megabyte may have hundreds of thousands. */
const MAX_FAULTS = 10;

/** Items of the longest list. No argument takes as many, and reading more holds the event loop. */
const MAX_ITEMS = 50_000;

/** Ends the search in the middle of a list. */
class EnoughFaults extends Error {}

/**
 * Finds the variables whose values do not fit their types. The errors of graphql-js would do, but quote the values, which
 * may be confidential and long.
 *
 * @param values by the names of the variables, as the client sent them
 * @param showSchema whether the client may learn the values of an enum
 * @returns the first ten faults; none if execution will accept the values
 */
export function variableFaults(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  values: Readonly<Record<string, unknown>>,
  showSchema: boolean,
): QueryError[] {
  const faults: QueryError[] = [];
  const find = () => {
    for (const { variable, type: typeNode, defaultValue } of variableDefinitions) {
      const name = variable.name.value;
      // Validation has checked that it is one.
      const type = typeFromAST(schema, typeNode);
      if (!isInputType(type)) continue;
      const report = (place: string, fault: string) => {
        const message = `Variable ${place} ${fault}: the type of $${name} is ${print(typeNode)}.`;
        faults.push(new QueryError(message));
        if (faults.length === MAX_FAULTS) throw new EnoughFaults();
      };
      if (Object.hasOwn(values, name)) findFaults(`$${name}`, values[name], type, showSchema, report);
      else if (isNonNullType(type) && defaultValue === undefined) report(`$${name}`, 'has no value');
    }
  };
  try {
    find();
  } catch (error) {
    if (!(error instanceof EnoughFaults)) throw error;
  }
  return faults;
}

function findFaults(
  name: string,
  value: unknown,
  type: GraphQLInputType,
  showSchema: boolean,
  report: (place: string, fault: string) => void,
): void {
  if (Array.isArray(value) && value.length > MAX_ITEMS) {
    report(name, `must have at most ${MAX_ITEMS} items`);
    return;
  }
  coerceInputValue(value, type, (path, invalid) => {
    // The schema has no input objects: every step of the path is the index of a list.
    const place = name + path.map((index) => `[${index}]`).join('');
    const isNull = invalid === null || invalid === undefined;
    const expected = isNull ? 'not be null' : `be ${expectedValue(getNamedType(type), showSchema)}`;
    report(place, `must ${expected}`);
  });
}
