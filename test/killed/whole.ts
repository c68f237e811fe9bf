// What must hold of somebody whatever was killed: rows and audit records say the same, one link a side, no device without its
// link, no step accepted twice, no half-set-up account, and every mail that a change owed, once.
import { expect } from 'chai';
import { checkChanges } from './changes.ts';
import type { Person } from './person.ts';
import type { Scene } from './scene.ts';
import { checkTokens } from './tokens-whole.ts';

type Row = Readonly<Record<string, unknown>>;

export interface Told {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What is looked at around a kill: somebody, or what is nobody's own. */
export interface Watched {
  /** What was committed since this began, in words. */
  committed(): Promise<string>;
  /** Throws when what stands and what the records tell disagree. */
  check(): Promise<void>;
}

/** Records of one chain, oldest first. @param where a condition on its rows, of which $1 is `value` */
export async function recordsWhere(scene: Scene, where: string, value: string): Promise<readonly Told[]> {
  const rows = await scene.sql(`select event, body from audit where ${where} order by seq`, [value]);
  return rows.map(({ event, body }) => ({ event: String(event), data: JSON.parse(String(body)).data ?? {} }));
}

/** Their records, oldest first. */
export const recordsOf = (scene: Scene, { account }: Person): Promise<readonly Told[]> =>
  recordsWhere(scene, 'account_id = $1', account.id);

export async function watchPerson(scene: Scene, person: Person): Promise<Watched> {
  const before = (await recordsOf(scene, person)).length;
  return { committed: () => committed(scene, person, before), check: () => checkWhole(scene, person) };
}

/** What the stores hold that an act committed, in words: its audit records, and misses that were counted. */
async function committed(scene: Scene, person: Person, since: number): Promise<string> {
  const [row] = await scene.sql(
    `select otp_misses, otp_stopped_at is not null as stopped, login_name_reserved is not null as reserved,
       (select coalesce(sum(misses), 0)::int from credential where account_id = account.id) as misses,
       (select coalesce(sum(first_link_try.misses), 0)::int from first_link_try where subject = $2) as tries
     from account where id = $1`,
    [person.account.id, person.subject],
  );
  const events = (await recordsOf(scene, person)).slice(since).map(({ event }) => event);
  const counted = [
    ...(Number(row?.['misses']) > 0 ? [`${Number(row?.['misses'])} password place taken`] : []),
    ...(Number(row?.['otp_misses']) > 0 ? [`${Number(row?.['otp_misses'])} code missed`] : []),
  ];
  return [...events, ...counted].join(', ') || 'nothing';
}

/** Throws when rows and records of somebody disagree. */
async function checkWhole(scene: Scene, person: Person): Promise<void> {
  const { id, companyId } = person.account;
  const verified = await scene.stores.store.audit.verify(companyId);
  expect(verified.badAt, 'the chain verifies').to.equal(null);
  const records = await recordsOf(scene, person);
  const of = (...events: readonly string[]): readonly Told[] => records.filter(({ event }) => events.includes(event));
  const rows = (table: string): Promise<readonly Row[]> =>
    scene.sql(`select * from ${table} where account_id = $1`, [id]);
  const [account] = await scene.sql('select * from account where id = $1', [id]);
  if (!account) throw new Error('the account is gone');

  const links = (await rows('link')).filter((link) => link['id'] !== person.linkId);
  same(
    links.map((link) => link['id']),
    of('link.made').map(({ data }) => data['link']),
    'links and their records',
  );
  const ended = (await rows('link')).filter((link) => link['ended_at'] !== null);
  same(
    ended.map((link) => link['id']),
    [
      ...of('link.removed').map(({ data }) => data['link']),
      ...of('account.deleted').flatMap(({ data }) => (Array.isArray(data['links']) ? data['links'] : [])),
    ],
    'ended links and their records',
  );
  const live = await scene.sql('select id from link where subject = $1 and ended_at is null', [person.subject]);
  expect((await rows('link')).length - ended.length, 'live links of the account').to.be.at.most(1);
  expect(live.length, 'live links of the Business Direct ID').to.be.at.most(1);

  const orphans = await scene.sql(
    `select device.id from device left join link on link.id = device.link_id join account on account.id = device.account_id
     where device.account_id = $1 and device.ended_at is null
       and (link.id is null or link.ended_at is not null or device.epoch <> account.security_epoch)`,
    [id],
  );
  expect(orphans, 'devices that count though their link or epoch is over').to.deep.equal([]);
  const logins = await rows('login');
  same(
    logins.map((login) => login['id']),
    of('login.finished').map(({ data }) => data['login']),
    'logins and their records',
  );
  const receipts = logins.map((login): Row => Object(login['receipt']));
  const devices = await rows('device');
  expect(devices.length, 'devices and logins that remembered one').to.equal(
    receipts.filter((receipt) => receipt['rememberedHere'] === true).length,
  );
  const uses = receipts.filter((receipt) => receipt['otpAnswer'] === 'skipped-by-device').length;
  expect(
    devices.reduce((sum, device) => sum + Number(device['generation']) - 1, 0),
    'generations and logins that raised them',
  ).to.be.at.most(uses);
  expect(of('device.copied'), 'alarms').to.deep.equal([]);

  const accepted = records.flatMap(acceptedBy);
  for (const tokenId of new Set([person.token.id, ...accepted.map(({ token }) => token)])) {
    const steps = accepted.filter(({ token }) => token === tokenId).map(({ step }) => step);
    expect(steps, 'accepted steps only rise').to.deep.equal([...new Set(steps)].toSorted((a, b) => a - b));
    const [token] = await scene.sql('select last_step from token where id = $1', [tokenId]);
    expect(token?.['last_step'] === null ? null : Number(token?.['last_step']), 'the last step').to.equal(
      steps.at(-1) ?? null,
    );
  }
  const held = (await rows('token_holder')).filter((holder) => holder['ended_at'] === null);
  expect(held.length, 'tokens held').to.be.at.most(1);

  const credentials = await rows('credential');
  const login = credentials.find((credential) => credential['kind'] === 'login');
  expect(account['login_name_chosen'] === true && login?.['issued'] === true, 'half set up').to.equal(false);
  if (of('setup.password-chosen').length > 0) expect(account['login_name']).to.equal(person.chosen.loginId);
  if (person.account.setUpAt === null) {
    expect(account['login_name_chosen'] === true, 'the chosen password').to.equal(
      of('setup.password-chosen').length === 1,
    );
    expect(account['login_name_reserved'] !== null || account['login_name_chosen'] === true, 'the chosen ID').to.equal(
      of('setup.login-id-chosen').length === 1,
    );
    expect(account['set_up_at'] !== null, 'the end of the setup').to.equal(of('setup.completed').length === 1);
    if (account['set_up_at'] !== null) expect(account['email_proven_at'], 'a proven address').not.to.equal(null);
    const confirmation = credentials.some((credential) => credential['kind'] === 'confirmation');
    expect(confirmation, 'the confirmation password').to.equal(of('setup.confirmation-password-chosen').length === 1);
    const names = await scene.sql('select key from login_name where account_id = $1', [id]);
    expect(names.length, 'registered names').to.equal(1 + of('setup.login-id-chosen').length);
  }
  const stops = of('otp.stopped').length;
  const releases = of('lock.released').length;
  if (account['otp_stopped_at'] !== null) expect(stops, 'the record of the stop').to.equal(1);
  expect(releases, 'releases').to.be.at.most(1);

  await checkChanges(scene, person, account, records);
  await checkTokens(scene, person, records);
  await checkMails(scene, person, records);
}

const accepting = ['otp.accepted', 'otp.repaired', 'token.registered', 'token.activated', 'token.replaced'];

/** The steps that a record says were accepted; whoever changes to a new key-fob shows a code of each. */
function acceptedBy({ event, data }: Told): readonly { readonly token: string; readonly step: number }[] {
  if (!accepting.includes(event)) return [];
  const own = { token: String(data['token']), step: Number(data['step']) };
  return event === 'token.replaced'
    ? [{ token: String(data['before']), step: Number(data['stepBefore']) }, own]
    : [own];
}

/** Subjects of mails, and how many the records say were owed. */
const owed = (records: readonly Told[]): Readonly<Record<string, number>> => {
  const of = (event: string): number => records.filter((record) => record.event === event).length;
  return {
    ID連携が完了しました: of('link.made'),
    ID連携が解除されました: of('link.removed'),
    コードの入力を省略する端末が登録されました: records.filter(
      ({ event, data }) => event === 'login.finished' && JSON.stringify(data).includes('"rememberedHere":true'),
    ).length,
    別の場所で使われた可能性があります: of('device.copied'),
    パスワードが変更されました: of('password.changed'),
    パスワードが一時利用停止になりました: of('password.locked'),
    ワンタイムパスワードが利用停止になりました: of('otp.stopped'),
    利用停止が解除されました: of('lock.released'),
    トークンの利用を開始しました: of('token.registered') + of('token.activated') + of('token.replaced'),
    トークンが失効されました: of('token.revoked'),
    管理者ユーザがパスワードを設定しました: of('password.set-by-other'),
    // The former address and the new one.
    メールアドレスが変更されました: 2 * of('email.changed'),
    ご利用が停止されました: of('account.stopped'),
    ご利用が再開されました: of('account.resumed'),
    利用者登録の削除: of('account.deleted'),
    再設定の申請を受け付けました: of('reset.requested'),
    再設定の申請の結果: of('reset.approved') + of('reset.refused'),
  };
};

async function checkMails(scene: Scene, person: Person, records: readonly Told[]): Promise<void> {
  const addresses = [person.account.email ?? '', person.chosen.email].filter((address) => address !== '');
  const mails = (await Promise.all(addresses.map((address) => scene.demo.mails(address)))).flat();
  for (const [subject, count] of Object.entries(owed(records)))
    expect(mails.filter((mail) => mail.subject.includes(subject)).length, `mails 「${subject}」`).to.equal(count);
}

function same(found: readonly unknown[], told: readonly unknown[], what: string): void {
  expect(found.map(String).toSorted(), what).to.deep.equal(told.map(String).toSorted());
}
