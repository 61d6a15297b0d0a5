/** Milliseconds. On a busy machine work may take many times as long as it should: only what hangs reaches this. */
const DEADLINE = 60_000;
const POLL_INTERVAL = 20;

/**
 * Polls a condition until it gives something truthy, and resolves with that.
 *
 * @param description what the test waits for; the default is the source of the condition
 * @throws Error that names the condition and what it gave last, after 60 s
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  description = condition.toString(),
): Promise<NonNullable<T>> {
  const deadline = performance.now() + DEADLINE;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > deadline) {
      throw new Error(
        `not reached within ${DEADLINE / 1000} s: ${description} (last value: ${String(value)})`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL));
  }
}
