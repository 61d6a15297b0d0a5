import { hash } from 'node:crypto';

/** A QCC account: `key` travels in the query string, `secretKey` never travels. */
export interface Credentials {
  readonly key: string;
  readonly secretKey: string;
}

/** The two headers that sign a call (document, 6.1). */
export interface Signature {
  /** 32 upper-case hexadecimal digits: MD5 of key + Timespan + SecretKey. */
  readonly Token: string;
  /** Unix time in whole seconds. */
  readonly Timespan: string;
}

/** Signs for the moment `now` (milliseconds since 1970), read once so that header and hash agree. */
export function sign(credentials: Credentials, now: number = Date.now()): Signature {
  const Timespan = Math.floor(now / 1000).toString();
  const Token = hash('md5', credentials.key + Timespan + credentials.secretKey, 'hex').toUpperCase();
  return { Token, Timespan };
}
