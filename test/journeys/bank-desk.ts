// The bank's side of a journey: an operator at the token desk, who takes seed files over, gives key-fobs to companies and sends
// them, by the pages of the helpdesk console. Signs in anew for each act: a desk that is left alone is signed out.
import { expect } from 'chai';
import operators from '../../config/demo/operators.json' with { type: 'json' };
import companies from '../../config/demo/companies.json' with { type: 'json' };
import type { Demo } from '../support/demo-process.ts';
import type { Reader, Walk } from '../support/guide-reader.ts';
import { type KeyFob, seedCsv, shownNext } from '../support/key-fob.ts';
import { wordsOf } from './token-walk.ts';

export interface BankDesk {
  /** お申込: HDK048. */
  apply(contract: string, application: 'hardware' | 'both'): Promise<void>;
  /** A seed file, checked first, then taken over: HDK041–043. @returns what the result says */
  take(fobs: readonly KeyFob[]): Promise<string>;
  /** 割当: HDK045, HDK046. @returns what the check page says */
  assign(contract: string, serials: readonly string[], reason: 'application' | 'loss'): Promise<string>;
  /** 発送: HDK045, HDK046. */
  ship(serials: readonly string[]): Promise<void>;
  /** A new limit, so many days from now, by a supervisor: HDK048. */
  extend(contract: string, days: number, reason: string): Promise<void>;
  /** Whether a supervisor could set another one. */
  mayExtend(contract: string): Promise<boolean>;
  /** お知らせを送る: HDK047. */
  remindOfExpiry(contract: string): Promise<void>;
  /** What HDK044 says of a key-fob. */
  lifeOf(serial: string): Promise<string>;
}

const day = 86_400_000;

/** How the serial numbers of one delivery begin. */
const beginning = ([first = '', ...others]: readonly string[]): string => {
  let length = first.length;
  while (others.some((other) => !other.startsWith(first.slice(0, length)))) length -= 1;
  return first.slice(0, length);
};

export function openBankDesk(demo: Demo, walk: Walk): BankDesk {
  const operator = (role: 'clerk' | 'supervisor') => {
    const found = operators.find((one) => one.role === role && one.otp !== null);
    if (!found?.otp) throw new Error(`no ${role} in config/demo/operators.json`);
    return { ...found, otp: { ...found.otp, algorithm: 'SHA1' } as const };
  };

  async function at<T>(
    path: string,
    work: (reader: Reader, code: () => Promise<string>) => Promise<T>,
    role: 'clerk' | 'supervisor' = 'clerk',
  ): Promise<T> {
    const who = operator(role);
    const code = (): Promise<string> => shownNext(demo, who.otp);
    const reader = await walk.reader();
    expect(await reader.open(path)).to.equal('HDK003');
    expect(await reader.press('ログイン', { login_id: who.login_id, password: who.password })).to.equal('HDK004');
    expect(await reader.press('ログイン', { otp: await code() })).to.match(/^HDK0(?!03|04)/);
    const done = await work(reader, code);
    await reader.close();
    return done;
  }

  const nameOf = (contract: string): string =>
    companies.find(({ contract_number: of }) => of === contract)?.name ?? contract;

  /** From the list of companies to the application of one. */
  async function toApplication(reader: Reader, contract: string): Promise<void> {
    expect(await reader.screen()).to.equal('HDK011');
    expect(await reader.press(nameOf(contract))).to.equal('HDK048');
  }

  const list = (serials: readonly string[], state: string): string =>
    `/helpdesk/tokens?q=${beginning(serials)}&state=${state}`;

  return {
    apply: (contract, application) =>
      at(`/helpdesk/companies?q=${contract}`, async (reader, code) => {
        await toApplication(reader, contract);
        const change = { otp_application: application, reason: 'お申込書のとおり' };
        expect(await reader.press('実行', { ...change, otp: await code() })).to.equal('HDK048');
        expect(await reader.text()).to.include('お申込と登録期限を変更しました。');
      }),

    take: (fobs) =>
      at('/helpdesk/tokens/import', async (reader, code) => {
        const expires = new Date((await demo.now()) + 1_800 * day).toISOString().slice(0, 10);
        const checked = { file: seedCsv(fobs, expires), dry_run: true };
        expect(await reader.press('検証する', checked), await reader.text()).to.equal('HDK043');
        expect(await reader.text(), await reader.text()).to.include('まだ何も登録していません');
        expect(await reader.press('この内容で取り込む', { otp: await code() })).to.equal('HDK043');
        return wordsOf(reader);
      }),

    assign: (contract, serials, reason) =>
      at(list(serials, 'in-stock'), async (reader, code) => {
        expect(await reader.press('割当', { people: serials })).to.equal('HDK045');
        expect(await reader.press('次へ', { contract_number: contract, reason })).to.equal('HDK045');
        const check = await reader.text();
        expect(await reader.press(`${serials.length}個を割り当てる`, { otp: await code() })).to.equal('HDK046');
        return check;
      }),

    ship: (serials) =>
      at(list(serials, 'ordered'), async (reader, code) => {
        expect(await reader.press('発送', { people: serials })).to.equal('HDK045');
        expect(await reader.press(`${serials.length}個を発送済みにする`, { otp: await code() })).to.equal('HDK046');
        expect(await reader.text()).to.include(`${serials.length}個中${serials.length}個の手続きが完了しました。`);
      }),

    extend: (contract, days, reason) =>
      at(
        `/helpdesk/companies?q=${contract}`,
        async (reader, code) => {
          await toApplication(reader, contract);
          const until = new Date((await demo.now()) + 9 * 3_600_000 + days * day).toISOString().slice(0, 10);
          expect(await reader.press('実行', { grace_until: until, reason, otp: await code() })).to.equal('HDK048');
          expect(await reader.text()).to.include('お申込と登録期限を変更しました。');
        },
        'supervisor',
      ),

    mayExtend: (contract) =>
      at(
        `/helpdesk/companies?q=${contract}`,
        async (reader) => {
          await toApplication(reader, contract);
          return (await reader.html()).includes('name="grace_until"');
        },
        'supervisor',
      ),

    remindOfExpiry: (contract) =>
      at(`/helpdesk/tokens/due?about=expiry&contract_number=${contract}`, async (reader, code) => {
        expect(await reader.screen()).to.equal('HDK047');
        const [, line = ''] = /name="people" value="([^"]+)"/.exec(await reader.html()) ?? [];
        expect(await reader.press('お知らせを送る', { people: line, otp: await code() })).to.equal('HDK047');
        expect(await reader.text()).to.match(/お知らせを\d+通送信しました。/);
      }),

    lifeOf: (serial) => at(`/helpdesk/tokens/${serial}`, async (reader) => wordsOf(reader)),
  };
}
