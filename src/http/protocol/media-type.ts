import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { RequestError } from '../request-error.js';
import { searchOf } from './search.js';

export const JSON_RESPONSE = 'application/json; charset=utf-8';
/** The first one is for clients that prefer none. */
const RESPONSE_TYPES = [JSON_RESPONSE, 'application/graphql-response+json; charset=utf-8'];
const HTML = 'text/html';
/** The types chosen for the latest headers. Clients send few different ones. */
const chosen = new LRUCache<string, string>({ max: 100 });

/**
 * The media type of the response: of those that the gateway has, the one that the client prefers.
 *
 * @param accept the header `Accept` (RFC 9110, section 12.5.1); undefined: the client has no preference
 * @returns undefined if the client accepts none of them
 */
export function responseType(accept: string | undefined): string | undefined {
  const known = accept && chosen.get(accept);
  if (known) return known;
  const type = preferred(accept, RESPONSE_TYPES);
  if (accept && type) chosen.set(accept, type);
  return type;
}

/** Whether a browser opens the page. It cannot send an API key then, so the request is not authenticated. */
export function opensPage({ method, headers, url }: FastifyRequest): boolean {
  if (method !== 'GET') return false;
  const search = searchOf(url);
  const isOperation = search.has('query') || search.has('extensions') || headers.authorization !== undefined;
  return !isOperation && preferred(headers.accept, [...RESPONSE_TYPES, HTML]) === HTML;
}

/**
 * Replaces the header `Accept` by the one media type that was chosen from it. Whatever reads the header later (Apollo
 * Server, the status of the response, the response cache) agrees on the type.
 *
 * @param isPage whether a browser opens the page
 * @throws RequestError 406 before the operation runs: Apollo Server would run it first, and then refuse to show its result
 */
export function negotiate({ raw: { headers } }: FastifyRequest, isPage: boolean): void {
  const type = isPage ? HTML : responseType(headers.accept);
  if (type !== undefined) {
    headers.accept = type;
    return;
  }
  const message =
    'The header Accept must allow application/graphql-response+json or application/json: the gateway has no other media type.';
  throw new RequestError(406, 'BAD_REQUEST', message);
}

function preferred(accept: string | undefined, types: readonly string[]): string | undefined {
  // An empty header says nothing.
  return accept ? new Negotiator({ headers: { accept } }).mediaType([...types]) : types[0];
}
