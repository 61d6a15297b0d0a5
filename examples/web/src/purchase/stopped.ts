import type { Problem } from '../graph/problem';

/** Ends a purchase because of a problem that its next operation would meet too. */
export class Stopped extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ code }) => code).join(', '));
    this.problems = problems;
  }
}

/** Problems of one company or one case: the others are not affected. */
const LOCAL = new Set([
  'BAD_USER_INPUT',
  'UPSTREAM_DATA_INVALID',
  'UPSTREAM_PENDING',
  'UPSTREAM_LIMIT_EXCEEDED',
  'UPSTREAM_COOLDOWN',
  'UPSTREAM_FAILURE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_BAD_RESPONSE',
]);

const isLocal = ({ code }: Problem) => LOCAL.has(code);

/** @throws Stopped if one of the problems would be met again by any other operation */
export function stopUnlessLocal(problems: readonly Problem[]): void {
  const general = problems.filter((problem) => !isLocal(problem));
  if (general.length > 0) throw new Stopped(general);
}
