// What every sample page is given: a frame in one language, an attempt, and how samples are named.
import type { VNode } from 'preact';
import type { Brand } from '../../../views/messages/texts.ts';
import type { Language } from '../../../views/parts/format.ts';
import type { Frame } from '../../../views/parts/frame.ts';
import type { Attempt } from '../../../views/sign-in/step.tsx';

export const now = Date.parse('2026-11-24T08:50:00+09:00');
export const minutes = (n: number): number => n * 60_000;
export const days = (n: number): number => n * 86_400_000;

export const brand: Brand = {
  web: { ja: 'Webサービス', en: 'Web Service' },
  direct: { ja: 'ビジネスダイレクト', en: 'Business Direct' },
  desk: { ja: 'ビジネスヘルプデスク', en: 'Business Helpdesk' },
  phone: '0120-000-000',
  hours: { ja: '平日 9:00〜17:00', en: 'weekdays 9:00–17:00' },
  terms: 'https://www.bank.example/terms',
};

export const frameIn = (language: Language, more: Partial<Frame> = {}): Frame => ({
  language,
  brand,
  environment: 'demo',
  csrf: 'a-csrf-value',
  address: '/sign-in/sample/step?page=1',
  path: '/sign-in/sample',
  signedIn: null,
  now,
  deskOpens: null,
  refusal: null,
  reference: null,
  ...more,
});

export const signedIn = (language: Language, more: Partial<Frame> = {}): Frame =>
  frameIn(language, {
    signedIn: { name: '鈴木 美咲', company: '株式会社みなと精機', until: now + minutes(15) },
    ...more,
  });

export const attemptIn = (language: Language, more: Partial<Attempt> = {}): Attempt => ({
  frame: frameIn(language),
  errors: [],
  banners: [],
  portal: '経費精算クラウド',
  pair: null,
  until: now + minutes(30),
  cancel: true,
  ...more,
});

export const failed = (language: Language): Frame => frameIn(language, { reference: '7K3F-92QD' });

export interface Sample {
  readonly name: string;
  readonly screen: string;
  /** How many POST forms stand in <main>: menus have none. */
  readonly forms: 0 | 1;
  page(language: Language): VNode;
}

export const sample = (
  name: string,
  screen: string,
  page: (language: Language) => VNode,
  forms: 0 | 1 = 1,
): Sample => ({ name, screen, page, forms });
