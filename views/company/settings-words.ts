// A company's settings in words, the same on all three of their pages.
import type { SharingMode } from '../../src/rules/token-stock.ts';
import type { Texts } from '../messages/texts.ts';
import { timeRange } from '../parts/format.ts';

export interface CompanyChoices {
  readonly sharingMode: SharingMode;
  readonly rememberAllowed: boolean;
  readonly otpAtLogin: boolean;
  readonly hours: { readonly from: string; readonly to: string } | null;
}

export const settingNames = ['sharing', 'remember', 'otpAt', 'hours'] as const;
export type SettingName = (typeof settingNames)[number];

export function labelOf(t: Texts, name: SettingName): string {
  if (name === 'hours') return t.say('CON120.2');
  if (name === 'sharing') return t.say('field.sharing_mode');
  return t.say(name === 'remember' ? 'field.remember_allowed' : 'field.otp_at');
}

export function valueOf(t: Texts, name: SettingName, choices: CompanyChoices): string {
  const { sharingMode, rememberAllowed, otpAtLogin, hours } = choices;
  switch (name) {
    case 'sharing':
      return t.say(`choice.${sharingMode}`);
    case 'remember':
      return t.say(rememberAllowed ? 'choice.yes' : 'choice.no');
    case 'otpAt':
      return t.say(otpAtLogin ? 'choice.login' : 'choice.bank');
    case 'hours':
      return hours === null ? t.say('choice.bank') : timeRange(hours, t.language);
  }
}

export function bankHours(t: Texts, hours: CompanyChoices['hours']): string {
  return hours === null ? t.say('CON120.4') : t.say('CON120.3', { serviceHours: timeRange(hours, t.language) });
}
