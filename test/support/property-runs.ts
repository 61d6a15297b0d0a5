/** Multiplies the runs of property tests: `PROPERTY_RUNS=10 npm test` tries ten times as many cases. */
const FACTOR = Number(process.env.PROPERTY_RUNS ?? 1);

/** Whether this is the project of slow tests, which has the files of properties besides those of its own. */
declare const propertiesInFull: boolean;

/**
 * For fast-check's `numRuns`.
 *
 * @param fast how many the fast tests try, where each takes long
 */
export const propertyRuns = (count: number, fast = count) =>
  Math.ceil((propertiesInFull ? count : fast) * FACTOR);
