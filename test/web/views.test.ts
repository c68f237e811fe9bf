// Every view in both languages: what all pages promise (screens.md §3), checked on the text that is sent.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { styleSheet } from '../../scripts/assets.ts';
import { render } from '../../views/layout.tsx';
import { en } from '../../views/messages/en.ts';
import { ja } from '../../views/messages/ja.ts';
import { readErrors, whyOf } from '../../views/messages/stored.ts';
import { storedBanner } from '../../views/messages/banners.ts';
import { renderOutage } from '../../views/refused/outage.tsx';
import { approvalSamples } from './samples/approval.ts';
import { companyTokenSamples } from './samples/company-tokens.ts';
import { companySamples } from './samples/company.ts';
import { consoleSamples } from './samples/consoles.ts';
import { demoSamples } from './samples/demo.ts';
import { brand, now, type Sample } from './samples/frame.ts';
import { operatorSamples } from './samples/operator.ts';
import { ownPasswordSamples } from './samples/own-password.ts';
import { keyFobSamples } from './samples/key-fob.ts';
import { ownTokenSamples } from './samples/own-token.ts';
import { peopleEditSamples } from './samples/people-edit.ts';
import { recordSamples } from './samples/records.ts';
import { peopleStateSamples } from './samples/people-state.ts';
import { peopleTokenSamples } from './samples/people-token.ts';
import { refusedSamples } from './samples/refused.ts';
import { resetSamples } from './samples/reset.ts';
import { setupSamples } from './samples/setup.ts';
import { signInSamples } from './samples/sign-in.ts';
import { tokenDeskSamples } from './samples/token-desk.ts';
import { tokenImportSamples } from './samples/token-import.ts';
import { tokenIssueSamples } from './samples/token-issue.ts';

const samples = [
  ...signInSamples,
  ...approvalSamples,
  ...setupSamples,
  ...refusedSamples,
  ...resetSamples,
  ...consoleSamples,
  ...ownPasswordSamples,
  ...keyFobSamples,
  ...ownTokenSamples,
  ...tokenIssueSamples,
  ...tokenDeskSamples,
  ...tokenImportSamples,
  ...companySamples,
  ...companyTokenSamples,
  ...peopleStateSamples,
  ...peopleTokenSamples,
  ...peopleEditSamples,
  ...recordSamples,
  ...operatorSamples,
  ...demoSamples,
];
const languages = ['ja', 'en'] as const;

function named(name: string): Sample {
  const found = samples.find((sample) => sample.name === name);
  if (!found) throw new Error(`no sample ${name}`);
  return found;
}

const count = (html: string, pattern: RegExp): number => [...html.matchAll(pattern)].length;
const mainOf = (html: string): string => /<main[^>]*>([\s\S]*)<\/main>/.exec(html)?.[1] ?? '';
const attributes = (html: string, name: string): readonly string[] =>
  [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value = '']) => value);

function promises(html: string, screen: string, forms: number): void {
  const main = mainOf(html);
  expect(html.startsWith('<!doctype html><html lang="')).to.equal(true);
  expect(html).to.match(new RegExp(`<main id="main" data-screen="${screen}"`));
  expect(count(html, /<h1>/g), 'one h1').to.equal(1);
  expect(count(main, /<form[^>]*method="post"/g), 'POST forms in main').to.equal(forms);
  expect(count(html, / style="| on[a-z]+="|<style|javascript:/g), 'inline style or script').to.equal(0);
  expect(count(html, /<script(?! src="\/assets\/enhance\.js")/g), 'inline script').to.equal(0);
  expect(html, 'titles without marks of their own').not.to.contain('\u200b');
  expect(
    count(main, /<tr[^>]* data-account="[^"]+" data-state(?:="[a-z -]+")?[ >]/g),
    'people and their states (spec §12)',
  ).to.equal(count(main, /<tr[^>]* data-account=/g));
  expect(html).not.to.match(/undefined|\[object|\bNaN\b|\{[A-Za-z_.]+\}/);
}

function ids(html: string): void {
  const all = attributes(html, 'id');
  expect(new Set(all).size, `an id stands once: ${all.join(' ')}`).to.equal(all.length);
  const known = new Set(all);
  for (const target of attributes(html, 'for')) expect(known.has(target), `label for ${target}`).to.equal(true);
  for (const list of attributes(html, 'aria-describedby')) {
    for (const target of list.split(' ')) expect(known.has(target), `described by ${target}`).to.equal(true);
  }
  for (const target of attributes(html, 'href').filter((href) => href.startsWith('#'))) {
    expect(known.has(target.slice(1)), `link to ${target}`).to.equal(true);
  }
}

/** The first submit button is the filled one, and no other is (outlined where a link leads on). */
function mainAct(html: string): void {
  const form = /<form[^>]*method="post"[^>]*>([\s\S]*?)<\/form>/.exec(mainOf(html))?.[1] ?? '';
  const buttons = [...form.matchAll(/<button type="submit" class="([^"]*)"/g)].map(([, look = '']) => look);
  expect(buttons[0]).to.match(/^button button-(main|danger|other)$/);
  expect(buttons.slice(1).some((look) => /button-(main|danger)/.test(look))).to.equal(false);
  expect(form).to.contain('<input type="hidden" name="csrf" value="a-csrf-value"/>');
}

describe('every view', () => {
  for (const { name, screen, forms, page } of samples) {
    for (const language of languages) {
      it(`${screen} ${name} in ${language} keeps the promises of all pages`, () => {
        const html = render(page(language));
        promises(html, screen, forms);
        ids(html);
        if (forms === 1) mainAct(html);
      });
    }
  }

  it('shows errors first, in the title, and in data-refusal', () => {
    const html = render(named('otp-wrong').page('ja'));
    expect(html).to.contain('<title>エラー: ワンタイムパスワードの入力 - Webサービス</title>');
    expect(html).to.contain('data-refusal="otp-wrong"');
    expect(html).to.contain('role="alert" tabindex="-1" autofocus');
    expect(html.indexOf('id="summary"')).to.be.lessThan(html.indexOf('class="banner'));
    expect(html).to.contain('あと3回で利用停止になります。');
    expect(html).to.contain('お問い合わせ番号 7K3F-92QD(画面ID OTP001)');
    expect(html).to.match(/name="remember"[^>]*checked/);
  });

  it('escapes what was typed and never shows a secret or a code again', () => {
    const html = render(named('direct-empty').page('ja'));
    expect(html).to.contain('value="&lt;script>alert(1)&lt;/script>&quot;"');
    for (const { page } of samples) {
      const all = render(page('ja'));
      for (const [input] of all.matchAll(/<input type="password"[^>]*>|<input[^>]*one-time-code[^>]*>/g)) {
        expect(input).not.to.contain(' value=');
        expect(input).not.to.contain('maxlength');
      }
    }
  });
});

describe('outage pages', () => {
  for (const outage of [
    { screen: 'REF020', at: now },
    { screen: 'REF018', opens: now, reason: 'maintenance', serviceHours: '8:00〜21:00' },
    { screen: 'REF026' },
  ] as const) {
    it(`${outage.screen} speaks both languages and has no form`, () => {
      const html = renderOutage({ brand, environment: null, now, reference: '7K3F-92QD', outage });
      promises(html, outage.screen, 0);
      ids(html);
      expect(html).to.contain('<section lang="en"');
    });
  }
});

describe('the message catalogue', () => {
  it('has the titles that outside tools look for', () => {
    expect([ja['REF004.title'], en['CON024.title'], en['CON034.title']]).to.deep.equal([
      'ワンタイムパスワードが利用停止になっています',
      'User registered',
      'User changed',
    ]);
  });

  it('has the same keys in both languages, and no empty text', () => {
    expect(Object.keys(en).toSorted()).to.deep.equal(Object.keys(ja).toSorted());
    for (const text of [...Object.values(ja), ...Object.values(en)]) expect(text).not.to.equal('');
  });

  it('keeps sentences of Japanese messages without full-width digits, Latin letters or exclamation marks', () => {
    for (const [key, text] of Object.entries(ja)) expect(text, key).not.to.match(/[０-９Ａ-Ｚａ-ｚ！]/);
  });

  it('reads messages that flows and records keep as plain values', () => {
    const [wrong, chars] = readErrors([
      { field: 'otp', key: 'otp.wrong', values: { n: '4' } },
      { field: 'serial', key: 'form.chars' },
    ]);
    expect(wrong).to.deep.include({ field: 'otp', key: 'otp.wrong' });
    expect(wrong?.values).to.deep.include({ n: 4 });
    expect(chars?.values).to.deep.include({ allowed: 'id' });
    expect(() => readErrors([{ field: 'otp', key: 'otp.wrong' }])).to.throw('otp.wrong');
    expect(() => readErrors([{ field: 'otp', key: 'no.such' }])).to.throw('no.such');
    expect(storedBanner('setup.idset', { login_id: 'abc' })).to.deep.include({ key: 'setup.idset' });
    expect(storedBanner('setup.idset', {})).to.equal(null);
    expect(whyOf('copied')).to.equal('copied');
    expect(whyOf('never heard of')).to.equal('other');
  });
});

describe('the style sheet', () => {
  it('is the one that its sources give, of the pages and of the token app', () => {
    for (const file of ['views/assets/renkei.css', 'views/token-app/style.css'] as const) {
      const kept = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
      expect(kept, file).to.equal(styleSheet(file));
      expect(kept, file).not.to.match(/@import|url\(/);
    }
  });
});
