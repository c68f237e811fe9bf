// What the attacks on the consoles stand on: every route of the routers themselves, every kind of id of another company with
// an unknown one of the same form, and a digest over all that the other company has.
import { createHash, randomInt } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { DemoPerson } from '../../src/demo/people.ts';
import { companyRouter } from '../../src/web/company/router.ts';
import { selfServiceRouter } from '../../src/web/self-service/router.ts';
import type { Site } from '../../src/web/site.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { sourceFiles } from '../support/source.ts';
import { nextCode } from '../support/walks.ts';

export interface Route {
  readonly console: 'company' | 'self-service';
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params: readonly string[];
}

/** A site that answers everything with itself: routers are only asked which addresses they know. */
function anySite(): Site {
  const anything: object = new Proxy(() => anything, { get: () => anything });
  const holder: { site: Site } = JSON.parse('{}');
  return Object.assign(holder, { site: anything }).site;
}

/** Every route of both consoles, from the routers' own stacks. */
export function allRoutes(): readonly Route[] {
  const routers = [
    ['self-service', selfServiceRouter(anySite())],
    ['company', companyRouter(anySite())],
  ] as const;
  return routers.flatMap(([name, router]) =>
    router.stack.flatMap((layer) =>
      (['GET', 'POST'] as const)
        .filter((method) => layer.methods.includes(method))
        .map((method) => ({
          console: name,
          method,
          path: String(layer.path),
          params: [...String(layer.path).matchAll(/:(\w+)/g)].map(([, param = '']) => param),
        })),
    ),
  );
}

export const titleOf = ({ method, path }: Route): string => `${method} ${path}`;

/** The route's address with one value in the place of every parameter. */
export const pathWith = (route: Route, value: string): string => pathOf(route, () => value);

const pathOf = (route: Route, value: (param: string) => string): string =>
  route.path.replace(/:(\w+)/g, (_whole, param: string) => encodeURIComponent(value(param)));

/** The route's addresses with a value in the place of every parameter, and of each one beside one's own in the others. */
export function pathsWith(route: Route, value: string, own: Readonly<Record<string, string>>): readonly string[] {
  const single = route.params.length < 2 ? [] : route.params;
  return [
    pathWith(route, value),
    ...single.map((place) => pathOf(route, (param) => (param === place ? value : (own[param] ?? value)))),
  ];
}

/** What a field takes that is no id, so that a form is turned away for its ids alone. */
export const plausible: Readonly<Record<string, string>> = {
  target_state: 'stopped',
  scope: 'checked',
  reason: 'other',
  reason_words: '',
  admin: 'none',
  confirm_count: '1',
  person_name: '試験 花子',
  email: 'hanako@sumire.example.co.jp',
  change_password: 'keep',
  change_confirmation_password: 'keep',
  state: '',
  page: '1',
  per: '50',
};

const handlers = (): string =>
  sourceFiles('src/web/company/*.ts', 'src/web/self-service/*.ts', 'src/web/*.ts')
    .map(({ text }) => text)
    .join('\n');

/** Every name under which a handler reads something from a form or an address. */
export function allFields(): readonly string[] {
  const reads = handlers().matchAll(/\b(?:text|all|has|get)\('([a-z_]+)'\)|\bquery\[?\.?'?([a-z_]+)/g);
  return [...new Set([...reads].map(([, form, query]) => form ?? query ?? ''))].filter(
    (name) =>
      !/^$|^(csrf|edit|action|otp|language|cookie|origin|iss|string|error)$|password|email|_uri|_token|_to$/.test(name),
  );
}

/** Every button of the consoles' pages that names an action. */
export function allActions(): readonly string[] {
  const pages = sourceFiles('views/company/*.tsx', 'views/self-service/*.tsx', 'views/parts/*.tsx', 'views/print/*.tsx')
    .map(({ text }) => text)
    .join('\n');
  const known = [
    ...pages.matchAll(/action[=:]\s*\{?["']([a-z_]+)["']/g),
    ...handlers().matchAll(/action\w*\s*===\s*'([a-z_]+)'/g),
  ];
  return [...new Set(known.map(([, one]) => one ?? ''))];
}

export interface ConsoleScene {
  readonly demo: Demo;
  sql(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly redis: Redis;
  browser(): ScriptBrowser;
  accountId(person: Pick<DemoPerson, 'login_id'>): Promise<string>;
  /** Signs in directly at a path of the gateway. */
  enter(browser: ScriptBrowser, person: DemoPerson, path: string): Promise<Page>;
  close(): Promise<void>;
}

export async function startConsoleScene(env: Readonly<Record<string, string>> = {}): Promise<ConsoleScene> {
  const demo = await startDemo('real', { gateways: 2, env });
  const pool = new pg.Pool({ connectionString: demo.databaseUrl ?? '', max: 2 });
  const redis = new Redis(demo.redisUrl ?? '');
  const sql: ConsoleScene['sql'] = async (text, values = []) => (await pool.query(text, [...values])).rows;
  return {
    demo,
    sql,
    redis,
    browser: () => demo.browser(true),
    async accountId({ login_id: loginId }) {
      const [row] = await sql('select id from account where lower(login_name) = lower($1)', [loginId]);
      return String(row?.['id']);
    },
    async enter(browser, person, path) {
      let page = await browser.open(`${demo.gateway}${path}`);
      if (page.screen === 'LGN001') page = await browser.submit(page, {}, 'direct');
      if (page.screen === 'LGN002')
        page = await browser.submit(page, { login_id: person.login_id, password: person.password });
      if (page.screen === 'OTP002') page = await browser.submit(page, { otp: await nextCode(demo, person) });
      return page;
    },
    async close() {
      redis.disconnect();
      await pool.end();
      await demo.stop();
    },
  };
}

/** What belongs to one company, and how it is told apart in any row. */
export interface Holdings {
  readonly companyId: string;
  readonly accounts: readonly string[];
  /** Names, IDs and addresses: nobody of another company may read them. */
  readonly told: readonly string[];
  /** One id of each kind. */
  readonly ids: Readonly<Record<string, string>>;
}

/** A column's text; '' where there is none. */
function some(row: Readonly<Record<string, unknown>> | undefined, name: string): string {
  const value = row?.[name];
  return typeof value === 'string' ? value : '';
}

/** Everything of a company that an id could name. Its people are signed in, linked and remembered before. */
export async function holdingsOf({ sql, redis }: ConsoleScene, contractNumber: string): Promise<Holdings> {
  const [company] = await sql('select id, name from company where contract_number = $1', [contractNumber]);
  const companyId = some(company, 'id');
  const people = await sql('select id, name, email, login_name from account where company_id = $1 order by id', [
    companyId,
  ]);
  const accounts = people.map((row) => some(row, 'id'));
  const one = async (text: string, name: string): Promise<string> => some((await sql(text, [accounts]))[0], name);
  const logins = await sql('select id, attempt_id from login where account_id = any($1) and ended_at is null', [
    accounts,
  ]);
  const keys = await redis.keys('*');
  const draft = keys.find((key) => /draft/.test(key) && logins.some((row) => key.includes(some(row, 'id'))));
  const [record] = await sql('select reference from audit where chain = $1 order by seq desc limit 1', [companyId]);
  const [bank] = await sql('select id, number from bank_account where company_id = $1 limit 1', [companyId]);
  const ids: Record<string, string> = {
    'account id': accounts[1] ?? '',
    'login ID': some(people[1], 'login_name'),
    'e-mail': some(people[1], 'email'),
    'name': some(people[1], 'name'),
    'company id': companyId,
    'contract number': contractNumber,
    'link id': await one('select id from link where account_id = any($1) and ended_at is null', 'id'),
    'Business Direct ID': await one('select display from link where account_id = any($1)', 'display'),
    'device id': await one('select id from device where account_id = any($1) and ended_at is null', 'id'),
    'login id': some(logins[0], 'id'),
    'attempt id': some(logins[0], 'attempt_id'),
    'token id': await one('select token_id as id from token_holder where account_id = any($1)', 'id'),
    'serial': await one(
      'select t.serial as id from token t join token_holder h on h.token_id = t.id where h.account_id = any($1) and t.serial is not null',
      'id',
    ),
    'record reference': some(record, 'reference'),
    'bank account id': some(bank, 'id'),
    'draft id': draft === undefined ? '' : (draft.split(':').at(-1) ?? ''),
  };
  const told = [
    some(company, 'name'),
    contractNumber,
    companyId,
    ...people.flatMap((row) => ['id', 'name', 'email', 'login_name'].map((name) => some(row, name))),
    ...Object.values(ids),
  ];
  return { companyId, accounts, told: [...new Set(told)].filter((text) => text.length > 3), ids };
}

/** An id that nobody has, of the same form: each sign is another one of its kind. */
export function unknownLike(id: string): string {
  const hex = /^[0-9a-f-]+$/.test(id);
  const from = (signs: string): string => signs[randomInt(signs.length)] ?? '';
  return [...id]
    .map((sign) => {
      if (/[0-9]/.test(sign)) return from('23456789');
      if (/[a-z]/.test(sign)) return from(hex ? 'abcdef' : 'abcdefghjkmnpqrstvwxyz');
      if (/[A-Z]/.test(sign)) return from('ABCDEFGHJKMNPQRSTVWXYZ');
      if (/[\u3040-\u9fff]/.test(sign)) return from('安伊宇江於加木久計古');
      return sign;
    })
    .join('');
}

/** Every row of every table that is the company's or names one of its people, and what Redis holds of them, as one digest a table. */
export async function digestOf(
  { sql, redis }: ConsoleScene,
  { companyId, accounts, ids }: Holdings,
): Promise<Readonly<Record<string, string>>> {
  const digests: Record<string, string> = {};
  const tables = await sql(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  for (const row of tables) {
    const table = some(row, 'name');
    const rows = (await sql(`select to_jsonb(t) as row from "${table}" t`)).map((each) => JSON.stringify(each['row']));
    // What somebody else is recorded to have asked for stands in their own company's record.
    const own =
      table === 'audit'
        ? rows.filter((text) => text.includes(`"chain": "${companyId}"`) || text.includes(`"chain":"${companyId}"`))
        : rows.filter((text) => [companyId, ...accounts].some((id) => text.includes(id)));
    digests[table] = `${own.length} ${createHash('sha256').update(own.toSorted().join('\n')).digest('hex')}`;
  }
  const keys = (await redis.keys('*')).filter((key) =>
    [ids['login id'] ?? '-', ...accounts].some((id) => key.includes(id)),
  );
  const values = await Promise.all(keys.toSorted().map(async (key) => `${key} ${(await redis.dump(key)) ?? ''}`));
  digests['redis'] = `${values.length} ${createHash('sha256').update(values.join('\n')).digest('hex')}`;
  return digests;
}

/** A page without what differs from one answer to the next: tokens, reference numbers, moments, and the ids that were sent. */
export function faceOf(page: Page, sent: readonly string[]): string {
  let html = page.html;
  for (const id of sent) {
    html = html
      .replaceAll(id, 'SENT')
      .replaceAll(encodeURIComponent(id), 'SENT')
      .replaceAll(new URLSearchParams({ i: id }).toString().slice(2), 'SENT');
  }
  return `${page.status} ${page.screen ?? page.headers.get('content-type')} ${page.refusal ?? '-'} ${html
    .replace(/(name="(?:csrf|edit)" value=)"[^"]*"/g, '$1""')
    .replace(/[2-9A-Z]{4}-[2-9A-Z]{4}/g, 'REFERENCE')
    .replace(/datetime="[^"]*"|\d{1,2}:\d{2}(?::\d{2})?|\d{4}-\d{2}-\d{2}|\d{4}年\d{1,2}月\d{1,2}日/g, 'WHEN')
    .replace(/[A-Za-z0-9_-]{20,}/g, 'VALUE')}`;
}
