import { Axios, type AxiosAdapter, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { type Dispatcher, Pool } from 'undici';
import { type Body, MAX_BODY, type Received, readBody } from './body.js';
import { untraced } from './untraced.js';

/** How an exchange with QCC ended. Nothing in it carries an address, a header or a key. */
export type Exchange =
  | { readonly kind: 'answered'; readonly httpStatus: number; readonly body: Body }
  /** No byte of the request can have left. */
  | { readonly kind: 'unsent'; readonly reason: string }
  /** The request left, at least in part, and no complete answer came. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** The answer is not text: too large, damaged compression, not HTTP. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** An exchange in flight. */
export interface Sending {
  /** Whether a byte of the request may have left. */
  readonly sent: boolean;
  /** Never rejects. */
  readonly done: Promise<Exchange>;
  /** Withdraws the request if no byte of it has left. */
  takeBack(): void;
  /** Ends the exchange at any stage. */
  abort(): void;
}

export interface Request {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Transport {
  send(request: Request): Sending;
  close(): Promise<void>;
}

/** Sends requests over keep-alive connections to one host. It follows no redirects and retries nothing. */
export function createTransport(baseUrl: string): Transport {
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const pool = new Pool(base.origin, { connections: null, maxResponseSize: MAX_BODY });
  const client = new Axios({ adapter: overPool(pool) });

  return {
    send({ path, parameters, headers }) {
      const sending = new PoolSending(headers);
      const url = `${prefix}/${path}?${queryString(parameters)}`;
      sending.done = client.request<Received>({ url, ...{ sending } }).then(
        ({ status, data }) => exchangeOf(status, data, sending),
        (error: unknown) => describe(error, sending.sent),
      );
      return sending;
    },
    close: () => pool.destroy(),
  };
}

/** Percent-encoded UTF-8. A space is %20: not every server reads + as a space. */
function queryString(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString().replaceAll('+', '%20');
}

/**
 * One request on its way through axios to the adapter. It is a class because axios copies plain objects. It also carries
 * the headers: axios would read, copy and normalise them six times a call.
 */
class PoolSending implements Sending {
  done: Promise<Exchange> = new Promise(() => undefined);
  readonly headers: Readonly<Record<string, string>>;
  #controller: Dispatcher.DispatchController | undefined;
  #stopped: Error | undefined;
  #over = false;
  #giveUp: ((reason: Error) => void) | undefined;

  constructor(headers: Readonly<Record<string, string>>) {
    this.headers = { Accept: 'application/json', 'Accept-Encoding': 'gzip', ...headers };
  }

  get sent(): boolean {
    return this.#controller !== undefined;
  }

  takeBack(): void {
    if (!this.sent) this.#stop(new Error('withdrawn'));
  }

  abort(): void {
    this.#stop(new Error('aborted'));
  }

  /** Called as the request enters the pool; returns false if it was stopped before. @param giveUp ends it while it is queued there */
  dispatch(giveUp: (reason: Error) => void): boolean {
    this.#giveUp = giveUp;
    if (this.#stopped) giveUp(this.#stopped);
    return this.#stopped === undefined;
  }

  /** Called as the first byte is about to leave. */
  start(controller: Dispatcher.DispatchController): void {
    if (this.#stopped) controller.abort(this.#stopped);
    else this.#controller = controller;
  }

  /** Called when the exchange is over. */
  end(): void {
    this.#over = true;
  }

  #stop(reason: Error): void {
    if (this.#over) return;
    this.#stopped = reason;
    if (this.#controller) this.#controller.abort(reason);
    else this.#giveUp?.(reason);
  }
}

interface HandedConfig extends InternalAxiosRequestConfig {
  readonly sending?: PoolSending;
}

/** An axios adapter on undici's dispatch layer, the only one that reports when a request begins to leave. */
function overPool(pool: Pool): AxiosAdapter {
  const noHeaders = new AxiosHeaders();
  return ({ sending, ...config }: HandedConfig) =>
    new Promise((resolve, reject) => {
      if (sending === undefined) throw new TypeError('requests must be sent by the transport');
      const chunks: Buffer[] = [];
      let status = 0;
      let [contentEncoding, contentType] = ['', ''];
      if (!sending.dispatch(reject)) return;
      const request: Dispatcher.DispatchOptions = {
        path: config.url ?? '/',
        method: 'GET',
        headers: sending.headers,
      };
      untraced(() =>
        pool.dispatch(request, {
          onRequestStart: (controller) => sending.start(controller),
          onResponseStart(_controller, statusCode, headers) {
            status = statusCode;
            contentEncoding = String(headers['content-encoding'] ?? '');
            contentType = String(headers['content-type'] ?? '');
          },
          onResponseData(_controller, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd() {
            sending.end();
            const data: Received = { contentEncoding, contentType, chunks };
            resolve({ data, status, statusText: '', headers: noHeaders, config });
          },
          onResponseError(_controller, error) {
            sending.end();
            reject(error);
          },
        }),
      );
    });
}

/** The exchange of an answered request. */
async function exchangeOf(httpStatus: number, received: Received, { sent }: Sending): Promise<Exchange> {
  try {
    return { kind: 'answered', httpStatus, body: await readBody(received) };
  } catch (error) {
    return describe(error, sent);
  }
}

/** Codes of undici and zlib for an answer that arrived but is not text within the size limit. */
const UNREADABLE = /^(UND_ERR_RES_EXCEEDED_MAX_SIZE|ERR_BUFFER_TOO_LARGE|Z_|HPE_|UND_ERR_RES_CONTENT_LENGTH)/;

/** Passes on the code of an error only: its message and its fields may hold the request. */
function describe(error: unknown, sent: boolean): Exchange {
  const coded = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const code = typeof coded === 'string' ? coded : undefined;
  const reason = code ?? 'connection lost';
  if (code !== undefined && UNREADABLE.test(code)) return { kind: 'unreadable', reason };
  return { kind: sent ? 'broken' : 'unsent', reason };
}
