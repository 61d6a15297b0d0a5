import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql';

/** Longest document. A list of names a hundred aliases long has some 2,000. */
export const MAX_TOKENS = 10_000;
const MAX_DEPTH = 20;
const MAX_ALIASES = 500;
const MAX_DIRECTIVES = 50;

/** Rules that refuse a document for its size: what it would cost to run is judged by the estimate. */
export const documentLimits: ValidationRule[] = [
  maxDepthRule({ n: MAX_DEPTH, ...reported(`The document is more than ${MAX_DEPTH} fields deep.`) }),
  maxAliasesRule({ n: MAX_ALIASES, ...reported(`The document has more than ${MAX_ALIASES} aliases.`) }),
  maxDirectivesRule({
    n: MAX_DIRECTIVES,
    ...reported(`The document has more than ${MAX_DIRECTIVES} directives.`),
  }),
];

/** Thrown, an error of a rule would be a failure of the server. */
function reported(message: string) {
  return {
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null) => {
        context?.reportError(new GraphQLError(message));
      },
    ],
  };
}
