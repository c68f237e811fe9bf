// Who of a company is to have a token: everybody where a code is asked at sign-in, else those whose rights need one (spec §3).
import { codeAtLogin } from '../rules/company-settings.ts';
import { rightsNeedOtp } from '../rules/otp-rights.ts';
import type { Needing } from '../store/needing.ts';
import type { Tools } from './tools.ts';

/** Null: everybody. */
export function whoNeedsToken(
  { policy, portals }: Pick<Tools, 'policy' | 'portals'>,
  company: { readonly otpAtLogin: boolean },
): Needing {
  if (codeAtLogin(company, policy)) return null;
  const roles = (['master', 'admin', 'member'] as const).filter((role) =>
    rightsNeedOtp({ role, portals: [] }, new Set(), policy),
  );
  const demanding = [...portals.values()].filter(({ demandsOtp }) => demandsOtp).map(({ clientId }) => clientId);
  return { roles, portals: demanding };
}
