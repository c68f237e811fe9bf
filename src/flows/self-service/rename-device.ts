// The name a person gives to one of their own devices: for recognising it, nothing depends on it.
import { hasControl } from '../../rules/normalise.ts';
import { writeRecord } from '../record.ts';
import type { FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';

/** In characters (screens.md §5). */
const longest = 40;

/** What is wrong with a typed name; null when nothing is. */
export function judgeLabel(typed: string): FormError | null {
  const label = typed.trim();
  if (label === '') return { field: 'device_label', key: 'form.required' };
  if ([...label].length > longest) return { field: 'device_label', key: 'form.long', values: { max: longest } };
  return hasControl(label) ? { field: 'device_label', key: 'form.chars' } : null;
}

/** Renames a live device of the account; false when it has none of this id. The same name again changes nothing. */
export async function renameDevice(
  tools: Tools,
  act: Act,
  asked: { readonly accountId: string; readonly deviceId: string; readonly label: string },
): Promise<boolean> {
  const label = asked.label.trim();
  return tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(asked.accountId);
    const row = await tables.device.lock(asked.deviceId);
    if (!row || row.accountId !== account.id || row.endedAt !== null) return false;
    if (row.label === label) return true;
    await tables.device.change(row.id, { label });
    await writeRecord(tables, act, {
      event: 'device.renamed',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: account.id },
      data: { device: row.id, before: row.label, after: label },
    });
    return true;
  });
}
