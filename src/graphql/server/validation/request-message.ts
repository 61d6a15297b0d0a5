import { ApolloServerErrorCode, ApolloServerValidationErrorCode } from '@apollo/server/errors';
import { GraphQLError, type GraphQLSchema, isValueNode, Kind } from 'graphql';
import { adviceOn } from './advice.js';
import { expectedValue } from './expected-value.js';

/** Characters of the longest message. Those of graphql-js repeat names of the document, however long these are. */
const MAX_MESSAGE = 500;
/** What graphql-js and graphql-scalars say of a value in a document, up to the name of its type. */
const BAD_VALUE =
  /^(?:Expected value of type "([^"]+)"|Enum "(\w+)" cannot represent|(\w+) cannot represent|Value "\w+" does not exist in "(\w+)" enum)/;
const INTROSPECTION_OFF =
  'Introspection is off (INTROSPECTION=off, the default in production), so __schema and __type cannot be queried.';
const NO_OPERATION =
  'operationName must be the name of an operation in the document. Only a document with one operation may be sent without it.';

/**
 * The message of an error about the request, which a library has found. It repeats no value of the document, and no
 * advice that only a developer of this gateway can follow.
 *
 * @param showSchema whether the client may learn what it has not sent
 */
export function requestMessage(
  message: string,
  error: unknown,
  schema: GraphQLSchema,
  showSchema: boolean,
): string {
  if (isIntrospectionOff(error)) return INTROSPECTION_OFF;
  if (isOperationUnknown(error)) return NO_OPERATION;
  const advice = message.length > MAX_MESSAGE ? undefined : adviceOn(message, schema, showSchema);
  if (advice) return `${message} ${advice}`;
  return shortened(valueMessage(message, error, schema, showSchema) ?? message);
}

function isIntrospectionOff(error: unknown): boolean {
  const code = error instanceof GraphQLError ? error.extensions.validationErrorCode : undefined;
  return code === ApolloServerValidationErrorCode.INTROSPECTION_DISABLED;
}

function isOperationUnknown(error: unknown): boolean {
  return (
    error instanceof GraphQLError &&
    error.extensions.code === ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE
  );
}

/** A message about a value in the document, without the value. Undefined if the error is about something else. */
function valueMessage(
  message: string,
  error: unknown,
  schema: GraphQLSchema,
  showSchema: boolean,
): string | undefined {
  const node = error instanceof GraphQLError ? error.nodes?.[0] : undefined;
  if (node === undefined || !isValueNode(node)) return undefined;
  const typeName = BAD_VALUE.exec(message)?.slice(1).find(Boolean);
  const type = schema.getType(typeName?.replaceAll(/[[\]!]/g, '') ?? '');
  if (type === undefined) return undefined;
  if (node.kind === Kind.NULL) return `This value must not be null: its type is ${typeName}.`;
  return `This value must be ${expectedValue(type, showSchema)}: its type is ${typeName}.`;
}

function shortened(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE)}…`;
}
