import { useEffect } from 'react';
import { ask } from '../graph/ask';
import { PING } from '../graph/operations';
import { useStore } from '../store';
import { access } from './access';

/** Asks once per key whether the gateway takes it. The answer 401 opens the sign-in dialog. */
export function useAccessCheck(): void {
  const { key } = useStore(access);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the link reads the key
  useEffect(() => {
    const controller = new AbortController();
    ask(PING, {}, { limit: 0, signal: controller.signal }).catch(() => undefined);
    return () => controller.abort();
  }, [key]);
}
