import * as z from 'zod';
import { holdsKeyOf } from './pem-files.js';
import { ALL_PRICE_VARIABLES, PRICE_VARIABLES } from './prices.js';

type Variables = Readonly<Record<string, string>>;

/** The faults of combinations of variables. */
function faultsOf(given: Variables): (string | undefined)[] {
  const { HOST, PORT = '4000', ADMIN_PORT, NODE_ENV, QCC_KEY, QCC_SECRET_KEY, SANDBOX, AUTH } = given;
  const { PERSISTED_OPERATIONS, PERSISTED_OPERATIONS_FILE } = given;
  const { REDIS_URL = '', REDIS_CA_FILE, REDIS_CERT_FILE, REDIS_KEY_FILE } = given;
  const authenticates = given.AUTH_API_KEYS !== undefined || given.AUTH_JWKS_URL !== undefined;
  const hasCredentials = QCC_KEY !== undefined || QCC_SECRET_KEY !== undefined;
  return [
    together(
      given,
      ['QCC_KEY', 'QCC_SECRET_KEY'],
      'Set both QCC_KEY and QCC_SECRET_KEY, or neither for the sandbox',
    ),
    together(
      given,
      PRICE_VARIABLES,
      `Amounts need the price of every method: set all of ${ALL_PRICE_VARIABLES}, or none`,
    ),
    faultIf(
      (PERSISTED_OPERATIONS === 'only') !== (PERSISTED_OPERATIONS_FILE !== undefined),
      'PERSISTED_OPERATIONS=only and PERSISTED_OPERATIONS_FILE must be set together. The file lists the operations that may run',
    ),
    faultIf(
      // Each of two zeros picks a free port of its own.
      ADMIN_PORT === PORT && PORT !== '0',
      'ADMIN_PORT must differ from PORT, or be unset',
    ),
    faultIf(
      !hasCredentials && SANDBOX !== '1' && (NODE_ENV === 'production' || !isLoopback(HOST)),
      'QCC_KEY and QCC_SECRET_KEY must be set if NODE_ENV=production or if HOST is not a loopback address. To serve the invented data of the sandbox there, set SANDBOX=1',
    ),
    together(
      given,
      ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'],
      'The gateway needs all of AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE to verify a token',
    ),
    together(
      given,
      ['REDIS_CERT_FILE', 'REDIS_KEY_FILE'],
      'Set both to show Redis a certificate, or neither',
    ),
    faultIf(
      REDIS_CERT_FILE !== undefined &&
        REDIS_KEY_FILE !== undefined &&
        holdsKeyOf(REDIS_KEY_FILE, REDIS_CERT_FILE) === false,
      'REDIS_KEY_FILE must hold the key of the first certificate in REDIS_CERT_FILE',
    ),
    faultIf(
      [REDIS_CA_FILE, REDIS_CERT_FILE, REDIS_KEY_FILE].some((file) => file !== undefined) &&
        !/^rediss/i.test(REDIS_URL),
      'REDIS_URL must begin with rediss if REDIS_CA_FILE, REDIS_CERT_FILE or REDIS_KEY_FILE is set: other connections are not encrypted',
    ),
    faultIf(
      AUTH === 'none' && authenticates,
      'AUTH must not be none if AUTH_API_KEYS or AUTH_JWKS_URL is set',
    ),
    faultIf(
      AUTH !== 'none' && !authenticates && !isLoopback(HOST),
      'AUTH must be none to serve anyone on a HOST that is not a loopback address. To serve known callers only, set AUTH_API_KEYS or AUTH_JWKS_URL',
    ),
  ];
}

/** Checks combinations of variables, and returns nothing. It reads raw text, so that an unreadable value hides no other fault. */
export const rules = z.record(z.string(), z.string()).transform((given, context) => {
  for (const message of faultsOf(given))
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  return {};
});

const faultIf = (condition: boolean, message: string) => (condition ? message : undefined);

/** The fault if some of the variables are set and others are not. */
function together(given: Variables, names: readonly string[], reason: string): string | undefined {
  const missing = names.filter((name) => given[name] === undefined);
  if (missing.length === 0 || missing.length === names.length) return undefined;
  return `${list(missing)} must be set too. ${reason}`;
}

/** Whether only this machine reaches a server that listens on `host`. */
function isLoopback(host = '127.0.0.1'): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** `A`, `A and B`, `A, B and C`. */
function list(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(names);
}
