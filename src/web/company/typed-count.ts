// The number of people, typed to confirm an act (`confirm_count`, screens.md 4.1): judged before any secret is compared.
import type { LooseError } from '../../../views/messages/stored.ts';
import { judgeTypedPassword } from '../../rules/password.ts';
import type { Form } from '../form.ts';

/** What is wrong with the count, and with the form of the secrets beside it; nothing when the count is right. */
export function countErrors(form: Form, count: number): readonly LooseError[] {
  const typed = form.text('confirm_count').normalize('NFKC').replace(/[\s,]/gu, '');
  if (/^\d{1,9}$/.test(typed) && Number(typed) === count) return [];
  const password = judgeTypedPassword(form.text('confirmation_password'));
  return [
    typed === ''
      ? { field: 'confirm_count', key: 'form.required' }
      : { field: 'confirm_count', key: 'bulk.count', values: { n: count } },
    ...(password === null ? [] : [{ field: 'confirmation_password', key: password }]),
    ...(form.has('otp') && form.text('otp').trim() === '' ? [{ field: 'otp', key: 'form.required' } as const] : []),
  ];
}
