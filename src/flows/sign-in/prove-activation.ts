// The code that activated a token in an attempt is that attempt's OTP; the skip is offered from the next sign-in (spec §5).
import type { OtpProof, SignInRecord } from '../../rules/sign-in-record.ts';
import type { Act, Tools } from '../tools.ts';
import { prove } from './prove.ts';

export async function proveActivation(tools: Tools, act: Act, record: SignInRecord, otp: OtpProof): Promise<void> {
  await prove(tools, act, record, '14', { otp, issue: null, banners: [{ key: 'token.activated', values: {} }] });
}
