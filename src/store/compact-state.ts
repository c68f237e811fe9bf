// Records that live as long as a session, in fewer bytes: what every record repeats (names of fields, our own constants) is
// written as one control character, which JSON never holds, and a UUID in 22 characters instead of 36. A record read back is
// the same text, so compare-and-swap goes on as before.
import type { State } from './state.ts';

/**
 * What the characters stand for, in this order. Records outlive a deployment: a process of another version must read and
 * swap what is there, so nothing here is ever changed; a new list needs a new mark.
 */
const fragments: readonly string[] = [
  '{"payload":{"iat":',
  ',"exp":',
  ',"accountId":"',
  '","acr":"urn:renkei:acr:',
  '","amr":["fed"',
  '","amr":["pwd"',
  '],"authTime":',
  ',"claims":{"id_token":{"sid":null}}',
  ',"expiresWithSession":true,"grantId":"',
  '","gty":"authorization_code',
  '","nonce":"',
  '","rotations":',
  ',"scope":"openid',
  '","scope":"openid',
  '","sessionUid":"',
  '","sid":"',
  '","clientId":"',
  '","iiat":',
  '},"consumedAt":null}',
  '"renkei":{"loginId":"',
  '","endsAt":',
  ',"authorizations":{"',
  '":{"sid":"',
  '","grantId":"',
  '","loginId":"',
  ',"loginTs":',
  ',"otp","mfa"',
  '},"ids":["',
  '","',
];
/** More of them, by a mark and a letter. */
const furtherFragments: readonly string[] = [
  '","accountId":"',
  '","companyId":"',
  '","epoch":',
  ',"linkId":"',
  ',"linkId":null',
  ',"route":"direct',
  '","route":"federated',
  '","route":"direct',
  '","passwordAt":',
  '","passwordAt":null',
  ',"otp":{"at":',
  ',"tokenId":"',
  '","step":',
  ',"kind":"hardware","shared":',
  ',"kind":"software","shared":',
  'false,"by":"code"}',
  ',"otp":null',
  ',"deviceId":null',
  ',"deviceId":"',
  ',"startedAt":',
  ',"expiresAt":',
  ',"browser":"',
  '","displayName":"',
  '","loginName":"',
  'federated-otp',
  'federated',
  'password-otp',
  'password',
  ',"openid":{"scope":"openid',
  '"},',
  '],"transient":true',
  ' profile email',
  '","gty":"authorization_code refresh_token',
  ',"iiat":',
  ',"clientId":"',
  '},',
  '"}',
  ',"iat":',
  '","loginTs":',
  ',"amr":["fed"],"acr":"urn:renkei:acr:',
  ',"amr":["fed","otp","mfa"],"acr":"urn:renkei:acr:',
  ',"amr":["pwd","otp","mfa"],"acr":"urn:renkei:acr:',
  ',"amr":["pwd"],"acr":"urn:renkei:acr:',
  '","transient":true,"renkei":{"loginId":"',
  '},"authorizations":{"',
  '"}}},"ids":["',
  '"]}',
  '{"accountId":"',
  ',"displayName":"',
  ',"acr":"urn:renkei:acr:',
  ',"pwd"',
];

/** Begins a compact record; what comes without it was written as it is. */
const mark = '\u0000';
const further = '\u0001';
const uuid = '\u001f';
const firstCode = 2;
const firstLetter = 'A'.charCodeAt(0);

const codes = new Map<string, string>([
  ...fragments.map((fragment, place) => [fragment, String.fromCharCode(firstCode + place)] as const),
  ...furtherFragments.map((fragment, place) => [fragment, further + String.fromCharCode(firstLetter + place)] as const),
]);
const meanings = new Map([...codes].map(([fragment, code]) => [code, fragment]));

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
const uuidShape = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const repeated = new RegExp(
  [...codes.keys()]
    .toSorted((a, b) => b.length - a.length)
    .map(literal)
    .concat(uuidShape)
    .join('|'),
  'g',
);
// oxlint-disable-next-line no-control-regex -- the codes are control characters, because JSON has none
const coded = /\u001f[\w-]{22}|\u0001[\s\S]|[\u0002-\u001e]/g;
// oxlint-disable-next-line no-control-regex
const uncodable = /[\u0000-\u001f]/;

function longUuid(short: string): string {
  const hex = Buffer.from(short, 'base64url').toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Any text as fewer bytes; a text with control characters of its own stays as it is, behind a mark. */
export function compact(text: string): string {
  if (uncodable.test(text)) return further + text;
  return (
    mark +
    text.replace(
      repeated,
      (found) => codes.get(found) ?? uuid + Buffer.from(found.replaceAll('-', ''), 'hex').toString('base64url'),
    )
  );
}

/** The text again; also of one that was written before it could be compact. */
export function expand(stored: string): string {
  if (stored.startsWith(further)) return stored.slice(1);
  if (!stored.startsWith(mark)) return stored;
  return stored
    .slice(1)
    .replace(coded, (code) => (code.startsWith(uuid) ? longUuid(code.slice(1)) : (meanings.get(code) ?? code)));
}

/** @param lasting keys whose records are kept compact: those that stay while a session lives */
export function compactState<T extends State>(state: T, lasting: (key: string) => boolean): T {
  const kept = (key: string, value: string): string => (lasting(key) ? compact(value) : value);
  const read = (stored: string | null): string | null => (stored === null ? null : expand(stored));
  const verbs: Pick<State, 'get' | 'put' | 'add' | 'take' | 'swap' | 'change'> = {
    get: async (key, anew) => read(await state.get(key, anew)),
    put: (key, value, expiresAt) => state.put(key, kept(key, value), expiresAt),
    add: (key, value, expiresAt) => state.add(key, kept(key, value), expiresAt),
    take: async (key) => read(await state.take(key)),
    swap: (key, before, after, expiresAt) => state.swap(key, kept(key, before), kept(key, after), expiresAt),
    change: async (key, rule) =>
      read(
        await state.change(key, (now) => {
          const next = rule(read(now));
          return next && { value: kept(key, next.value), expiresAt: next.expiresAt };
        }),
      ),
  };
  return Object.assign(Object.create(state), verbs);
}
