/** Shorter values are no secrets but words of test set-ups, which texts may rightly hold. */
const MIN_SECRET = 8;
/** A resident identity number (GB 11643): six digits of a place, a day of birth, three digits, a check; no part of a longer number. */
const IDENTITY_NUMBER =
  /(?<![\dA-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])/g;
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
