import { type Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { dayOf, endOfDay } from '../../qcc/day.js';

/** A span of time, in milliseconds since 1970. `to` is excluded. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** A moment, or a whole day: then `end` is where the next day begins. In milliseconds since 1970. */
interface Moment {
  readonly start: number;
  readonly end: number;
}

export interface PeriodOptions {
  readonly from?: Moment;
  readonly to?: Moment;
}

/** Adds `--from` and `--to`, which take a day of Asia/Shanghai or a time. */
export function addPeriodOptions(command: Command): Command {
  return command
    .option('--from <time>', 'the first day (Asia/Shanghai) or a start time, such as 2026-11-24', readMoment)
    .option('--to <time>', 'the last day (inclusive) or an end time (exclusive)', readMoment);
}

/** The period that the options give. Ends the command with a usage error if `--from` is after `--to`. */
export function periodOf({ from, to }: PeriodOptions, command: Command): Period {
  if (from && to && from.start > to.start) command.error('--from must not be after --to');
  return { from: from?.start ?? 0, to: to?.end ?? Number.POSITIVE_INFINITY };
}

function readMoment(text: string): Moment {
  if (z.iso.date().safeParse(text).success) {
    const start = Date.parse(`${text}T00:00:00+08:00`);
    return { start, end: endOfDay(start) };
  }
  if (z.iso.datetime({ offset: true }).safeParse(text).success) {
    const moment = Date.parse(text);
    return { start: moment, end: moment };
  }
  throw new InvalidArgumentError(
    `It must be a day such as ${dayOf(Date.now())} (Asia/Shanghai), or a time such as 2026-11-24T08:00:00Z.`,
  );
}
