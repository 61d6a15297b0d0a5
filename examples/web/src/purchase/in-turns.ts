/**
 * Runs tasks in their order, at most `concurrency` at once. The first failure stops it: no further task starts.
 *
 * @throws what the first failing task threw, after the tasks that run have ended
 */
export async function inTurns<T>(
  tasks: readonly T[],
  concurrency: number,
  run: (task: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < tasks.length && failures.length === 0) {
      const task = tasks[next++];
      if (task === undefined) return;
      await run(task).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failures.length > 0) throw failures[0];
}
