// CON120–CON122 会社の設定: what a company decides for itself, stricter than its bank alone. Forbidding the skip ends all its
// devices in the same transaction; whoever saw other settings than those that stand now changes nothing.
import type { LoginRecord } from '../../rules/login.ts';
import { hoursOf, type Hours } from '../../rules/company-settings.ts';
import type { SharingMode } from '../../rules/token-stock.ts';
import { allows, type Proof } from '../../rules/permission.ts';
import { releaseMatrix, type ReleaseLine } from '../../rules/release.ts';
import type { CompanyRow, Person } from '../../store/account.ts';
import type { Finished } from '../../store/console-activity.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { oweMail } from '../mail.ts';
import { actorOf, companyOf, proofOf, proveAct, type ProvenAct } from '../prove-act.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { releasersOf } from './last-releaser.ts';
import type { Administrator } from './release-people.ts';

export interface CompanySettings {
  readonly sharingMode: SharingMode;
  readonly rememberAllowed: boolean;
  readonly otpAtLogin: boolean;
  readonly hours: Hours | null;
}

export const settingsOf = (company: CompanyRow): CompanySettings => ({
  sharingMode: company.sharingMode,
  rememberAllowed: company.rememberAllowed,
  otpAtLogin: company.otpAtLogin,
  hours: hoursOf(company),
});

/** In words that change when a setting changes. */
export const seenSettings = ({ sharingMode, rememberAllowed, otpAtLogin, hours }: CompanySettings): string =>
  JSON.stringify([sharingMode, rememberAllowed, otpAtLogin, hours && [hours.from, hours.to]]);

export const sameSettings = (one: CompanySettings, other: CompanySettings): boolean =>
  seenSettings(one) === seenSettings(other);

/** Who can release whom in this company, and how many can. */
export async function releasing(
  tools: Tools,
  { account }: Person,
): Promise<{ readonly lines: readonly ReleaseLine[]; readonly releasers: number }> {
  return { lines: releaseMatrix(tools.policy), releasers: await releasersOf(tools.store, account.companyId) };
}

/** How many devices would end with the skip. */
export const devicesOf = (tools: Tools, { account }: Person): Promise<number> =>
  tools.store.device.countOfCompany(account.companyId);

export const proofForSettings = (tools: Tools, act: Act, person: Person): Proof =>
  proofOf(tools, act, person, 'change-company-settings', companyOf(person));

const draftOf = (id: string): string => `settings:${id}`;

/** Keeps what was typed until it is confirmed; its name for the address. */
export async function keepSettings(tools: Tools, login: LoginRecord, after: CompanySettings): Promise<string> {
  const id = tools.secrets.id();
  await tools.consoleDrafts.keep(login.id, draftOf(id), after, login.expiresAt);
  return id;
}

export const findSettings = (tools: Tools, login: LoginRecord, id: string): Promise<CompanySettings | null> =>
  tools.consoleDrafts.find<CompanySettings>(login.id, draftOf(id));

export interface SettingsResult extends Finished {
  readonly before: CompanySettings;
  readonly after: CompanySettings;
  /** Devices that ended. */
  readonly devices: number;
}

type NotProven = Exclude<ProvenAct, { readonly verdict: 'proven' }> | { readonly verdict: 'stale' };

export type ChangedSettings = Worked<NotProven, SettingsResult> | { readonly verdict: 'busy' };

/** Changes the settings once for the check page that `key` names. @param seen what stood when that page was shown */
export async function changeSettings(
  tools: Tools,
  act: Act,
  by: Administrator,
  asked: { readonly key: string; readonly seen: CompanySettings; readonly after: CompanySettings },
  typed: { readonly confirmation: string; readonly otp: string },
): Promise<ChangedSettings> {
  const { key, seen, after } = asked;
  return actOnce(tools, act, by.login, key, async (): Promise<Worked<NotProven, SettingsResult>> => {
    const proof = proofForSettings(tools, act, by.person);
    const proven = await proveAct(tools, act, by, { act: 'change-company-settings', proof, about: {} }, typed);
    if (proven.verdict !== 'proven') return { verdict: 'refused', refused: proven };
    const devices = await write(tools, act, by, seen, after);
    if (devices === null) return { verdict: 'refused', refused: { verdict: 'stale' } };
    return { verdict: 'finished', result: { at: act.now, reference: act.reference, before: seen, after, devices } };
  });
}

/** How many devices ended; null when somebody else was first, or the right was lost meanwhile. */
async function write(
  tools: Tools,
  act: Act,
  by: Administrator,
  seen: CompanySettings,
  after: CompanySettings,
): Promise<number | null> {
  const { account } = by.person;
  return tools.store.transaction(async (tables) => {
    const company = await tables.company.lock(account.companyId);
    if (!sameSettings(settingsOf(company), seen)) return null;
    const standing = await tables.login.standing(by.login.id, act.now);
    if (!standing) return null;
    const { role } = standing.told;
    const actor = actorOf({ ...by.person, account: { ...account, role } });
    if (!allows(actor, 'change-company-settings', companyOf(by.person), tools.policy)) return null;
    await tables.company.change(company.id, {
      sharingMode: after.sharingMode,
      rememberAllowed: after.rememberAllowed,
      otpAtLogin: after.otpAtLogin,
      hoursFrom: after.hours?.from ?? null,
      hoursTo: after.hours?.to ?? null,
    });
    const ended = after.rememberAllowed
      ? []
      : await tables.device.endOfCompany(company.id, act.now, 'company-settings');
    const counts = Map.groupBy(ended, ({ accountId }) => accountId);
    for (const [accountId, devices] of counts) {
      const owner = await tables.account.find(accountId);
      if (owner)
        await oweMail(tools, tables, act, owner, 'device-ended', { why: 'other', count: devices.length }, 'admin');
    }
    await writeRecord(tables, act, {
      event: 'company.changed',
      companyId: company.id,
      accountId: null,
      actor: { kind: 'account', id: account.id },
      data: { before: seen, after, devices: ended.length },
    });
    return ended.length;
  });
}
