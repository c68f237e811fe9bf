// SLF050: devices that skip the code. Ending one asks nothing more, it only adds safety (spec §8); so does a name.
import type Router from '@koa/router';
import type { Banner } from '../../../views/messages/banners.ts';
import { whyOf, type LooseError } from '../../../views/messages/stored.ts';
import { DevicesPage } from '../../../views/self-service/devices.tsx';
import { forget } from '../../flows/forget.ts';
import { ownDevices, type LiveDevice, type OwnDevices } from '../../flows/self-service/own-devices.ts';
import { judgeLabel, renameDevice } from '../../flows/self-service/rename-device.ts';
import { readDeviceCookie } from '../cookie.ts';
import { openConsole, seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm, type Form } from '../form.ts';
import { refuse } from '../refuse.ts';
import type { Site } from '../site.ts';

const page = '/self-service/devices';

export function devicePages(router: Router, site: Site): void {
  router.get(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await showDevices(visit, {});
  });
  router.post(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await change(visit, readForm(ctx));
  });
}

async function showDevices(
  visit: ConsoleVisit,
  shown: { readonly errors?: readonly LooseError[]; readonly banners?: readonly Banner[]; readonly form?: Form },
): Promise<void> {
  const { site, act, person, ctx } = visit;
  const { errors = [], banners = [], form } = shown;
  const devices = await ownDevices(site.tools, act, person);
  const here = await deviceHere(visit, devices.live);
  show(
    ctx,
    DevicesPage({
      frame: errors.length + banners.length > 0 ? withReference(visit) : visit.frame,
      errors: told(visit, errors),
      banners,
      devices: devices.live.map((device) => ({ ...device, here: device.id === here })),
      ended: devices.ended.map(({ label, browser, endedAt, why }) => ({ label, browser, endedAt, why: whyOf(why) })),
      chosen: form?.text('device') ?? null,
      rename: { typed: form?.text('device_label') ?? '' },
    }),
    errors.length > 0 ? 422 : 200,
  );
}

/** Which of the devices the browser that asks is: its cookie's value is known by its digest alone. */
async function deviceHere({ ctx, site }: ConsoleVisit, live: readonly LiveDevice[]): Promise<string | null> {
  for (const linkId of new Set(live.map((device) => device.linkId))) {
    const value = readDeviceCookie(ctx, site, linkId);
    const secret = value === null ? null : await site.tools.deviceSecrets.find(site.tools.secrets.digest(value));
    if (secret) return secret.deviceId;
  }
  return null;
}

async function change(visit: ConsoleVisit, form: Form): Promise<void> {
  const { site, act, person, ctx } = visit;
  const action = form.text('action');
  const accountId = person.account.id;
  const actor = { kind: 'account', id: accountId } as const;
  if (action === 'forget_all') {
    await forget(site.tools, act, { accountId, actor, by: 'self' });
    return showDevices(visit, { banners: [{ key: 'forget.done' }] });
  }
  if (action !== '' && action !== 'forget') return seeOther(ctx, page);

  const deviceId = form.text('device');
  const known = whose(await ownDevices(site.tools, act, person), deviceId);
  if (deviceId === '') return showDevices(visit, { form, errors: [{ field: 'device', key: 'form.choose' }] });
  if (known === null) return refuse(ctx, site, 'not-found', { screen: 'REF024' }, { action: '/' });
  if (action === 'forget') {
    // Ended before, by another tab: it is what was asked for.
    if (known === 'live') await forget(site.tools, act, { accountId, deviceId, actor, by: 'self' });
    return showDevices(visit, { banners: [{ key: 'forget.done' }] });
  }
  const label = form.text('device_label');
  const wrong = judgeLabel(label);
  if (wrong) return showDevices(visit, { form, errors: [wrong] });
  const renamed = known === 'live' && (await renameDevice(site.tools, act, { accountId, deviceId, label }));
  return renamed ? showDevices(visit, { banners: [{ key: 'device.renamed' }] }) : seeOther(ctx, page);
}

/** Another person's device looks like one that does not exist (screens.md 4.8, group E). */
function whose({ live, ended }: OwnDevices, id: string): 'live' | 'ended' | null {
  if (live.some((device) => device.id === id)) return 'live';
  return ended.some((device) => device.id === id) ? 'ended' : null;
}
