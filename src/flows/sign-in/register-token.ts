// TKN001/TKN002 at a sign-in: the code that registers is this attempt's OTP; 省略 while the grace lasts (spec §5).
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { Person } from '../../store/account.ts';
import { attemptFront } from '../token/front.ts';
import { registerKeyFob, type TypedFob } from '../token/register.ts';
import type { Act, Tools } from '../tools.ts';
import { advanced, type Answer } from './answer.ts';
import { prove } from './prove.ts';

export async function registerToken(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  person: Person,
  typed: TypedFob,
): Promise<Answer> {
  const registered = await registerKeyFob(tools, act, attemptFront(tools, act, record, person), typed);
  if (registered.verdict === 'refused') return registered.answer;
  if (registered.verdict === 'activated') await prove(tools, act, record, '14', { otp: registered.proof, issue: null });
  return advanced;
}

/** 省略: only where the table offers it; a forged skip after the grace finds another step. */
export async function skipRegistration(tools: Tools, act: Act, record: SignInRecord): Promise<void> {
  await prove(tools, act, record, '14', { registrationSkipped: true });
}
