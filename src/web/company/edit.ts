// The hidden value of a check page: what its person saw, thing by thing, under a MAC for this login and this act. What comes
// back changed is refused; what changed in the store meanwhile is told for each.
import type { Site } from '../site.ts';

/** One thing that a check page shows, mostly a person: what stands for it, in any words that change when it changes. */
export interface Shown {
  readonly id: string;
  readonly seen: string;
}

/** Characters of one thing's tag, of base64url: 72 bits of what stood for it. */
const tagLength = 12;

const tagOf = (site: Site, { id, seen }: Shown): string => site.digest(`${id} ${seen}`).slice(0, tagLength);

function macOf(site: Site, loginId: string, what: string, ids: readonly string[], nonce: string, tags: string): string {
  return site.mark('edit', JSON.stringify([loginId, what, ids, nonce, tags]));
}

/**
 * A new value for a page that shows these things, in this order; used for one act.
 * @param what names the act, with everything that was chosen for it and may not be changed between check and confirm
 */
export function newEdit(site: Site, loginId: string, what: string, shown: readonly Shown[]): string {
  const nonce = site.newValue();
  const tags = shown.map((one) => tagOf(site, one)).join('');
  const ids = shown.map(({ id }) => id);
  return `${nonce}.${tags}.${macOf(site, loginId, what, ids, nonce, tags)}`;
}

export type ReadEdit =
  | { readonly ok: false }
  /** `stale`: ids of those for whom something else stands now. */
  | { readonly ok: true; readonly key: string; readonly stale: ReadonlySet<string> };

/** Judges what came back with the ids that came back, as they came. `shown` is what stands now. */
export function readEdit(
  site: Site,
  loginId: string,
  what: string,
  ids: readonly string[],
  value: string,
  shown: readonly Shown[],
): ReadEdit {
  const [nonce = '', tags = '', mac = ''] = value.split('.');
  if (!site.sameText(mac, macOf(site, loginId, what, ids, nonce, tags))) return { ok: false };
  const stale = shown.filter(
    (one, place) => tags.slice(place * tagLength, (place + 1) * tagLength) !== tagOf(site, one),
  );
  return { ok: true, key: site.digest(value), stale: new Set(stale.map(({ id }) => id)) };
}
