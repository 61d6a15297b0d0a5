import type { ServerResponse } from 'node:http';

/** Sends JSON, or nothing where the status forbids a body. */
export function send(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(status === 204 || status === 205 || status === 304 ? undefined : JSON.stringify(body));
}

/** Sends an HTTP status that QCC never gives; a redirect leads nowhere. */
export function sendStatus(response: ServerResponse, status: number): void {
  if (status >= 300 && status < 400) response.setHeader('location', '/elsewhere');
  send(response, status, { error: `HTTP ${status}, as asked` });
}
