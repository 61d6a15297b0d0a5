import { type GraphQLSchema, isObjectType } from 'graphql';

const UNKNOWN_FIELD = /^Cannot query field ".*" on type "(\w+)"\.$/;
const UNKNOWN_ARGUMENT = /^Unknown argument ".*" on field "(\w+)\.(\w+)"\.$/;
/** What would be right, by what the message says. */
const ADVICE: readonly [RegExp, string][] = [
  // Quotation marks and brackets of a Chinese keyboard, and those that word processors put in.
  [/Unexpected character: U\+(201[89CD]|300[A-F]|FF02|FF07)\./, 'A string needs straight double quotes (").'],
  [/found <EOF>\.$/, 'The document ends too early: look for a bracket that is not closed.'],
  [
    /^Variable "\$.*" is not defined/,
    'Declare it with its type at the start of the operation, as in query ($searchKey: String!).',
  ],
];

/**
 * What would be right, where graphql-js says only what is wrong. Undefined if it says so itself.
 *
 * @param showSchema whether the client may learn the names in the schema
 */
export function adviceOn(message: string, schema: GraphQLSchema, showSchema: boolean): string | undefined {
  const known = ADVICE.find(([pattern]) => pattern.test(message));
  if (known) return known[1];
  if (!showSchema) return undefined;
  const [, typeName = '', fieldName] = UNKNOWN_FIELD.exec(message) ?? UNKNOWN_ARGUMENT.exec(message) ?? [];
  const type = schema.getType(typeName);
  if (!isObjectType(type)) return undefined;
  const fields = type.getFields();
  const names =
    fieldName === undefined ? Object.keys(fields) : fields[fieldName]?.args.map(({ name }) => name);
  return names?.length ? `It has: ${names.join(', ')}.` : 'It has none.';
}
