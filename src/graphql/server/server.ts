import { ApolloServer, type ApolloServerOptions, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context } from '../context.js';
import { buildGraph } from '../schema/schema.js';
import { type CostSettings, costPlugin } from './cost-plugin.js';
import { documentLimits, MAX_TOKENS } from './document-limits.js';
import { documentStore } from './document-store.js';
import { errorFormatter, type ReportFailure } from './format-error.js';
import { type Persisted, persistedQueries, safelist } from './persisted-operations.js';
import { SAMPLES } from './samples.js';
import { nameSpan } from './span.js';
import { type SpendingSettings, spendingPlugin } from './spending-plugin.js';
import { statusPlugin } from './status-plugin.js';

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
  const formatError = errorFormatter(report);
  const [first] = SAMPLES;
  return new ApolloServer<Context>({
    schema: buildGraph({ introspection }),
    introspection,
    logger,
    documentStore: documentStore(),
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: documentLimits,
    ...persistedQueries(persisted),
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    formatError,
    plugins: [
      introspection
        ? ApolloServerPluginLandingPageLocalDefault({
            footer: false,
            document: first?.query ?? '',
            variables: { ...first?.variables },
          })
        : ApolloServerPluginLandingPageDisabled(),
      // It would wrap every field resolver to compute `Cache-Control`, which is always `no-store` here.
      ApolloServerPluginCacheControlDisabled(),
      // It would wrap every field resolver to send traces to a router.
      ApolloServerPluginInlineTraceDisabled(),
      operationPlugin(formatError),
      ...(typeof persisted === 'string' ? [] : [safelist(persisted)]),
      spendingPlugin(spending, formatError),
      costPlugin(cost),
      statusPlugin,
    ],
  });
}

/** Names the operation for the ledger, the log and the trace, and closes its context once its response is known. */
function operationPlugin(formatError: ReturnType<typeof errorFormatter>): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ contextValue, operationName, operation }) {
          contextValue.operation.name = operationName;
          nameSpan(operation?.operation ?? 'query', operationName);
        },
        async willSendResponse({ response, contextValue }) {
          const result = response.body.kind === 'single' ? response.body.singleResult : {};
          const added = contextValue.errors.map((error) => formatError(error.toJSON(), error));
          if (added.length > 0) result.errors = [...(result.errors ?? []), ...added];
          const { data, errors = [] } = result;
          const outcome = errors.length === 0 ? 'ok' : data ? 'partial' : 'failed';
          const codes = errors.map(({ extensions }) => String(extensions?.code));
          if (outcome === 'failed') trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR });
          await contextValue.end(outcome, codes);
          response.http.headers.set('cache-control', 'no-store');
        },
      };
    },
  };
}
