const REASON = /\[skipped: (.+)\]$/;

/** After a run prints one line for each reason for which tests were skipped, and one for the tests of the other project. */
export default class SkipReporter {
  #isWholeRun;

  constructor({ testPathPatterns, testNamePattern }) {
    this.#isWholeRun = testPathPatterns.patterns.length === 0 && !testNamePattern;
  }

  onRunComplete(contexts, { testResults }) {
    // A test filtered out by `-t` counts as skipped too: then the reasons say nothing.
    if (!this.#isWholeRun) return;
    const lines = new Map();
    for (const { title, ancestorTitles, status } of testResults.flatMap((file) => file.testResults)) {
      if (status !== 'pending') continue;
      const reason = [...ancestorTitles, title].map((text) => REASON.exec(text)?.[1]).find(Boolean);
      const line = reason ?? `${[...ancestorTitles, title].join(' › ')} (it gives no reason)`;
      lines.set(line, (lines.get(line) ?? 0) + 1);
    }
    for (const [line, count] of lines)
      console.log(`skipped: ${line}: ${count} ${count === 1 ? 'test' : 'tests'}`);
    const projects = new Set([...contexts].map(({ config }) => config.displayName?.name));
    if (!projects.has('slow')) console.log('not run: the slow tests (npm run test:slow)');
  }
}
