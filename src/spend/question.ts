import { type CallOf, type MethodName, methods } from '../qcc/methods.js';

/** One text for one question. It is made before signing, for a signature changes every second. */
export function questionOf<M extends MethodName>(call: CallOf<M>): string {
  const name: M = call.method as M;
  return JSON.stringify([name, methods[name].parameters(call)]);
}
