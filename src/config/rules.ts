import { z } from 'zod';
import { PRICE_VARIABLES } from './prices.js';

type Variables = Readonly<Record<string, string>>;
/** Returns the fault of a combination of variables, or undefined. */
type Rule = (given: Variables) => string | undefined;

const TOKEN_VARIABLES = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'];

const credentialsTogether: Rule = (given) => {
  const [missing] = missingOf(given, ['QCC_KEY', 'QCC_SECRET_KEY']);
  return (
    missing && `${missing} must be set too. Set both QCC_KEY and QCC_SECRET_KEY, or neither for the sandbox`
  );
};

const pricesTogether: Rule = (given) => {
  const missing = missingOf(given, PRICE_VARIABLES);
  if (missing.length === 0) return undefined;
  return `${list(missing)} must be set too. Amounts need the price of every method: set all of ${list(PRICE_VARIABLES)}, or none`;
};

const safelistTogether: Rule = ({ PERSISTED_OPERATIONS: mode, PERSISTED_OPERATIONS_FILE: file }) => {
  if ((mode === 'only') === (file !== undefined)) return undefined;
  return 'PERSISTED_OPERATIONS=only and PERSISTED_OPERATIONS_FILE must be given together. The file lists the operations that may run';
};

const portsDiffer: Rule = ({ PORT: port = '4000', ADMIN_PORT: adminPort }) => {
  // Each of two zeros picks a free port of its own.
  if (adminPort !== port || adminPort === '0') return undefined;
  return 'ADMIN_PORT must be another port than PORT, or unset';
};

const realDataWhereExpected: Rule = ({ QCC_KEY, QCC_SECRET_KEY, SANDBOX, NODE_ENV, HOST }) => {
  if (QCC_KEY !== undefined || QCC_SECRET_KEY !== undefined || SANDBOX === '1') return undefined;
  if (NODE_ENV !== 'production' && isLoopback(HOST)) return undefined;
  return 'QCC_KEY and QCC_SECRET_KEY must be set if NODE_ENV=production or if HOST is not a loopback address. To serve the invented data of the sandbox there, set SANDBOX=1';
};

const tokensTogether: Rule = (given) => {
  const missing = missingOf(given, TOKEN_VARIABLES);
  if (missing.length === 0) return undefined;
  return `${list(missing)} must be set too. The gateway needs all of ${list(TOKEN_VARIABLES)} to verify a token`;
};

const authIsNotNoneAndSome: Rule = (given) => {
  if (given.AUTH !== 'none' || !authenticates(given)) return undefined;
  return 'AUTH must not be none if AUTH_API_KEYS or AUTH_JWKS_URL is set';
};

const authWhereExposed: Rule = (given) => {
  if (isLoopback(given.HOST) || authenticates(given) || given.AUTH === 'none') return undefined;
  return 'AUTH must be none to serve anyone on a HOST that is not a loopback address. To serve known callers only, set AUTH_API_KEYS or AUTH_JWKS_URL';
};

const RULES: readonly Rule[] = [
  credentialsTogether,
  pricesTogether,
  safelistTogether,
  portsDiffer,
  realDataWhereExpected,
  tokensTogether,
  authIsNotNoneAndSome,
  authWhereExposed,
];

/** Checks combinations of variables and gives nothing. It reads text, so a value that cannot be read hides no fault. */
export const rules = z.record(z.string(), z.string()).transform((given, context) => {
  for (const rule of RULES) {
    const message = rule(given);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  }
  return {};
});

/** The unset ones of variables that belong together; none if all of them are unset. */
function missingOf(given: Variables, names: readonly string[]): string[] {
  const missing = names.filter((name) => given[name] === undefined);
  return missing.length === names.length ? [] : missing;
}

function authenticates(given: Variables): boolean {
  return given.AUTH_API_KEYS !== undefined || given.AUTH_JWKS_URL !== undefined;
}

/** Whether only this machine reaches a server that listens on `host`. */
function isLoopback(host = '127.0.0.1'): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

const conjunction = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** `A`, `A and B`, `A, B and C`. */
function list(names: readonly string[]): string {
  return conjunction.format(names);
}
