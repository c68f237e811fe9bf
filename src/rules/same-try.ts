// Whether an attempt still stands where a proof was asked for. Another tab of the same browser may have taken it elsewhere
// while the proof was under way; what was proven for one person or beside one Business Direct ID counts for no other.
import type { SignInRecord } from './sign-in-record.ts';

type Way = Pick<SignInRecord, 'route' | 'inherited' | 'upstream' | 'linkId'>;
type Try = Way & Pick<SignInRecord, 'account'>;

/** The same route with the same verified Business Direct ID, if any, taken once and not left since. */
export function sameWay(asked: Way, newest: Way): boolean {
  return (
    asked.route === newest.route &&
    asked.inherited === newest.inherited &&
    asked.linkId === newest.linkId &&
    asked.upstream?.issuer === newest.upstream?.issuer &&
    asked.upstream?.subject === newest.upstream?.subject &&
    asked.upstream?.at === newest.upstream?.at
  );
}

/** The same way, and the same person on it. */
export function sameTry(asked: Try, newest: Try): boolean {
  return sameWay(asked, newest) && asked.account?.id === newest.account?.id;
}
