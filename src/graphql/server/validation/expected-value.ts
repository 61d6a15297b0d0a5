import { type GraphQLNamedType, isEnumType } from 'graphql';

/** What the values of a scalar are, in words. */
const SCALARS: Readonly<Record<string, string>> = {
  Int: 'a whole number from -2147483648 to 2147483647',
  Float: 'a number',
  String: 'a string',
  Boolean: 'true or false',
  ID: 'a string or a whole number',
  DateTime: 'a string with a date and time of RFC 3339, such as "2026-01-31T08:00:00+08:00"',
};

/**
 * What a value of a type must be, in words: its form, or the values of an enum.
 *
 * @param showSchema whether the client may learn the values of an enum, as introspection would show them
 */
export function expectedValue(type: GraphQLNamedType, showSchema: boolean): string {
  if (!isEnumType(type) || !showSchema) return SCALARS[type.name] ?? `a value of ${type.name}`;
  const names = type.getValues().map(({ name }) => name);
  return `one of ${names.join(', ')}`;
}
