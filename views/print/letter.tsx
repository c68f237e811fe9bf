// A letter as a file of its own: the sheet with its style inside, so that it prints wherever it lies; and as plain text.
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { render } from '../layout.tsx';
import { texts, type Brand } from '../messages/texts.ts';
import { dateTime, type Language } from '../parts/format.ts';
import { CompletionNoticePage } from './completion-notice.tsx';

export interface Letter {
  readonly number: string;
  readonly company: string;
  readonly contractNumber: string;
  readonly name: string;
  readonly loginId: string;
  readonly password: string;
  readonly issuedAt: Instant;
  readonly until: Instant;
  readonly language: Language | null;
}

export interface LetterFrame {
  readonly brand: Brand;
  readonly environment: 'demo' | null;
  /** Address of the sign-in. */
  readonly address: string;
}

/** PRT002 as one HTML document without anything that it would have to fetch. */
export function letterDocument(letter: Letter, frame: LetterFrame, style: string): string {
  const page = CompletionNoticePage({
    frame: {
      language: letter.language ?? 'ja',
      brand: frame.brand,
      environment: frame.environment,
      csrf: '',
      address: null,
      path: '/',
      signedIn: null,
      now: letter.issuedAt,
      deskOpens: null,
      refusal: null,
      reference: null,
    },
    company: { name: letter.company, contractNumber: letter.contractNumber },
    name: letter.name,
    loginId: letter.loginId,
    reset: { number: letter.number, password: letter.password },
    until: letter.until,
    address: frame.address,
    back: [],
  });
  return (
    render(page)
      .replace(/<link[^>]*>/g, '')
      .replace(/<script[^>]*><\/script>/g, '')
      // Nothing to press: a file has no pages around it.
      .replace(/<a class="skip"[\s\S]*?<\/a>|<header[\s\S]*?<\/header>|<footer[\s\S]*?<\/footer>/g, '')
      .replace('</head>', () => `<style>${style}</style></head>`)
  );
}

/** The same in few lines, for whoever types the letter elsewhere. */
export function letterText(letter: Letter, frame: LetterFrame): string {
  const language = letter.language ?? 'ja';
  const t = texts(language, frame.brand, null, null);
  return [
    t.say('PRT002.title'),
    `${letter.company} ${t.say('PRT002.1', { name: letter.name })}`,
    t.say('PRT002.3', { number: letter.number }),
    `${t.label('contract_number')}: ${letter.contractNumber}`,
    `${t.label('login_id')}: ${letter.loginId}`,
    `${t.say('PRT002.4')}: ${letter.password.replace(/(.{3})(?=.)/g, '$1 ')}`,
    `${t.say('PRT002.6')}: ${dateTime(letter.until, language, null)}`,
    `${t.say('PRT002.7')}: ${frame.address}`,
    t.say('PRT002.13'),
  ].join('\n');
}
