import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type ValidationRule,
  visit,
} from 'graphql';
import { expandExcess } from './expanded-limits.js';

/** Tokens of one document. A query for 100 companies under aliases has about 2,000. */
export const MAX_TOKENS = 10_000;
const MAX_OPERATIONS = 50;
const MAX_FRAGMENTS = 100;
const MAX_ALIASES = 500;
const MAX_DIRECTIVES = 50;
/** Characters of an alias, which the result repeats for each object. */
const MAX_ALIAS = 200;
/** Characters of any other name but an operation's. Validation compares unknown names with those of the schema. */
const MAX_NAME = 10_000;
/** Nodes of the syntax tree inside one another: lists in lists, inline fragments in inline fragments. */
const MAX_NESTING = 100;
/** Selections of `__schema` and `__type`. */
const MAX_INTROSPECTIONS = 10;

/**
 * A validation rule that limits a document. Several rules of the GraphQL specification need time in proportion to the
 * square of its size, so a document beyond a limit is not validated any further. `MAX_RESULT_FIELDS` limits the result.
 */
export const documentLimits: ValidationRule = (context) => ({
  Document(document) {
    const excess = countExcess(document) ?? expandExcess(document);
    if (excess === undefined) return undefined;
    context.reportError(new GraphQLError(`The document ${excess}.`));
    // To delete a node is to visit nothing in it: this ends the other rules.
    return null;
  },
});

/** Which limit the text of a document exceeds, as a part of a sentence. Undefined: none. */
function countExcess(document: DocumentNode): string | undefined {
  const counts = { operations: 0, fragments: 0, aliases: 0, directives: 0, introspections: 0 };
  let [nesting, deepest, introspection] = [0, 0, 0];
  let [hasIntrospectionAlias, hasLongAlias, hasLongName] = [false, false, false];
  const count = (node: ASTNode, parent: unknown) => {
    nesting += 1;
    deepest = Math.max(deepest, nesting);
    if (node.kind === Kind.OPERATION_DEFINITION) counts.operations += 1;
    else if (node.kind === Kind.FRAGMENT_DEFINITION) counts.fragments += 1;
    else if (node.kind === Kind.DIRECTIVE) counts.directives += 1;
    else if (node.kind === Kind.FIELD && node.alias) counts.aliases += 1;
    if (node.kind === Kind.NAME && node.value.length > MAX_NAME && !isOperation(parent)) hasLongName = true;
    if (node.kind === Kind.FIELD && (node.alias?.value.length ?? 0) > MAX_ALIAS) hasLongAlias = true;
    if (introspection > 0 && node.kind === Kind.FIELD && node.alias) hasIntrospectionAlias = true;
    if (!isIntrospection(node)) return;
    introspection += 1;
    if (node.kind === Kind.FIELD) counts.introspections += 1;
  };
  visit(document, {
    enter: (node, _key, parent) => count(node, parent),
    leave(node) {
      nesting -= 1;
      if (isIntrospection(node)) introspection -= 1;
    },
  });
  if (deepest > MAX_NESTING) return `is nested more than ${MAX_NESTING} levels deep`;
  if (hasLongAlias) return `has an alias of more than ${MAX_ALIAS} characters`;
  if (hasLongName) return `has a name of more than ${MAX_NAME} characters`;
  if (hasIntrospectionAlias) return 'has aliases inside __schema or __type, where none are allowed';
  return (
    more(counts.operations, MAX_OPERATIONS, 'operations') ??
    more(counts.fragments, MAX_FRAGMENTS, 'fragments') ??
    more(counts.aliases, MAX_ALIASES, 'aliases') ??
    more(counts.directives, MAX_DIRECTIVES, 'directives') ??
    more(counts.introspections, MAX_INTROSPECTIONS, 'selections of __schema and __type')
  );
}

function isOperation(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'operation' in node;
}

/** Whether everything in a node is about the schema, not about data. */
function isIntrospection(node: ASTNode): node is FieldNode | FragmentDefinitionNode {
  if (node.kind === Kind.FIELD) return node.name.value === '__schema' || node.name.value === '__type';
  return node.kind === Kind.FRAGMENT_DEFINITION && node.typeCondition.name.value.startsWith('__');
}

function more(count: number, limit: number, what: string): string | undefined {
  return count > limit ? `has more than ${limit} ${what}` : undefined;
}
