// Addresses of the check pages: the chosen people stand in the path, so that reload, the language form and the way back from
// the sign-in find them again. Nothing is acted upon by address; that takes the page's own form.
import type { PeopleAct } from '../../flows/company/choice.ts';
import { isId } from '../../flows/company/turn-away.ts';

const words = { 'unlink': 'unlink', 'forget-device': 'forget' } as const satisfies Record<PeopleAct, string>;

/** Stands in no id. */
const between = '~';

export const actPath = (what: PeopleAct): string => `/company/people/${words[what]}`;

export const checkPath = (what: PeopleAct, ids: readonly string[]): string => `${actPath(what)}/${ids.join(between)}`;

export const resultPath = (what: PeopleAct, key: string): string => `${actPath(what)}/result/${key}`;

/** The ids of a check page's path. */
export const idsOf = (segment: string): readonly string[] => segment.split(between).filter(isId);
