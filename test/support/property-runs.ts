/** Multiplies the runs of property tests: `PROPERTY_RUNS=10 npm test` tries ten times as many cases. */
const FACTOR = Number(process.env.PROPERTY_RUNS ?? 1);

/** For fast-check's `numRuns`. */
export const propertyRuns = (count: number) => Math.ceil(count * FACTOR);
