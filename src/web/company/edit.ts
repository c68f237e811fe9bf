// The hidden value of a check page: what its person saw of each chosen one, under a MAC for this login and this act. What
// comes back changed is refused; what changed in the store meanwhile is told per person.
import { seen, type Chosen, type PeopleAct } from '../../flows/company/choice.ts';
import type { Site } from '../site.ts';

/** Characters of one person's tag, of base64url: 72 bits of what stood for that person. */
const tagLength = 12;

const tagOf = (site: Site, what: PeopleAct, chosen: Chosen): string =>
  site.digest(`${chosen.id} ${seen(what, chosen)}`).slice(0, tagLength);

function macOf(
  site: Site,
  loginId: string,
  what: PeopleAct,
  ids: readonly string[],
  nonce: string,
  tags: string,
): string {
  return site.mark('edit', JSON.stringify([loginId, what, ids, nonce, tags]));
}

/** A new value for a page that shows these people, in this order; used for one act. */
export function newEdit(site: Site, loginId: string, what: PeopleAct, chosen: readonly Chosen[]): string {
  const nonce = site.newValue();
  const tags = chosen.map((one) => tagOf(site, what, one)).join('');
  return `${nonce}.${tags}.${macOf(
    site,
    loginId,
    what,
    chosen.map(({ id }) => id),
    nonce,
    tags,
  )}`;
}

export type ReadEdit =
  | { readonly ok: false }
  /** `stale`: ids of people for whom something else stands now. */
  | { readonly ok: true; readonly key: string; readonly stale: ReadonlySet<string> };

/** Judges what came back with the ids that came back, as they came. */
export function readEdit(
  site: Site,
  loginId: string,
  what: PeopleAct,
  ids: readonly string[],
  value: string,
  chosen: readonly Chosen[],
): ReadEdit {
  const [nonce = '', tags = '', mac = ''] = value.split('.');
  if (!site.sameText(mac, macOf(site, loginId, what, ids, nonce, tags))) return { ok: false };
  const stale = chosen.filter(
    (one, place) => tags.slice(place * tagLength, (place + 1) * tagLength) !== tagOf(site, what, one),
  );
  return { ok: true, key: site.digest(value), stale: new Set(stale.map(({ id }) => id)) };
}
