import { hash } from 'node:crypto';
import { type Call, type CallOf, type MethodName, methods } from '../qcc/methods.js';
import { foldSearchKey } from '../qcc/search-key.js';

/** One text for one question. It is made before signing, for a signature changes every second. */
export function cacheKeyOf<M extends MethodName>(call: CallOf<M>): string {
  const name: M = call.method as M;
  return JSON.stringify([name, methods[name].parameters(call)]);
}

/** One text for all ways to write one question, in width and case of a name. */
export function foldedCacheKeyOf<M extends MethodName>(call: CallOf<M>): string {
  const asked: Call = call;
  return asked.method === 'GetList'
    ? cacheKeyOf<'GetList'>({ ...asked, searchKey: foldSearchKey(asked.searchKey) })
    : cacheKeyOf<M>(call);
}

/** Where something lies: what it is, and the question that it is about. */
export type Place = `${'exact' | 'folded' | 'head' | 'pause' | 'failure' | 'flight'} ${string}`;

/** Where the answers to a question may lie, the folded place first. */
export function placesOf<M extends MethodName>(call: CallOf<M>): Place[] {
  const exact: Place = `exact ${cacheKeyOf<M>(call)}`;
  return call.method === 'GetList' ? [`folded ${foldedCacheKeyOf<M>(call)}`, exact] : [exact];
}

/** Where the last failure of a question lies. */
export function failurePlace<M extends MethodName>(call: CallOf<M>): Place {
  return `failure ${cacheKeyOf<M>(call)}`;
}

/** Where what is known of a whole list lies. */
export function headPlace(searchKey: string): Place {
  return `head ${foldSearchKey(searchKey)}`;
}

/** A key of the store: of one length whatever was asked, and nothing of it to be read there. */
export function keyOf(place: Place): string {
  const kind = place.slice(0, place.indexOf(' '));
  return `${kind} ${hash('sha256', place, 'base64url')}`;
}
