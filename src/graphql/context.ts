import DataLoader from 'dataloader';
import { Deadline } from '../qcc/deadline.js';
import type { CaseDetail } from '../qcc/methods.js';
import type { Ask, Asker } from '../spend/ask.js';
import { Meter } from '../spend/meter.js';
import { PageLoader } from './page-loader.js';

/** What every resolver of one request shares. */
export interface Context {
  readonly meter: Meter;
  readonly operation: { name: string | null };
  readonly pages: PageLoader;
  /** GetDetail by case id: deduplicated, and each id settles alone. */
  readonly details: DataLoader<string, CaseDetail | null>;
}

/** @param signal fires when the caller goes away */
export function createContext(ask: Ask, caller: string, signal?: AbortSignal): Context {
  const meter = new Meter();
  const operation: Context['operation'] = { name: null };
  const by: Asker = { caller, operation, meter, signal, deadline: new Deadline(Number.POSITIVE_INFINITY) };
  return {
    meter,
    operation,
    pages: new PageLoader(async (searchKey, page) => {
      return (await ask<'GetList'>({ method: 'GetList', searchKey, page }, by)).data;
    }),
    details: new DataLoader((ids) =>
      Promise.all(
        ids.map((id) =>
          ask<'GetDetail'>({ method: 'GetDetail', id }, by).then(
            ({ data }) => data,
            (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
          ),
        ),
      ),
    ),
  };
}
