import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql';

/** Tokens of one document. A query for 100 companies under aliases has about 2,000. */
export const MAX_TOKENS = 10_000;
const MAX_DEPTH = 20;
const MAX_ALIASES = 500;
const MAX_DIRECTIVES = 50;

/** Validation rules that limit the size of a document. The cost of running it is limited by its estimate instead. */
export const documentLimits: ValidationRule[] = [
  maxDepthRule({ n: MAX_DEPTH, ...reportAs(`The document is nested more than ${MAX_DEPTH} fields deep.`) }),
  maxAliasesRule({ n: MAX_ALIASES, ...reportAs(`The document has more than ${MAX_ALIASES} aliases.`) }),
  maxDirectivesRule({
    n: MAX_DIRECTIVES,
    ...reportAs(`The document has more than ${MAX_DIRECTIVES} directives.`),
  }),
];

/** Reports a violation as a validation error. By default the rules throw it, which the client would see as an internal error. */
function reportAs(message: string) {
  return {
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null) => {
        context?.reportError(new GraphQLError(message));
      },
    ],
  };
}
