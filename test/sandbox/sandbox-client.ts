import { sign } from '../../src/qcc/signature.js';
import { SANDBOX_CREDENTIALS, type Sandbox } from '../../src/sandbox/server.js';
import type { Data } from '../support/gateway.js';

type Parameters = Readonly<Record<string, string>>;

function send(
  sandbox: Sandbox,
  method: string,
  parameters: Parameters,
  init: Pick<RequestInit, 'headers' | 'signal'>,
): Promise<Response> {
  const query = new URLSearchParams({ key: SANDBOX_CREDENTIALS.key, ...parameters });
  return fetch(`${sandbox.url}/EndExecuteCaseCheck/${method}?${query}`, { ...init, redirect: 'manual' });
}

/** Calls a method, signed unless other headers are given, and parses its answer. */
export async function call(
  sandbox: Sandbox,
  method: string,
  parameters: Parameters,
  headers: Readonly<Record<string, string>> = { ...sign(SANDBOX_CREDENTIALS) },
): Promise<Data> {
  return (await send(sandbox, method, parameters, { headers })).json();
}

/** The raw HTTP response of GetList. */
export function fetchList(sandbox: Sandbox, searchKey: string, signal?: AbortSignal): Promise<Response> {
  const headers = { ...sign(SANDBOX_CREDENTIALS) };
  return send(sandbox, 'GetList', { searchKey }, signal ? { headers, signal } : { headers });
}
