// The English catalogue. It must have every key of the Japanese one and may use only the placeholders that key has there:
// anything else is a compile error.
import type { Key, Names } from './placeholders.ts';
import { consoles } from './en/consoles.ts';
import { demo } from './en/demo.ts';
import { fields } from './en/fields.ts';
import { form } from './en/form.ts';
import { frame } from './en/frame.ts';
import { linking } from './en/linking.ts';
import { mail } from './en/mail.ts';
import { otp } from './en/otp.ts';
import { refused } from './en/refused.ts';
import { setup } from './en/setup.ts';
import { signIn } from './en/sign-in.ts';
import { peopleList } from './en/people-list.ts';
import { peopleEdit } from './en/people-edit.ts';
import { peopleState } from './en/people-state.ts';
import { records } from './en/records.ts';
import { ownPassword } from './en/own-password.ts';
import { reset } from './en/reset.ts';
import { settings } from './en/settings.ts';
import { tokenIssue } from './en/token-issue.ts';
import { ownToken } from './en/own-token.ts';
import { peopleToken } from './en/people-token.ts';
import { approval } from './en/approval.ts';
import { tokenMail } from './en/token-mail.ts';
import { helpdesk } from './en/helpdesk.ts';
import { tokenStock } from './en/token-stock.ts';
import { tokenImport } from './en/token-import.ts';
import { companyTokens } from './en/company-tokens.ts';
import { registerToken } from './en/register-token.ts';
import { words } from './en/words.ts';

/** The placeholders a translation uses although its source text does not have them, per key; must be empty. */
type Unknown<T extends Readonly<Record<Key, string>>> = {
  [K in Key]: Exclude<Names<T[K]>, Names<(typeof import('./ja.ts').ja)[K]>>;
};

function matching<const T extends Readonly<Record<Key, string>>>(
  texts: { [K in keyof T]: K extends Key ? (Unknown<T>[K] extends never ? T[K] : never) : never } & T,
): Readonly<Record<Key, string>> {
  return texts;
}

export const en = matching({
  ...frame,
  ...words,
  ...fields,
  ...form,
  ...otp,
  ...linking,
  ...signIn,
  ...setup,
  ...refused,
  ...consoles,
  ...demo,
  ...mail,
  ...peopleList,
  ...peopleEdit,
  ...peopleState,
  ...records,
  ...ownPassword,
  ...reset,
  ...settings,
  ...tokenMail,
  ...approval,
  ...peopleToken,
  ...ownToken,
  ...tokenIssue,
  ...helpdesk,
  ...tokenStock,
  ...tokenImport,
  ...companyTokens,
  ...registerToken,
});
