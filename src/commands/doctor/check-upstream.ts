import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Config } from '../../config/config.js';
import { reasonOf } from '../environment-faults.js';
import { type Finding, note, ok, wrong } from './finding.js';

/** Milliseconds for a connection and a response. */
const TIMEOUT = 10_000;
/** Seconds by which this clock may differ. QCC's document names no limit for the time in a token. */
const MAX_SKEW = 30;
/** Codes of errors about a certificate, from OpenSSL and Node. */
const CERTIFICATE_FAULT = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME|CRL/;

/** Checks whether QCC can be reached, without a key: nothing is billed. */
export async function checkUpstream({ baseUrl, credentials }: Config): Promise<readonly Finding[]> {
  if (credentials === undefined) return [];
  const url = new URL(baseUrl);
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const dns = await checkDns(name);
  if (dns.state === 'wrong') return [dns];
  const sent = Date.now();
  try {
    const { headers } = await fetchHead(url);
    // The server has read its clock between the two.
    const here = (sent + Date.now()) / 2;
    return [dns, checkEncryption(url, name), checkClock(here, headers.date)];
  } catch (error) {
    return [dns, connectionFault(url, reasonOf(error))];
  }
}

async function checkDns(name: string): Promise<Finding> {
  try {
    const addresses = await lookup(name, { all: true });
    return ok('DNS', `${name} is ${addresses.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    return wrong('DNS', `QCC_BASE_URL must name a host that can be found: ${reasonOf(error)} ${name}`);
  }
}

/** The head of whatever the host answers. @throws Error if it does not answer */
function fetchHead(url: URL): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sending = request(url.origin, { method: 'HEAD', timeout: TIMEOUT, agent: false }, (response) => {
      response.destroy();
      resolve(response);
    });
    sending.once('timeout', () => sending.destroy(new Error(`no answer within ${TIMEOUT / 1000} s`)));
    sending.once('error', reject);
    sending.end();
  });
}

function checkEncryption({ protocol, host }: URL, name: string): Finding {
  if (protocol === 'https:') return ok('TLS', `the certificate of ${host} is valid`);
  const isHere = name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
  if (isHere) return note('TLS', `${host} is on this machine, and is called without TLS`);
  return wrong('TLS', 'QCC_BASE_URL must begin with https: the key would be sent unencrypted');
}

function connectionFault({ host }: URL, reason: string): Finding {
  if (CERTIFICATE_FAULT.test(reason)) {
    return wrong(
      'TLS',
      `the certificate of ${host} must be valid: ${reason}. If a proxy in your network issued it, set NODE_EXTRA_CA_CERTS to the file of the proxy's certificate`,
    );
  }
  if (/SSL|TLS|EPROTO/.test(reason)) return wrong('TLS', `${host} must speak TLS: ${reason}`);
  return wrong('connection', `${host} must answer: ${reason}. Check the firewall and QCC_BASE_URL`);
}

/** @param here this clock, in milliseconds since 1970. @param date the header `Date`, in whole seconds */
function checkClock(here: number, date: string | undefined): Finding {
  const there = Date.parse(date ?? '');
  if (Number.isNaN(there)) return note('clock', 'it could not be compared, because the host sends no Date');
  const skew = Math.round((here - there) / 1000);
  const difference = `${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead of'} the clock of the host`;
  if (Math.abs(skew) <= MAX_SKEW)
    return ok('clock', `at most ${Math.abs(skew) + 1} s from the clock of the host`);
  return wrong(
    'clock',
    `it is ${difference}. Set it, for example with NTP: QCC refuses tokens whose time is wrong`,
  );
}
