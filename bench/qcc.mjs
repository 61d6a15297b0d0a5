import { createHash } from 'node:crypto';

export const { QCC_KEY: key = '', QCC_SECRET_KEY: secret = '', QCC_BASE_URL: baseUrl = '' } = process.env;

/** The headers that sign a call. */
export function sign() {
  const Timespan = String(Math.floor(Date.now() / 1000));
  return {
    Token: createHash('md5').update(`${key}${Timespan}${secret}`).digest('hex').toUpperCase(),
    Timespan,
  };
}

export const listPath = (searchKey, size, page) =>
  `/EndExecuteCaseCheck/GetList?key=${key}&searchKey=${encodeURIComponent(searchKey)}&pageIndex=${page}&pageSize=${size}`;
export const detailPath = (id) => `/EndExecuteCaseCheck/GetDetail?key=${key}&id=${encodeURIComponent(id)}`;
