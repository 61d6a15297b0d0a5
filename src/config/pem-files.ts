import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The path of a file of PEM certificates, read as its text. */
export const certificatesFile = z.string().transform((path, context) => {
  const text = read(path, context);
  if (text === undefined) return z.NEVER;
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length > 0 && certificates.every(isCertificate)) return text;
  context.addIssue({
    code: 'custom',
    message: 'must be a file of certificates in PEM (-----BEGIN CERTIFICATE-----)',
  });
  return z.NEVER;
});

/** The path of a file with a PEM private key, read as its text. Fault messages never contain it. */
export const privateKeyFile = z.string().transform((path, context) => {
  const text = read(path, context);
  if (text === undefined) return z.NEVER;
  if (readKey(text) !== undefined) return text;
  context.addIssue({
    code: 'custom',
    message: 'must be a file with a private key in PEM (-----BEGIN PRIVATE KEY-----), without a passphrase',
  });
  return z.NEVER;
});

/** Whether a file holds the key of the first certificate in another; undefined where one of them cannot be read. */
export function holdsKeyOf(keyPath: string, certificatePath: string): boolean | undefined {
  try {
    const key = readKey(readFileSync(keyPath, 'utf8'));
    return key && new X509Certificate(readFileSync(certificatePath)).checkPrivateKey(key);
  } catch {
    return undefined;
  }
}

function read(path: string, context: z.RefinementCtx): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = z.object({ code: z.string() }).catch({ code: 'unreadable' }).parse(error);
    context.addIssue({ code: 'custom', message: `must be a readable file: ${code}` });
    return undefined;
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
