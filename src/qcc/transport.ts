import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import axios, { type AxiosAdapter, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { Pool } from 'undici';

/** The largest body that is read, in bytes, packed or not. */
export const LARGEST_BODY = 2 * 1024 * 1024;

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
}

export interface Request {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Takes the request back, as long as no byte of it has left. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the exchange at whatever stage it is. */
  readonly cut: AbortSignal;
}

export interface Transport {
  send(request: Request): Sending;
  close(): Promise<void>;
}

/** Carries requests over kept-alive connections to one upstream. No redirect is followed, nothing is sent twice. */
export function createTransport(baseUrl: string): Transport {
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const pool = new Pool(base.origin, { connections: null, maxResponseSize: LARGEST_BODY });
  const client = axios.create({
    adapter: overPool(pool),
    proxy: false,
    maxRedirects: 0,
    responseType: 'arraybuffer',
    transformResponse: [],
    validateStatus: () => true,
  });

  return {
    send({ path, parameters, headers, signal, cut }) {
      const handed = new Handed(signal, cut);
      const done = client
        .request<Buffer>({
          url: `${prefix}/${path}?${queryString(parameters)}`,
          headers: { Accept: 'application/json', 'Accept-Encoding': 'gzip', ...headers },
          ...{ handed },
        })
        .then(async ({ status, headers: { 'content-encoding': encoding }, data }): Promise<Exchange> => {
          return { kind: 'answered', httpStatus: status, body: await unpack(data, String(encoding ?? '')) };
        })
        .catch((error: unknown) => describe(error, handed.sent));
      return {
        get sent() {
          return handed.sent;
        },
        done,
      };
    },
    close: () => pool.destroy(),
  };
}

/** Percent-encoded UTF-8; a space is %20, for not every server takes + for one. */
function queryString(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString().replaceAll('+', '%20');
}

/** What `send` hands to the adapter through axios' configuration. A class, for axios copies plain objects on the way. */
class Handed {
  sent = false;

  constructor(
    readonly signal: AbortSignal | undefined,
    readonly cut: AbortSignal,
  ) {}
}

interface HandedConfig extends InternalAxiosRequestConfig {
  readonly handed?: Handed;
}

/** An axios adapter on undici's lowest layer, the only one that tells when a request begins to leave. */
function overPool(pool: Pool): AxiosAdapter {
  return (config: HandedConfig) =>
    new Promise((resolve, reject) => {
      const { handed } = config;
      const { signal, cut } = handed ?? {};
      const chunks: Buffer[] = [];
      let httpStatus = 0;
      let headers: Record<string, string | string[] | undefined> = {};
      let stop = (reason: Error): void => reject(reason);
      const onSignal = () => {
        if (!handed?.sent) stop(new Error('taken back'));
      };
      const onCut = () => stop(new Error('cut off'));
      const settled = () => {
        signal?.removeEventListener('abort', onSignal);
        cut?.removeEventListener('abort', onCut);
      };
      signal?.addEventListener('abort', onSignal, { once: true });
      cut?.addEventListener('abort', onCut, { once: true });
      pool.dispatch(
        {
          path: config.url ?? '/',
          method: 'GET',
          headers: config.headers.toJSON(true) as Record<string, string>,
        },
        {
          onRequestStart(controller) {
            if (signal?.aborted || cut?.aborted) {
              controller.abort(new Error('taken back'));
              return;
            }
            if (handed) handed.sent = true;
            stop = (reason) => controller.abort(reason);
          },
          onResponseStart(_controller, statusCode, responseHeaders) {
            httpStatus = statusCode;
            headers = responseHeaders;
          },
          onResponseData(_controller, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd() {
            settled();
            resolve({
              data: Buffer.concat(chunks),
              status: httpStatus,
              statusText: '',
              headers: AxiosHeaders.from(headers as Record<string, string>),
              config,
            });
          },
          onResponseError(_controller, error) {
            settled();
            reject(error);
          },
        },
      );
    });
}

const unpackers: Readonly<
  Record<string, (data: Buffer, limit: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

async function unpack(data: Buffer, encoding: string): Promise<string> {
  const unpacker = unpackers[encoding.trim().toLowerCase()];
  const plain = unpacker ? await unpacker(data, { maxOutputLength: LARGEST_BODY }) : data;
  return plain.toString('utf8');
}

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
