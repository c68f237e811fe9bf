// Whom a person is told to ask: computed from the release matrix, never written by hand (screens.md §2). Pure.
import type { Policy } from './policy.ts';

export type Ask = 'admin' | 'desk' | 'any';

/**
 * `any` before the person is known; the company's own people while another one there may release this; else the desk.
 * @param otherReleasers masters and admins of the company who can act now, this person left out
 */
export function whomToAsk(
  what: 'password' | 'account' | 'software-otp' | 'hardware-otp',
  otherReleasers: number | null,
  release: Policy['release'],
): Ask {
  if (otherReleasers === null) return 'any';
  const byCompany =
    what === 'password' ||
    what === 'account' ||
    (what === 'software-otp' ? release.softwareOtp : release.hardwareOtp) === 'company';
  return byCompany && otherReleasers > 0 ? 'admin' : 'desk';
}
