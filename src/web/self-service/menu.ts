// SLF001: the menu of お客様情報変更, with the present state of each setting.
import type Router from '@koa/router';
import { SelfServiceMenuPage } from '../../../views/self-service/menu.tsx';
import { ownDevices } from '../../flows/self-service/own-devices.ts';
import { ownSessions } from '../../flows/self-service/own-sessions.ts';
import { ownToken } from '../../flows/self-service/own-token.ts';
import { statesOf } from '../../rules/account.ts';
import { maskEmail } from '../../rules/email.ts';
import { earlierExpiry } from '../../rules/password.ts';
import { openConsole, show } from '../console.ts';
import type { Site } from '../site.ts';

export function menuPage(router: Router, site: Site): void {
  router.get('/self-service', async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (!visit) return;
    const { act, person, login, frame } = visit;
    const { tools } = site;
    const { email, emailProvenAt } = person.account;
    const links = await tools.store.link.ofAccount(person.account.id);
    const devices = await ownDevices(tools, act, person);
    const token = ownToken(tools, act, person);
    const sessions = await ownSessions(tools, act, person, login);
    show(
      ctx,
      SelfServiceMenuPage({
        frame,
        banners: [],
        passwords: {
          expires: earlierExpiry(person.login.expiresAt, person.confirmation?.expiresAt ?? null),
          states: statesOf(person, act.now).filter((state) => ofPasswords.has(state)),
        },
        email: email === null ? null : { masked: maskEmail(email), proven: emailProvenAt !== null },
        token: { state: token.state, kind: token.kind, expires: token.expiresAt, from: token.waits?.until ?? null },
        bd: links.length === 0 ? null : links.map(({ display }) => display).join('、'),
        devices: devices.live.length,
        sessions: sessions.live.length,
      }),
    );
  });
}

const ofPasswords: ReadonlySet<string> = new Set([
  'expired',
  'password-locked',
  'password-stopped',
  'confirmation-locked',
  'confirmation-stopped',
]);
