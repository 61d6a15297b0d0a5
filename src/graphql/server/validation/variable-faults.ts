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

/** How many faults are reported: a list of a megabyte may have thousands. */
const MAX_FAULTS = 10;

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
  for (const { variable, type: typeNode, defaultValue } of variableDefinitions) {
    const name = variable.name.value;
    // Validation has checked that it is one.
    const type = typeFromAST(schema, typeNode);
    if (!isInputType(type)) continue;
    const report = (place: string, fault: string) => {
      if (faults.length >= MAX_FAULTS) return;
      const message = `Variable ${place} ${fault}: the type of $${name} is ${print(typeNode)}.`;
      faults.push(new QueryError(message));
    };
    if (Object.hasOwn(values, name)) findFaults(`$${name}`, values[name], type, showSchema, report);
    else if (isNonNullType(type) && defaultValue === undefined) report(`$${name}`, 'has no value');
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
  coerceInputValue(value, type, (path, invalid) => {
    // The schema has no input objects: every step of the path is the index of a list.
    const place = name + path.map((index) => `[${index}]`).join('');
    const isNull = invalid === null || invalid === undefined;
    const expected = isNull ? 'not be null' : `be ${expectedValue(getNamedType(type), showSchema)}`;
    report(place, `must ${expected}`);
  });
}
