import { GatewayError } from '../../errors.js';
import { readWindow, type WindowArguments } from '../paging/window.js';
import { unlessRefused } from './purchase-plan.js';
import type { SelectedField, Selection } from './selection.js';

/** The rows that `usage` is assumed to have: how many there are is known only once the counters are read. */
const USAGE_GROUPS = 1000;

/** The result of an operation may be too large for the memory of the process. Nothing was bought. */
class ResultTooLarge extends GatewayError {
  /** @param fields values that the result may have. @param limit `MAX_RESULT_FIELDS` */
  constructor(fields: number, limit: number) {
    const message = `The result may have ${fields} field values, more than the ${limit} that MAX_RESULT_FIELDS allows. Select fewer companies, cases or fields.`;
    super('RESULT_TOO_LARGE', message, { facts: { fields, limit } });
  }
}

/**
 * Checks the most field values that a result can have, whatever the cache holds: each selected field counts once for each
 * object that it is selected on, under each of its aliases.
 *
 * @throws GatewayError `RESULT_TOO_LARGE`
 */
export function assertResultSize(root: Selection, limit: number): void {
  const fields = countFields(root, 1);
  if (fields > limit) throw new ResultTooLarge(fields, limit);
}

/** @param rows of the window that a connection shows */
function countFields(selection: Selection, rows: number): number {
  let count = selection.size;
  for (const field of selection.fields) count += countInside(field, rows);
  return count;
}

function countInside(field: SelectedField, rows: number): number {
  if (field.name === '_entities') return countEntities(field);
  const { name, args, selection } = field;
  if (selection === null) return 0;
  switch (name) {
    case 'companies':
      return lengthOf(args.searchKeys) * countFields(selection, 1);
    case 'endCases':
      return countFields(selection, rowsOf(args));
    case 'edges':
    case 'nodes':
      return rows * countFields(selection, 1);
    case 'groups':
      return USAGE_GROUPS * countFields(selection, 1);
    default:
      return countFields(selection, 1);
  }
}

function countEntities({ args, on }: SelectedField): number {
  const { representations } = args;
  if (!Array.isArray(representations)) return 0;
  const counts = { Company: countFields(on('Company'), 1), EndCase: countFields(on('EndCase'), 1) };
  let count = 0;
  for (const { __typename } of representations)
    count += __typename === 'EndCase' ? counts.EndCase : counts.Company;
  return count;
}

/** Execution refuses a wrong window: it has no rows then. */
function rowsOf(args: SelectedField['args']): number {
  return unlessRefused(() => readWindow(args as WindowArguments, null).count) ?? 0;
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}
