import { IDENTITY_CARD_FORM } from './identity-card.js';

/** Shorter values are no secrets but words of test set-ups, which texts may rightly hold. */
const MIN_SECRET = 8;
/** An identity-card number that is no part of a longer number or word. */
const IDENTITY_NUMBER = new RegExp(`(?<![\\dA-Za-z])${IDENTITY_CARD_FORM.source}(?![\\dA-Za-z])`, 'g');
/** An organisation code (GB 11714): eight digits or letters, a hyphen, a check. */
const ORGANISATION_CODE = /(?<![\dA-Za-z])[\dA-Z]{8}-[\dX](?![\dA-Za-z])/g;

/** Takes secrets out of a text, in whatever spelling a URL or a log may give them. */
export function withoutSecrets(secrets: readonly string[]): (text: string) => string {
  const long = secrets.filter((secret) => secret.length >= MIN_SECRET);
  const spellings = new Set(
    long.flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams({ secret }).toString().slice(7),
      // Some JSON writers escape slashes.
      secret.replaceAll('/', '\\/'),
    ]),
  );
  // The longest first: one spelling may be part of another.
  const sought = [...spellings].sort((one, other) => other.length - one.length);
  return (text) => sought.reduce((left, secret) => left.replaceAll(secret, '[redacted]'), text);
}

/** Takes out of a text what names a person: it belongs in no ledger, log or message. */
export function withoutIdentities(text: string): string {
  return text.replace(IDENTITY_NUMBER, '[identity number]').replace(ORGANISATION_CODE, '[organisation code]');
}
