// Before an issue: the kind (BOT011), the e-mail code (BOT012), and what is to be entered (BOT001). Nothing is in force yet.
import { judgeEmail, sameEmail } from '../../rules/email.ts';
import { readActivation } from '../../rules/activation.ts';
import { normalise } from '../../rules/normalise.ts';
import { issueFactsOf } from '../../rules/sign-in-facts.ts';
import { chosenOf, kindsOffered, noProgress, purposeOf, type ChosenKind } from '../../rules/token-issue.ts';
import { advanced, refused, type Answer, type FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';
import { sendTokenCode } from './email-code.ts';
import { issuePage, type IssueFront } from './front.ts';

/** What may be chosen, and what is: null while it has to be chosen. */
export function kindOf(
  tools: Tools,
  act: Act,
  { progress, person }: IssueFront,
): { readonly offered: readonly ChosenKind[]; readonly kind: ChosenKind | null } {
  const offered = kindsOffered(issueFactsOf(progress, person, tools.policy, act.now));
  return { offered, kind: chosenOf(offered, progress) };
}

/** BOT011. Null: nothing, or nothing that is offered, was chosen. */
export async function chooseKind(
  tools: Tools,
  act: Act,
  front: IssueFront,
  chosen: ChosenKind | null,
): Promise<Answer> {
  if (issuePage(tools, act, front) !== 'choose-token-kind') return advanced;
  const { offered } = kindOf(tools, act, front);
  if (chosen === null || !offered.includes(chosen)) return refused('form', { field: 'token_kind', key: 'form.choose' });
  await front.keep(() => ({ ...noProgress, kind: chosen }));
  return advanced;
}

/** 「スマホアプリ形式を利用する」 on the key-fob's page: to the one software kind, or to their choice. */
export async function preferSoftware(tools: Tools, act: Act, front: IssueFront): Promise<Answer> {
  const { offered } = kindOf(tools, act, front);
  const software = offered.filter((kind) => kind !== 'hardware');
  if (software.length > 0)
    await front.keep(() => ({ ...noProgress, kind: software.length === 1 ? (software[0] ?? null) : null }));
  return advanced;
}

/** 利用開始登録 in the self-service: to the key-fob's page. */
export async function preferHardware(front: IssueFront): Promise<Answer> {
  await front.keep(() => ({ ...noProgress, kind: 'hardware' }));
  return advanced;
}

/** 「戻る」 before anything was sent: the kind is chosen once more. */
export async function chooseAgain(front: IssueFront): Promise<Answer> {
  await front.keep(() => noProgress);
  return advanced;
}

/** BOT012: OK sends the code of this kind. While the address or the guard holds it up nothing is sent; the page says why. */
export async function requestCode(tools: Tools, act: Act, front: IssueFront): Promise<Answer> {
  const { kind } = kindOf(tools, act, front);
  if (kind === null || issuePage(tools, act, front) !== 'send-email-code') return advanced;
  const sent = await sendTokenCode(tools, act, front.person.account, purposeOf(kind), front.route, false);
  if (sent.verdict === 'refused') return refused('form', sent.error);
  const details = kind === 'authenticator' ? { id: tools.secrets.id(), address: '', activation: '' } : null;
  if (sent.verdict === 'sent') await front.keep(() => ({ ...noProgress, kind, codeSent: true, details }));
  return advanced;
}

/** 「メールを再送する」 wherever a code is asked. */
export async function resendCode(tools: Tools, act: Act, front: IssueFront): Promise<Answer> {
  const { kind } = kindOf(tools, act, front);
  if (kind === null || front.progress?.codeSent !== true) return advanced;
  const sent = await sendTokenCode(tools, act, front.person.account, purposeOf(kind), front.route, true);
  if (sent.verdict === 'refused') return refused('form', sent.error);
  // The address changed meanwhile, or the guard stands: the first page says from when.
  if (sent.verdict === 'held-up') await front.keep(() => ({ ...noProgress, kind }));
  return advanced;
}

export interface TypedDetails {
  readonly email: string;
  readonly emailAgain: string;
  readonly activation: string;
  readonly activationAgain: string;
}

/** BOT001: both twice. Of the activation password only its mark is kept, bound to the issue that is to be. */
export async function enterDetails(tools: Tools, act: Act, front: IssueFront, typed: TypedDetails): Promise<Answer> {
  if (issuePage(tools, act, front) !== 'issue-token') return advanced;
  const errors: FormError[] = [];
  const email = judgeEmail(typed.email);
  const again = judgeEmail(typed.emailAgain);
  if (!email.ok) errors.push({ field: 'email', key: email.error });
  if (typed.emailAgain === '') errors.push({ field: 'email_again', key: 'form.required' });
  else if (email.ok && !(again.ok && sameEmail(email.address, again.address)))
    errors.push({ field: 'email_again', key: 'issue.again' });
  const activation = readActivation(typed.activation);
  if (!activation.ok) errors.push({ field: 'activation_password', key: activation.error });
  if (typed.activationAgain === '') errors.push({ field: 'activation_password_again', key: 'form.required' });
  else if (activation.ok && normalise(typed.activationAgain) !== activation.digits)
    errors.push({ field: 'activation_password_again', key: 'issue.codes.again' });
  if (!email.ok || !activation.ok || errors.length > 0) return refused('form', ...errors);
  const id = tools.secrets.id();
  const details = {
    id,
    address: email.address,
    activation: tools.secrets.mark('activation', `${id} ${activation.digits}`),
  };
  await front.keep((progress) => ({ ...progress, details, checking: true }));
  return advanced;
}

/** 「戻る」 on the check page: the address stays, the activation password is chosen anew. */
export async function backToDetails(tools: Tools, act: Act, front: IssueFront): Promise<Answer> {
  if (issuePage(tools, act, front) === 'issue-token-check')
    await front.keep((progress) => ({ ...progress, checking: false }));
  return advanced;
}
