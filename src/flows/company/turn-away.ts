// What is written down when a console is asked for something that is not the person's to see or do. The page says no more
// than that nothing is there, or who may do it.
import type { Person } from '../../store/account.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';

/** Ids that stand in a record; more of one request are counted only. */
const named = 20;

/** People of another company, or of none, were asked for: both alike (screens.md 4.8, group E). */
export async function recordForeign(
  tools: Tools,
  act: Act,
  person: Person,
  asked: { readonly for: string; readonly ids: readonly string[] },
): Promise<void> {
  const { account } = person;
  await tools.store.transaction((tables) =>
    writeRecord(tables, act, {
      event: 'console.foreign-target',
      companyId: account.companyId,
      accountId: null,
      actor: { kind: 'account', id: account.id },
      data: { for: asked.for, count: asked.ids.length, ids: asked.ids.slice(0, named).map(readable) },
    }),
  );
}

/** The role does not allow it: whether a button led here or an address was typed. */
export async function recordNotAllowed(
  tools: Tools,
  act: Act,
  person: Person,
  asked: { readonly for: string },
): Promise<void> {
  const { account } = person;
  await tools.store.transaction((tables) =>
    writeRecord(tables, act, {
      event: 'access.refused',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: account.id },
      data: { for: asked.for, role: account.role },
    }),
  );
}

/** The form that ids of ours have. Anything else is nobody's, and only its length is written down. */
export const isId = (text: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(text);

const readable = (id: string): string => (isId(id) ? id : `(${id.length})`);
