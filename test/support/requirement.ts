/** Something that a test needs and that not every machine has. */
export interface Requirement {
  /** What needs it, as in "Redis tests". */
  readonly tests: string;
  /** What is missing and how to get it, as in "redis-server is not installed; apt-get install redis-server". */
  readonly remedy: string;
  /** Whether it is there. */
  readonly met: boolean;
  /** An environment variable: where it is `1`, an unmet requirement is a failure and not a reason to skip. */
  readonly variable: string;
}

/** `describe` and `it`, which may skip. */
export interface Suite {
  describe(title: string, body: () => void): void;
  it(title: string, body: (() => void) | (() => Promise<void>)): void;
}

/**
 * `describe` and `it` for tests that need all of `requirements`. Where one is missing they skip, and their title says why:
 * `skip-reporter.js` reads it there.
 *
 * @throws Error where a missing one must not be
 */
export function requires(...requirements: readonly Requirement[]): Suite {
  const missing = requirements.find(({ met }) => !met);
  if (missing === undefined) return { describe, it };
  const { tests, remedy, variable } = missing;
  if (process.env[variable] === '1') throw new Error(`${tests} must run here (${variable}=1): ${remedy}`);
  const explain = (title: string) => `${title} [skipped: ${tests} (${remedy})]`;
  return {
    describe: (title, body) => describe.skip(explain(title), body),
    it: (title, body) => it.skip(explain(title), body),
  };
}
