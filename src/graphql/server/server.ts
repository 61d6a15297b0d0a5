import { ApolloServer, type ApolloServerOptions } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { Context } from '../context.js';
import { buildGraph } from '../schema/schema.js';
import { stringify } from '../stringify.js';
import { documentLimits, MAX_TOKENS } from './document-limits.js';
import { documentStore } from './document-store.js';
import { errorFormatter, type ReportFailure } from './format-error.js';
import { sandboxPage } from './landing-page/sandbox-page.js';
import { hashInLowerCase, type Persisted, persistedQueries, safelist } from './persisted-operations.js';
import { type CostSettings, withCost } from './response-cost.js';
import { responsePlugin } from './response-plugin.js';
import { type SpendingSettings, spendingPlugin } from './spending-plugin.js';
import { queriesOnly } from './validation/queries-only.js';
import { variablesPlugin } from './validation/variables-plugin.js';

type Logger = NonNullable<ApolloServerOptions<Context>['logger']>;

export interface GraphSettings {
  /** Whether introspection is on, and Apollo Sandbox answers a browser's GET. */
  readonly introspection: boolean;
  readonly persisted: Persisted;
  readonly report: ReportFailure;
  readonly logger: Logger;
  readonly cost: CostSettings;
  readonly spending: SpendingSettings;
}

/** Apollo Server with the schema and the plugins of the gateway. The caller must start it. */
export function createGraphServer(settings: GraphSettings): ApolloServer<Context> {
  const { introspection, persisted, report, logger, cost, spending } = settings;
  const schema = buildGraph({ introspection });
  const formatError = errorFormatter(report, schema, introspection);
  return new ApolloServer<Context>({
    schema,
    introspection,
    logger,
    documentStore: documentStore(),
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: [queriesOnly, documentLimits],
    ...persistedQueries(persisted),
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    formatError,
    stringifyResult: async (result) => `${await stringify(withCost(result, cost))}\n`,
    plugins: [
      introspection ? sandboxPage('/explorer') : ApolloServerPluginLandingPageDisabled(),
      // It would wrap every field resolver to compute `Cache-Control`, which is always `no-store` here.
      ApolloServerPluginCacheControlDisabled(),
      // It would wrap every field resolver to send traces to a router.
      ApolloServerPluginInlineTraceDisabled(),
      ...(typeof persisted === 'string' ? [] : [safelist(persisted)]),
      hashInLowerCase,
      variablesPlugin(introspection, formatError),
      spendingPlugin(spending, formatError),
      responsePlugin(cost, formatError),
    ],
  });
}
