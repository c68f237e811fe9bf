// The filters of a list of people as they stand in its address; what is no filter of ours is as if it were not there.
import type { PeopleQuery } from '../../../views/company/people-list.tsx';
import { allStates } from '../../../views/parts/facts.tsx';
import { readSort } from '../../rules/people-sort.ts';
import type { ConsoleVisit } from '../console.ts';

type Asked = Omit<PeopleQuery, 'path' | 'total'>;

const sizes = [20, 50, 100] as const;
const states: readonly Asked['state'][] = [...allStates, 'linked', 'unlinked'];
const roles: readonly Asked['role'][] = ['master', 'admin', 'member'];
const tokenKinds: readonly Asked['tokenKind'][] = ['none', 'hardware', 'software'];

export function readPeopleQuery({ ctx }: ConsoleVisit): Asked {
  const typed = (name: string): string => {
    const value = ctx.query[name];
    return typeof value === 'string'
      ? value
          .replace(/\p{Cc}/gu, '')
          .trim()
          .slice(0, 100)
          .toWellFormed()
      : '';
  };
  const page = Number(typed('page').normalize('NFKC'));
  return {
    q: typed('q'),
    state: states.find((state) => state === typed('state')) ?? '',
    role: roles.find((role) => role === typed('role')) ?? '',
    tokenKind: tokenKinds.find((kind) => kind === typed('token_kind')) ?? '',
    sort: readSort(typed('sort')) ?? 'login_id',
    page: Number.isInteger(page) && page > 0 && page <= 100_000 ? page : 1,
    per: sizes.find((per) => String(per) === typed('per')) ?? 50,
  };
}
