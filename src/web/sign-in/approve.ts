// APR001: the page of an approval and its acts. What it showed comes back under a MAC for this very attempt, so that nothing
// else can be approved by it.
import { lastFour } from '../../../views/parts/format.ts';
import { ApprovePage } from '../../../views/sign-in/approve.tsx';
import { codeAsked } from '../../flows/prove-act.ts';
import { approve } from '../../flows/sign-in/approve.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { Site } from '../site.ts';
import { driftBanners } from './otp.ts';
import { personOf, type SignInPage } from './visit.ts';

const macOf = (site: Site, { id }: SignInRecord, digest: string): string =>
  site.mark('edit', JSON.stringify(['approval', id, digest]));

/** The hidden value of the page. */
const shownAs = (site: Site, record: SignInRecord, digest: string): string =>
  `${digest}.${macOf(site, record, digest)}`;

export const approvePage: SignInPage = {
  show(visit) {
    const { record, site, act, attempt } = visit;
    const { approval, clientId, portalName } = record.request;
    if (approval === null) throw new Error('an approval is shown that nobody asked');
    const person = personOf(visit);
    const code = codeAsked(act, person);
    return ApprovePage({
      ...attempt,
      banners: [...attempt.banners, ...driftBanners(visit)],
      portal: null,
      until: null,
      asking: portalName,
      owner: ownerOf(site, clientId),
      items: approval.items,
      name: person.account.name,
      loginId: person.account.loginName,
      validUntil: Math.min(record.expiresAt, approval.until ?? record.expiresAt),
      token: {
        kind: person.token?.kind ?? 'software',
        last4: lastFour(person.token?.serial ?? ''),
        afterLogin: code?.afterLogin ?? false,
        shared: (person.token?.holders ?? 1) > 1,
      },
      shown: shownAs(site, record, approval.digest),
    });
  },
  acts: {
    '': (visit, form) => {
      const { site, act, record } = visit;
      const digest = record.request.approval?.digest ?? '';
      return approve(site.tools, act, record, personOf(visit), {
        otp: form.text('otp'),
        shown: site.sameText(form.text('approval'), shownAs(site, record, digest)),
      });
    },
    'otp_help': async () => ({ aside: 'otp-help' }),
  },
};

/** Who runs the portal, as far as it is registered: the host of its own address. */
function ownerOf(site: Site, clientId: string): string | null {
  const card = site.portalCards.find((portal) => portal.clientId === clientId);
  return card ? (URL.parse(card.href)?.host ?? null) : null;
}
