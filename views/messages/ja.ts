// The Japanese catalogue: the source text and the shape every other language must match (screens.md §7). Texts are data;
// a {name} in them is filled in by texts.ts, and its type follows from its name (placeholders.ts).
import { consoles } from './ja/consoles.ts';
import { demo } from './ja/demo.ts';
import { fields } from './ja/fields.ts';
import { form } from './ja/form.ts';
import { frame } from './ja/frame.ts';
import { linking } from './ja/linking.ts';
import { mail } from './ja/mail.ts';
import { otp } from './ja/otp.ts';
import { refused } from './ja/refused.ts';
import { setup } from './ja/setup.ts';
import { signIn } from './ja/sign-in.ts';
import { peopleList } from './ja/people-list.ts';
import { peopleEdit } from './ja/people-edit.ts';
import { peopleState } from './ja/people-state.ts';
import { records } from './ja/records.ts';
import { ownPassword } from './ja/own-password.ts';
import { reset } from './ja/reset.ts';
import { settings } from './ja/settings.ts';
import { tokenIssue } from './ja/token-issue.ts';
import { ownToken } from './ja/own-token.ts';
import { peopleToken } from './ja/people-token.ts';
import { approval } from './ja/approval.ts';
import { tokenMail } from './ja/token-mail.ts';
import { helpdesk } from './ja/helpdesk.ts';
import { tokenStock } from './ja/token-stock.ts';
import { tokenImport } from './ja/token-import.ts';
import { companyTokens } from './ja/company-tokens.ts';
import { registerToken } from './ja/register-token.ts';
import { words } from './ja/words.ts';

export const ja = {
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
} as const;
