// OTP001/OTP002/OTP003: one code, or two consecutive ones that repair a drifted token, as a proof of this attempt.
import { readOtp } from '../../rules/otp-token.ts';
import type { OtpProof, SignInRecord } from '../../rules/sign-in-record.ts';
import { checkOtp } from '../otp.ts';
import type { Act, Tools } from '../tools.ts';
import { advanced, refused, type Answer, type FormError } from './answer.ts';
import { prove } from './prove.ts';

export type OtpForm =
  | { readonly kind: 'code'; readonly otp: string; readonly remember: boolean }
  | { readonly kind: 'repair'; readonly otp: string; readonly otpNext: string };

export async function proveOtp(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  accountId: string,
  form: OtpForm,
): Promise<Answer> {
  const { policy } = tools;
  const first = readOtp(form.otp, policy.otp.digits, policy.emailCode.digits);
  const second = form.kind === 'repair' ? readOtp(form.otpNext, policy.otp.digits, policy.emailCode.digits) : null;
  const errors: FormError[] = [];
  if (!first.ok) errors.push({ field: 'otp', key: first.error });
  if (second && !second.ok) errors.push({ field: 'otp_next', key: second.error });
  if (!first.ok || (second && !second.ok)) return refused('form', ...errors);

  const judged = await checkOtp(tools, act, accountId, first.code, second?.ok ? second.code : null, record.route);
  if (judged.verdict === 'gone') return advanced;
  if (judged.verdict === 'accepted') {
    const proof: OtpProof = { ...judged.proof, by: form.kind };
    await prove(tools, act, record, '12', {
      otp: proof,
      device: null,
      remember: form.kind === 'code' && form.remember,
      ...(form.kind === 'repair' ? { banners: [{ key: 'otp.resync.done', values: {} }] } : {}),
    });
    return advanced;
  }
  if (judged.verdict === 'stop') return advanced;
  if (judged.verdict === 'used') return refused('otp-used', { field: 'otp', key: 'otp.used' });
  const key = form.kind === 'repair' ? 'otp.resync.wrong' : 'otp.wrong';
  return refused('otp-wrong', { field: 'otp', key, values: { n: judged.remaining, misses: judged.misses } });
}
