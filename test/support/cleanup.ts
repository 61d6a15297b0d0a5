type Cleanup = () => unknown;

const cleanups: Cleanup[] = [];

/**
 * Runs `cleanup` when the current test ends, whether or not it passed. Cleanups run in reverse order, so that a gateway is
 * closed before the server it uses: a Redis client that outlives its server keeps its process alive for a while.
 */
export function cleanUp(cleanup: Cleanup): void {
  cleanups.push(cleanup);
}

/** Closes a resource when the current test ends. */
export function closeAfterTest<T extends { close(): unknown }>(resource: T): T {
  cleanUp(() => resource.close());
  return resource;
}

afterEach(async () => {
  for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) await cleanup();
});
