const REASON = /\[skipped: (.+)\]$/;

/** After a run, prints one line for each reason why tests were skipped, and one for slow tests that were not run. */
export default class SkipReporter {
  #globalConfig;

  constructor(globalConfig) {
    this.#globalConfig = globalConfig;
  }

  onRunComplete(contexts, { testResults }) {
    const { testNamePattern, testPathPatterns } = this.#globalConfig;
    // With `-t`, jest reports the tests that do not match as skipped too.
    if (testNamePattern) return;
    for (const [reason, count] of countReasons(testResults)) {
      console.log(`skipped: ${reason}: ${count} ${count === 1 ? 'test' : 'tests'}`);
    }
    const ranSlow = [...contexts].some(({ config }) => config.displayName?.name === 'slow');
    if (!ranSlow && testPathPatterns.patterns.length === 0) {
      console.log('not run: the slow tests (npm run test:slow)');
    }
  }
}

function countReasons(testResults) {
  const counts = new Map();
  for (const { title, ancestorTitles, status } of testResults.flatMap((file) => file.testResults)) {
    if (status !== 'pending') continue;
    const titles = [...ancestorTitles, title];
    const reason = titles.map((text) => REASON.exec(text)?.[1]).find(Boolean) ?? titles.join(' › ');
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return counts;
}
