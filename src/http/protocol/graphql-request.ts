import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import { RequestError } from '../request-error.js';
import { isNestedTooDeep, MAX_NESTING } from './nesting.js';
import { searchOf } from './search.js';

/** Headers that no other site can make a browser send without a preflight request first. */
const PREFLIGHT_HEADERS = ['apollo-require-preflight', 'x-apollo-operation-name'];
/** The content types of HTML forms, which need no preflight request. */
const FORM_TYPES = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;
/** graphql-js counts the lines before each error. Documents of 10,000 tokens have fewer. */
const MAX_LINES = 5000;
const LINE_BREAK = /\r\n|[\n\r]/g;
const JSON_PARAMETERS = ['variables', 'extensions'];

const objectNamed = (name: string) =>
  z.custom<object>(isObject, `${name} must be a JSON object, not a string of JSON or an array.`).nullish();

/** The parameters of GraphQL over HTTP, section 5.1, and those of automatic persisted queries (Apollo). */
const parametersSchema = z.object({
  query: z.string('query must be a string with a GraphQL document.').nullish(),
  operationName: z.string('operationName must be a string.').nullish(),
  variables: objectNamed('variables'),
  extensions: objectNamed('extensions').pipe(
    z
      .object({
        persistedQuery: z
          .object(
            {
              version: z.literal(1, 'extensions.persistedQuery.version must be the number 1.'),
              sha256Hash: z
                .string('extensions.persistedQuery.sha256Hash must be a string.')
                .min(1, 'extensions.persistedQuery.sha256Hash must not be empty.'),
            },
            'extensions.persistedQuery must be an object with version and sha256Hash.',
          )
          .nullish(),
      })
      .nullish(),
  ),
});

/**
 * Checks that a request is one of GraphQL over HTTP (https://graphql.github.io/graphql-over-http), before Apollo Server
 * reads it.
 *
 * @throws RequestError 400 `BAD_REQUEST` with what is wrong and what would be right
 */
export function assertGraphqlRequest({ method, headers, url, body }: FastifyRequest): void {
  if (method === 'GET') assertPreflight(headers);
  const { data, error } = parametersSchema.safeParse(method === 'GET' ? readSearch(url) : readBody(body));
  if (error) throw badRequest(error.issues[0]?.message ?? 'The parameters of the request are not valid.');
  const { query, extensions } = data;
  const sha256Hash = extensions?.persistedQuery?.sha256Hash;
  if (!query && sha256Hash === undefined) {
    throw badRequest('The request has no query: send a GraphQL document in query, such as "{ __typename }".');
  }
  if (query) assertReadable(query);
  if (
    typeof query === 'string' &&
    sha256Hash !== undefined &&
    sha256Hash.toLowerCase() !== hash('sha256', query)
  ) {
    throw badRequest(
      'extensions.persistedQuery.sha256Hash is not the hash of query: it must be the SHA-256 of the document, in hexadecimal.',
    );
  }
}

/** Checks what graphql-js would need too much time or stack for. */
function assertReadable(document: string): void {
  if (isNestedTooDeep(document)) {
    throw badRequest(`The document must not have brackets nested more than ${MAX_NESTING} levels deep.`);
  }
  let lines = 1;
  for (const _ of document.matchAll(LINE_BREAK)) {
    lines += 1;
    if (lines > MAX_LINES) throw badRequest(`The document must not have more than ${MAX_LINES} lines.`);
  }
}

/** Any page can make a browser send a simple GET to this gateway, with the rights of the network it is in (CSRF). */
function assertPreflight(headers: IncomingHttpHeaders): void {
  const isSimple = FORM_TYPES.test(headers['content-type'] || 'text/plain');
  if (isSimple && !PREFLIGHT_HEADERS.some((name) => headers[name])) {
    throw badRequest('A GET needs the header "apollo-require-preflight: 1". A POST with JSON does not.');
  }
}

function readBody(body: unknown): object {
  if (Array.isArray(body)) throw badRequest('Batches are not supported: send one operation in each request.');
  if (isObject(body)) return body;
  throw badRequest('The request body must be a JSON object, such as {"query": "{ __typename }"}.');
}

function readSearch(url: string): object {
  const search = searchOf(url);
  const parameters: Record<string, unknown> = {};
  for (const name of Object.keys(parametersSchema.shape)) {
    const [value, ...others] = search.getAll(name);
    if (others.length > 0) throw badRequest(`The URL has the parameter ${name} more than once.`);
    if (value !== undefined) parameters[name] = JSON_PARAMETERS.includes(name) ? parse(name, value) : value;
  }
  return parameters;
}

function parse(name: string, text: string): unknown {
  if (isNestedTooDeep(text)) {
    throw badRequest(
      `The parameter ${name} of the URL must not be nested more than ${MAX_NESTING} levels deep.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`The parameter ${name} of the URL must be JSON, percent-encoded.`);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badRequest(message: string): RequestError {
  return new RequestError(400, 'BAD_REQUEST', message);
}
