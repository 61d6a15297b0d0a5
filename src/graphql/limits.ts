import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql';

/** Longest document. A list of names a hundred aliases long has some 2,000. */
export const MOST_TOKENS = 10_000;
const DEEPEST = 20;
const MOST_ALIASES = 500;
const MOST_DIRECTIVES = 50;

/** Rules that refuse a document for its size: what it would cost to run is judged by the estimate. */
export const documentLimits: ValidationRule[] = [
  maxDepthRule({ n: DEEPEST, ...reported(`The document is more than ${DEEPEST} fields deep.`) }),
  maxAliasesRule({ n: MOST_ALIASES, ...reported(`The document has more than ${MOST_ALIASES} aliases.`) }),
  maxDirectivesRule({
    n: MOST_DIRECTIVES,
    ...reported(`The document has more than ${MOST_DIRECTIVES} directives.`),
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
