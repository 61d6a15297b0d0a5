/** Where Apollo Sandbox is served from, whole and embedded. */
const APOLLO_SANDBOX = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];
const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

type Answer = (error: Error | null, allowed: boolean) => void;

/** Decides for a browser's `Origin`. Without a list: pages of this machine, and Apollo Sandbox. */
export function originAllowed(list: readonly string[] | undefined) {
  const allowed = new Set(list ?? APOLLO_SANDBOX);
  return (origin: string | undefined, answer: Answer): void => {
    answer(
      null,
      origin !== undefined && (allowed.has(origin) || (list === undefined && LOOPBACK.test(origin))),
    );
  };
}
