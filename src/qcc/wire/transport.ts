import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Axios, type AxiosAdapter, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { type Dispatcher, Pool } from 'undici';

/** The largest body that is read, in bytes, packed or not. */
export const MAX_BODY = 2 * 1024 * 1024;

/** How an exchange with the upstream ended. Nothing in it carries an address, a header or a key. */
export type Exchange =
  | { readonly kind: 'answered'; readonly httpStatus: number; readonly body: string }
  /** No byte of the request can have left. */
  | { readonly kind: 'unsent'; readonly why: string }
  /** The request left, at least in part, and no whole answer came. */
  | { readonly kind: 'broken'; readonly why: string }
  /** An answer that is no text: over the size limit, broken packing, not HTTP. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** An exchange under way. */
export interface Sending {
  /** Whether a byte of the request may have left. */
  readonly sent: boolean;
  /** Never rejects. */
  readonly done: Promise<Exchange>;
  /** Takes the request back, if no byte of it has left. */
  takeBack(): void;
  /** Ends the exchange at whatever stage it is. */
  cut(): void;
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

/** Carries requests over kept-alive connections to one upstream. No redirect is followed, nothing is sent twice. */
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

/** Percent-encoded UTF-8; a space is %20, for not every server takes + for one. */
function queryString(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString().replaceAll('+', '%20');
}

/** What came, as it came. */
interface Received {
  readonly encoding: string;
  readonly chunks: readonly Buffer[];
}

/**
 * One request on its way through axios to the adapter. A class, for axios copies plain objects on the way. Headers travel
 * in it too: axios would read, copy and normalise them six times a call.
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
    if (!this.sent) this.#stop(new Error('taken back'));
  }

  cut(): void {
    this.#stop(new Error('cut off'));
  }

  /** The request is handed to the pool. Gives false where it was stopped before. @param giveUp ends it while it waits there */
  dispatch(giveUp: (reason: Error) => void): boolean {
    this.#giveUp = giveUp;
    if (this.#stopped) giveUp(this.#stopped);
    return this.#stopped === undefined;
  }

  /** The request is about to leave. */
  leave(controller: Dispatcher.DispatchController): void {
    if (this.#stopped) controller.abort(this.#stopped);
    else this.#controller = controller;
  }

  /** The exchange is over: nothing is left to stop. */
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

/** An axios adapter on undici's lowest layer, the only one that tells when a request begins to leave. */
function overPool(pool: Pool): AxiosAdapter {
  const noHeaders = new AxiosHeaders();
  return ({ sending, ...config }: HandedConfig) =>
    new Promise((resolve, reject) => {
      if (sending === undefined) throw new TypeError('the transport alone sends');
      const chunks: Buffer[] = [];
      let status = 0;
      let encoding = '';
      if (!sending.dispatch(reject)) return;
      pool.dispatch(
        { path: config.url ?? '/', method: 'GET', headers: sending.headers },
        {
          onRequestStart: (controller) => sending.leave(controller),
          onResponseStart(_controller, statusCode, headers) {
            status = statusCode;
            encoding = String(headers['content-encoding'] ?? '');
          },
          onResponseData(_controller, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd() {
            sending.end();
            const data: Received = { encoding, chunks };
            resolve({ data, status, statusText: '', headers: noHeaders, config });
          },
          onResponseError(_controller, error) {
            sending.end();
            reject(error);
          },
        },
      );
    });
}

/** What came of a request that was answered. Most answers are not packed: they are read at once. */
function exchangeOf(httpStatus: number, received: Received, { sent }: Sending): Exchange | Promise<Exchange> {
  const { encoding, chunks } = received;
  const [only] = chunks;
  const data = chunks.length === 1 && only ? only : Buffer.concat(chunks);
  const unpacker = encoding === '' ? undefined : unpackers[encoding.trim().toLowerCase()];
  const read = (plain: Buffer): Exchange => ({ kind: 'answered', httpStatus, body: plain.toString('utf8') });
  if (unpacker === undefined) return read(data);
  return unpacker(data, { maxOutputLength: MAX_BODY }).then(read, (error: unknown) => describe(error, sent));
}

const unpackers: Readonly<
  Record<string, (data: Buffer, limit: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** Codes of undici and zlib for an answer that came and is no text within the limit. */
const UNREADABLE = /^(UND_ERR_RES_EXCEEDED_MAX_SIZE|ERR_BUFFER_TOO_LARGE|Z_|HPE_|UND_ERR_RES_CONTENT_LENGTH)/;

/** Only the code of an error is told on: its message and its fields may hold the request. */
function describe(error: unknown, sent: boolean): Exchange {
  const coded = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const code = typeof coded === 'string' ? coded : undefined;
  const why = code ?? 'connection lost';
  if (code !== undefined && UNREADABLE.test(code)) return { kind: 'unreadable', why };
  return { kind: sent ? 'broken' : 'unsent', why };
}
