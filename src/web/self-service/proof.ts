// What check pages show about the proof they ask: the code's token, and what stands in the way before anything is typed.
import type { Banner } from '../../../views/messages/banners.ts';
import { storedBanner } from '../../../views/messages/banners.ts';
import type { AskedCode } from '../../../views/parts/proof.tsx';
import { codeAsked, confirmationTrouble } from '../../flows/prove-act.ts';
import type { Proof } from '../../rules/permission.ts';
import type { ConsoleVisit } from '../console.ts';

/** The code that the page asks; null asks the confirmation password alone. */
export function codeOf({ act, person }: ConsoleVisit, proof: Proof): AskedCode | null {
  return proof === 'confirmation+otp' ? codeAsked(act, person) : null;
}

/** A locked or stopped confirmation password, told at the top of the page. */
export async function proofBanners({ site, act, person }: ConsoleVisit): Promise<readonly Banner[]> {
  const trouble = await confirmationTrouble(site.tools, act, person);
  const values = Object.fromEntries(
    Object.entries(trouble?.values ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const banner = trouble && storedBanner(trouble.key, values);
  return banner ? [banner] : [];
}
