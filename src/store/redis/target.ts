/** The address of a server. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** How to reach Redis, as `REDIS_URL` has it. */
export type RedisTarget = {
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Whether connections are encrypted. */
  readonly secure: boolean;
} & (
  | { readonly kind: 'server'; readonly node: RedisNode; readonly database: number }
  | {
      readonly kind: 'sentinel';
      /** The Sentinels. */
      readonly nodes: readonly RedisNode[];
      /** The name under which the Sentinels know the primary. */
      readonly masterName: string;
      readonly database: number;
    }
  /** A cluster has database 0 only. */
  | { readonly kind: 'cluster'; readonly nodes: readonly RedisNode[] }
);

/** PEM texts for encrypted connections; undefined: the authorities that Node trusts, and no certificate of one's own. */
export interface RedisTls {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

export interface RedisSettings {
  readonly target: RedisTarget;
  readonly tls: RedisTls;
}
