// CON060: the list of people with tokens, with what stands before the button where the list itself acts: the wait that begins.
import {
  TokenRevokeListPage,
  type SharedToken,
  type TokenRow,
  type WaitShown,
} from '../../../views/company/token-revoke.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import { holdsSomething, listTokens, seenToken, type TokenPerson } from '../../flows/company/list-tokens.ts';
import { proofForRevoking } from '../../flows/company/revoke-tokens.ts';
import type { TokenSelection } from '../../flows/company/token-selection.ts';
import type { Proof } from '../../rules/permission.ts';
import { waitAfterRevocation, type Wait } from '../../rules/waiting.ts';
import { show, told, withReference, type ConsoleVisit } from '../console.ts';
import { codeOf, proofBanners } from '../self-service/proof.ts';
import { newEdit, type Shown } from './edit.ts';
import { toldState } from './visit.ts';

export const tokenPath = '/company/people/token-revoke';

/** Names the list's page in the value that remembers what it showed. */
export const tokenListMark = `list ${tokenPath}`;

/** Under which a result is kept: the page of one act never shows what another one did. */
export const tokenKey = (key: string): string => `revoke-token:${key}`;

/** Stands in no id. */
export const between = '~';

export const noTokens: TokenSelection = { people: [], serial: '', reason: null, words: '' };

/** One value of the address. */
export const one = (value: string | readonly string[] | undefined): string => (typeof value === 'string' ? value : '');

const sizes = [20, 50, 100] as const;

/** The filters as they stand in the address; what is no filter of ours is as if it were not there. */
function tokenQuery({ ctx }: ConsoleVisit): { readonly q: string; readonly page: number; readonly per: number } {
  const page = Number(one(ctx.query['page']));
  return {
    q: one(ctx.query['q'])
      .replace(/\p{Cc}/gu, '')
      .trim()
      .slice(0, 100),
    page: Number.isInteger(page) && page > 0 && page <= 100_000 ? page : 1,
    per: sizes.find((per) => String(per) === one(ctx.query['per'])) ?? 50,
  };
}

/** The proof that the list itself asks; null where it is asked on the check page: a code by mail always is. */
export function proofOnTokenList({ site, act, person }: ConsoleVisit): Proof | null {
  const { tools } = site;
  if (tools.policy.bulkCheck !== 'list') return null;
  const proof = proofForRevoking(tools, act, person);
  return proof === 'confirmation' || proof === 'confirmation+otp' ? proof : null;
}

/** The wait as pages tell it, at the moment of this request. */
export function waitShown({ site, act, frame }: ConsoleVisit, wait: Wait | null): WaitShown | null {
  const rule = site.tools.policy.revoke.wait;
  if (wait === null || rule === null) return null;
  const plain = (clock: string): string => clock.replace(/^0/, '');
  const range =
    frame.language === 'ja'
      ? `${plain(rule.nightFrom)}〜翌日${plain(rule.nightUntil)}`
      : `${plain(rule.nightFrom)}–${plain(rule.nightUntil)} the next day`;
  return { now: act.now, until: wait.until, night: wait.night ? range : null };
}

/** Whether it is night by the rule: when that changes between page and act, so does the moment that was promised. */
export function nightShown({ site, act }: ConsoleVisit): Shown {
  const wait = waitAfterRevocation(site.tools.policy.revoke, 'software', act.now);
  return { id: 'night', seen: wait?.night === true ? String(wait.until) : 'no' };
}

/** 409 where the moment that was promised is another one now. */
export function laterError({ site, act }: ConsoleVisit): LooseError {
  const wait = waitAfterRevocation(site.tools.policy.revoke, 'software', act.now);
  return { field: null, key: 'revoke.later', values: { at: wait?.until ?? act.now } };
}

export async function showTokenList(
  visit: ConsoleVisit,
  choice: TokenSelection,
  errors: readonly LooseError[] = [],
  status?: 409,
): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const asked = tokenQuery(visit);
  const { total, page, people } = await listTokens(site.tools, act, person, asked);
  const proof = proofOnTokenList(visit);
  const shown = people
    .filter(({ self }) => !self)
    .map((each) => ({ id: each.account.id, seen: seenToken({ person: each }) }));
  const failed = errors.length > 0;
  const frame = failed ? withReference(visit) : visit.frame;
  // After a check page that is no more, the list's form goes to the list.
  const address = ctx.path === tokenPath ? frame.address : tokenPath;
  const wait = waitAfterRevocation(site.tools.policy.revoke, 'software', act.now);
  const view = TokenRevokeListPage({
    frame: { ...frame, path: tokenPath, address },
    errors: told(visit, errors),
    banners: failed || proof === null ? [] : await proofBanners(visit),
    query: { path: tokenPath, ...asked, state: '', page, total },
    people: people.map(tokenRow),
    shared: sharedOf(people),
    chosen: choice.people,
    serial: choice.serial,
    reason: choice.reason,
    words: choice.words,
    proof: proof && { code: codeOf(visit, proof), wait: waitShown(visit, wait) },
    hidden:
      proof === null
        ? []
        : [
            { name: 'shown', value: shown.map(({ id }) => id).join(between) },
            { name: 'edit', value: newEdit(site, login.id, tokenListMark, [...shown, nightShown(visit)]) },
          ],
  });
  show(ctx, view, failed ? (status ?? 422) : 200);
}

function tokenRow(each: TokenPerson): TokenRow {
  const { account, states, token, tokenState, self } = each;
  return {
    id: account.id,
    name: account.name,
    loginId: account.loginName,
    role: account.role,
    states,
    token: token && { kind: token.kind, serial: token.serial },
    ...toldState(tokenState),
    holders: token?.holders ?? 0,
    self,
    revocable: holdsSomething(each),
  };
}

/** Devices of this page that more than one person holds, and that are in use still. */
function sharedOf(people: readonly TokenPerson[]): readonly SharedToken[] {
  const shared = new Map<string, SharedToken>();
  for (const { token } of people) {
    if (token === null || token.serial === null || token.holders < 2 || token.retiredAt !== null) continue;
    shared.set(token.serial, { serial: token.serial, holders: token.holders });
  }
  return [...shared.values()];
}
