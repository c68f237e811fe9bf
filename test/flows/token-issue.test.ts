// The issue of a software token (spec §2, §5): e-mail code, details, confirmation password, and the first right code; in an
// attempt to sign in and in a console alike. What it relies on is asked again in its transaction, and everything acts once.
import { expect } from 'chai';
import { registerToken } from '../../src/flows/sign-in/register-token.ts';
import type { Answer } from '../../src/flows/sign-in/answer.ts';
import { activateToken, resendIssueMail, type Activated } from '../../src/flows/token/activate.ts';
import { sendTokenCode } from '../../src/flows/token/email-code.ts';
import { endLapsed, issueEndedBy, restartIssue } from '../../src/flows/token/end-issue.ts';
import { attemptFront, consoleFront, issuePage, type IssueFront } from '../../src/flows/token/front.ts';
import { acknowledgeIssue, confirmIssue } from '../../src/flows/token/issue.ts';
import {
  backToDetails,
  chooseKind,
  enterDetails,
  preferSoftware,
  requestCode,
  resendCode,
  type TypedDetails,
} from '../../src/flows/token/prepare.ts';
import { takeSecret } from '../../src/flows/token/show-secret.ts';
import type { LoginRecord } from '../../src/rules/login.ts';
import { noProgress } from '../../src/rules/token-issue.ts';
import { codeAt, stepAt } from '../../src/secrets/totp.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { run } from '../support/database.ts';
import { attemptRecord } from '../support/attempt.ts';
import { addDevice, addLink, addLogin, atOnce, day, minute, newId } from '../support/rows.ts';
import { flowScene, rightPassword, wrongPassword, type Scene } from './scene.ts';

const hour = 60 * minute;

describe('issuing a software token', () => {
  let scene: Scene;
  let company: CompanyRow;
  let person: AccountRow;
  let attempt: string;
  let phone: string;
  let right: TypedDetails;
  before(async () => {
    scene = await flowScene();
  });
  beforeEach(async () => {
    scene.now += day;
    company = await scene.company({ otpApplication: 'software' });
    person = await scene.person(company, { email: `${newId()}@example.jp` });
    attempt = await begin();
    phone = `${newId()}@mobile.example.jp`;
    right = { email: phone, emailAgain: phone, activation: '7309', activationAgain: '7309' };
  });
  const tools = () => scene.tools;
  const act = () => scene.act();
  const begin = async (by = person): Promise<string> => {
    const { securityEpoch: epoch } = (await scene.look(by)).account;
    const begun = attemptRecord({ route: 'direct', account: { id: by.id, epoch }, passwordAt: scene.now });
    const { id } = await tools().attempts.begin({ ...begun, expiresAt: scene.now + 10 * day });
    return id;
  };
  const recordOf = async (id = attempt) => {
    const found = await tools().attempts.find(id);
    if (!found) throw new Error('the attempt is gone');
    return found;
  };
  const front = async (id = attempt, by = person): Promise<IssueFront> =>
    attemptFront(tools(), act(), await recordOf(id), await scene.look(by));
  const page = async (id = attempt): Promise<string> => issuePage(tools(), act(), await front(id));
  const codes = async (by = person): Promise<readonly string[]> =>
    (await scene.mails(by)).filter(({ mail }) => mail === 'email-code').map(({ facts }) => String(facts['code']));
  const lastCode = async (): Promise<string> => (await codes()).at(-1) ?? '';
  const wrongOf = (code: string): string => (code === '00000000' ? '11111111' : '00000000');
  const openIssue = async (by = person) => (await scene.look(by)).issue;
  const choose = async (kind: 'app' | 'authenticator', id = attempt): Promise<void> => {
    expect(await chooseKind(tools(), act(), await front(id), kind)).to.deep.equal({ advanced: true });
  };
  /** To the details: kind chosen, code sent. */
  const prepare = async (kind: 'app' | 'authenticator' = 'app', id = attempt): Promise<string> => {
    await choose(kind, id);
    expect(await requestCode(tools(), act(), await front(id))).to.deep.equal({ advanced: true });
    return lastCode();
  };
  const enter = async (id = attempt, typed: Partial<TypedDetails> = {}): Promise<Answer> =>
    enterDetails(tools(), act(), await front(id), { ...right, ...typed });
  const confirm = async (emailCode: string, id = attempt, confirmation = rightPassword): Promise<Answer> =>
    confirmIssue(tools(), act(), await front(id), { confirmation, emailCode });
  const issue = async (id = attempt): Promise<void> => {
    const code = await prepare('app', id);
    await enter(id);
    expect(await confirm(code, id)).to.deep.equal({ advanced: true });
  };
  /** What the app shows for the open issue of somebody. */
  const shown = async (stepsAway = 0, by = person): Promise<string> => {
    const tokenId = (await openIssue(by))?.tokenId ?? '';
    const row = await scene.at.store.token.lock(tokenId);
    if (!row) throw new Error('no token was issued');
    const secret = scene.secrets.openTokenSecret(row.secret, row.id);
    return codeAt({ ...row, secret }, stepAt(scene.now, row.period) + stepsAway);
  };
  const wrongShown = async (): Promise<string> => {
    const near = await Promise.all([-2, -1, 0, 1, 2].map((step) => shown(step)));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code)) ?? '';
  };
  const activate = async (otp: string, id = attempt): Promise<Activated> =>
    activateToken(tools(), act(), await front(id), otp);

  describe('from page to page', () => {
    it('makes one issue, tells the telephone, and keeps no secret in the clear', async () => {
      expect(await page()).to.equal('choose-token-kind');
      const code = await prepare();
      expect(code).to.match(/^\d{8}$/);
      expect(await page()).to.equal('issue-token');
      expect(await enter()).to.deep.equal({ advanced: true });
      expect(await page()).to.equal('issue-token-check');
      expect(await confirm(code)).to.deep.equal({ advanced: true });
      expect(await page()).to.equal('issue-token-done');
      const open = await openIssue();
      expect(open).to.include({ kind: 'app', address: phone, expiresAt: scene.now + 72 * hour, endedAt: null });
      expect(open?.userId).to.match(/^[0-9A-Z]{12}$/);
      expect(open?.activation).to.equal(tools().secrets.mark('activation', `${open?.id} 7309`));
      const [told] = await scene.mails({ ...person, email: phone });
      expect(told?.facts).to.deep.include({ userId: open?.userId, until: scene.now + 72 * hour });
      expect(await scene.events(person)).to.deep.equal(['token.issued']);
      expect((await scene.look(person)).token, 'not before its first code').to.equal(null);
      const everything = JSON.stringify([await recordOf(), await scene.records(person), told]);
      for (const secret of ['7309', code, rightPassword]) expect(everything).not.to.include(secret);
      await acknowledgeIssue(await front());
      expect(await page()).to.equal('activate-token');
    });

    it('comes into use with the first right code, which is the attempt’s OTP, and ends what went before', async () => {
      await issue();
      const link = await addLink(scene.at.store, person);
      const device = await addDevice(scene.at.store, person.id, link);
      const other = await addLogin(scene.at.store, person);
      await scene.at.store.account.change(person.id, { tokenLostAt: scene.now - minute, otpMisses: 3 });
      const code = await shown();
      const open = await openIssue();
      const activated = await activate(code);
      expect(activated).to.deep.equal({
        verdict: 'activated',
        proof: {
          at: scene.now,
          tokenId: open?.tokenId,
          step: stepAt(scene.now, 60),
          kind: 'software',
          shared: false,
          by: 'registration',
        },
      });
      const { account, token, issue: after } = await scene.look(person);
      expect(token).to.include({ id: open?.tokenId, lastStep: stepAt(scene.now, 60), lastStepBy: person.id });
      expect(after).to.equal(null);
      expect(account).to.include({ securityEpoch: 2, epochSpares: attempt, otpMisses: 0, tokenLostAt: null });
      expect(await scene.at.store.tokenIssue.find(open?.id ?? '')).to.include({ endedWhy: 'activated' });
      const ended = await run(scene.at, `select ended_at from device where id = '${device}'`);
      expect(ended[0]?.['ended_at']).not.to.equal(null);
      expect((await scene.at.store.login.find(other))?.endedAt).to.equal(scene.now);
      expect((await scene.mails(person)).map(({ mail }) => mail)).to.include('token-in-use');
      expect(await scene.events(person)).to.deep.equal(['token.issued', 'token.activated']);
      expect(await activate(code), 'once').to.deep.equal({ verdict: 'look-again' });
    });

    it('accepts the code of the step before, and none older or to come', async () => {
      await issue();
      for (const away of [-2, 1, 2])
        expect(await activate(await shown(away)), `${away}`).to.deep.include({ verdict: 'refused' });
      expect(await activate(await shown(-1))).to.include({ verdict: 'activated' });
    });

    it('goes back to the details with the address, and another issue password takes the first one’s place', async () => {
      const code = await prepare();
      await enter();
      const before = (await recordOf()).issue?.details;
      await backToDetails(tools(), act(), await front());
      expect(await page()).to.equal('issue-token');
      expect((await recordOf()).issue?.details?.address).to.equal(phone);
      await enter(attempt, { activation: '60481937', activationAgain: '６０４８－１９３７' });
      expect((await recordOf()).issue?.details?.id).not.to.equal(before?.id);
      expect(await confirm(code)).to.deep.equal({ advanced: true });
      const open = await openIssue();
      expect(open?.activation).to.equal(tools().secrets.mark('activation', `${open?.id} 60481937`));
    });
  });

  describe('the details', () => {
    beforeEach(() => prepare());
    const errors = async (typed: Partial<TypedDetails>) => {
      const answer = await enter(attempt, typed);
      return 'errors' in answer ? answer.errors.map(({ field, key }) => `${field} ${key}`) : [];
    };

    it('take one address, and nothing that would become two or a header', async () => {
      const bad = [
        'a@example.jp,b@example.jp',
        'a@example.jp b@example.jp',
        'a@example.jp;b@example.jp',
        'a@example.jp\r\nBcc: b@example.jp',
        'a@example.jp%0aBcc:b@example.jp',
        '"a"@example.jp',
        '<a@example.jp>',
        'ａ@example.jp',
      ];
      for (const email of bad) {
        const found = await errors({ email, emailAgain: email });
        expect(found[0], JSON.stringify(email)).to.match(/^email (issue\.mail|form\.chars)$/);
      }
      expect((await recordOf()).issue?.details).to.equal(null);
    });

    it('want both twice, and say every mistake at once', async () => {
      expect(await errors({ emailAgain: 'other@example.jp' })).to.deep.equal(['email_again issue.again']);
      expect(await errors({ emailAgain: phone.replace('mobile', 'MOBILE') }), 'the same mailbox').to.deep.equal([]);
      await backToDetails(tools(), act(), await front());
      expect(await errors({ activationAgain: '7308' })).to.deep.equal(['activation_password_again issue.codes.again']);
      expect(await errors({ activation: '1234', activationAgain: '1234' })).to.deep.equal([
        'activation_password issue.weak',
      ]);
      expect(await errors({ email: '', emailAgain: '', activation: '', activationAgain: '' })).to.deep.equal([
        'email form.required',
        'email_again form.required',
        'activation_password form.required',
        'activation_password_again form.required',
      ]);
    });
  });

  describe('the two proofs', () => {
    let code: string;
    beforeEach(async () => {
      code = await prepare();
      await enter();
    });
    const error = async (emailCode: string, confirmation = rightPassword) => {
      const answer = await confirm(emailCode, attempt, confirmation);
      return 'errors' in answer ? { word: answer.word, keys: answer.errors.map(({ key }) => key) } : null;
    };

    it('are judged by their form first, uncounted', async () => {
      expect(await error('', '')).to.deep.equal({ word: 'form', keys: ['form.required', 'form.required'] });
      expect(await error('123456', rightPassword)).to.deep.equal({ word: 'form', keys: ['otp.emailcode'] });
      expect(await error('123', wrongPassword), 'no password is compared').to.deep.equal({
        word: 'form',
        keys: ['otp.emailcode'],
      });
      expect((await scene.look(person)).confirmation?.misses).to.equal(0);
    });

    it('ask the password first: a miss there uses up no code, and the code’s tries are its own', async () => {
      for (let n = 0; n < 4; n += 1)
        expect(await error(wrongOf(code), wrongPassword)).to.deep.equal({
          word: 'credentials',
          keys: ['confirm.wrong'],
        });
      expect(await error(wrongOf(code))).to.deep.equal({ word: 'credentials', keys: ['emailcode.wrong'] });
      expect(await confirm(code)).to.deep.equal({ advanced: true });
      expect(await scene.events(person)).to.deep.equal([...Array(4).fill('confirmation.missed'), 'token.issued']);
    });

    it('lock the confirmation password with the fifth miss, and make nothing then', async () => {
      for (let n = 0; n < 4; n += 1) await error(code, wrongPassword);
      expect(await error(code, wrongPassword)).to.deep.equal({ word: 'credentials', keys: ['confirm.locked'] });
      expect(await error(code), 'not even with the right one').to.deep.equal({
        word: 'credentials',
        keys: ['confirm.locked'],
      });
      expect(await openIssue()).to.equal(null);
    });

    it('void a code with its fifth miss, and sending again gives neither it nor the limits back', async () => {
      for (let n = 0; n < 4; n += 1) expect((await error(wrongOf(code)))?.keys).to.deep.equal(['emailcode.wrong']);
      expect((await error(wrongOf(code)))?.keys).to.deep.equal(['emailcode.void']);
      expect((await error(code))?.keys).to.deep.equal(['emailcode.void']);
      const resend = async () => resendCode(tools(), act(), await front());
      expect(await resend(), 'within the pause').to.deep.include({ word: 'form' });
      for (let n = 0; n < 4; n += 1) {
        scene.now += minute;
        expect(await resend()).to.deep.equal({ advanced: true });
      }
      scene.now += minute;
      expect(await resend(), 'the sixth of the hour').to.deep.include({ word: 'form' });
      expect(await codes()).to.have.length(5);
      expect((await error(code))?.keys, 'the first one').to.deep.equal(['emailcode.wrong']);
      expect(await confirm(await lastCode())).to.deep.equal({ advanced: true });
    });

    it('take no code after its time, of another purpose, or for an address that was changed since', async () => {
      scene.now += 10 * minute;
      expect((await error(code))?.keys).to.deep.equal(['emailcode.expired']);
      await resendCode(tools(), act(), await front());
      const fresh = await lastCode();
      const { account } = await scene.look(person);
      scene.now += minute;
      await sendTokenCode(tools(), act(), account, 'revoke', 'direct', false);
      expect((await error(await lastCode()))?.keys, 'of a revocation').to.deep.equal(['emailcode.wrong']);
      await scene.at.store.account.change(person.id, { email: `${newId()}@example.jp` });
      expect((await error(fresh))?.keys, 'for the former address').to.deep.equal(['emailcode.expired']);
      await scene.at.store.account.change(person.id, { emailChangedAt: scene.now });
      expect(await resendCode(tools(), act(), await front())).to.deep.equal({ advanced: true });
      expect(await page(), 'which says from when').to.equal('send-email-code');
      expect(await openIssue()).to.equal(null);
    });

    it('make nothing where a page was skipped', async () => {
      const fresh = await begin();
      expect(await confirm(code, fresh)).to.deep.equal({ advanced: true });
      expect(await enter(fresh), 'no code was sent here').to.deep.equal({ advanced: true });
      expect((await recordOf(fresh)).issue).to.equal(null);
      expect(await openIssue()).to.equal(null);
    });

    it('make nothing for an attempt that is void meanwhile, and leave the code good', async () => {
      await scene.at.store.account.raiseEpoch(person.id, null);
      expect(await confirm(code)).to.deep.equal({ advanced: true });
      expect(await openIssue()).to.equal(null);
      const fresh = await begin();
      await choose('app', fresh);
      await requestCode(tools(), act(), await front(fresh));
      await enter(fresh);
      expect(await confirm(code, fresh)).to.deep.equal({ advanced: true });
      expect(await openIssue()).not.to.equal(null);
    });

    it('make nothing where a wait, the guard, a stop or another token came between', async () => {
      const cases: readonly Partial<AccountRow>[] = [
        { waitsUntil: scene.now + minute },
        { emailByOtherAt: scene.now, passwordByOtherAt: scene.now },
        { emailChangedAt: scene.now },
        { emailProvenAt: null },
        { otpStoppedAt: scene.now },
        { stoppedAt: scene.now },
      ];
      const { waitsUntil, emailByOtherAt, passwordByOtherAt, emailChangedAt, emailProvenAt, otpStoppedAt, stoppedAt } =
        (await scene.look(person)).account;
      const before = {
        waitsUntil,
        emailByOtherAt,
        passwordByOtherAt,
        emailChangedAt,
        emailProvenAt,
        otpStoppedAt,
        stoppedAt,
      };
      const { issue: entered } = await recordOf();
      const anew = () => tools().attempts.change(attempt, (record) => ({ ...record, issue: entered }));
      for (const patch of cases) {
        await scene.at.store.account.change(person.id, { ...before, ...patch });
        await confirm(code);
        expect(await openIssue(), JSON.stringify(patch)).to.equal(null);
        expect(await page(), 'the first page says why').to.equal('send-email-code');
        await anew();
      }
      await scene.at.store.account.change(person.id, before);
      const held = await scene.token(company, [person]);
      await confirm(code);
      expect(await openIssue(), 'a token is in use').to.equal(null);
      await anew();
      await scene.at.store.token.retire(held.row.id, scene.now);
      expect(await confirm(code)).to.deep.equal({ advanced: true });
      expect(await openIssue()).not.to.equal(null);
    });

    it('pressed many times at once make one issue, one mail, one record', async () => {
      const asked = await front();
      // Four: a fifth password that waits beside them is told that others are being checked (`form.busy`).
      const answers = await atOnce(4, () =>
        confirmIssue(tools(), act(), asked, { confirmation: rightPassword, emailCode: code }),
      );
      expect(answers.every(({ advanced }) => advanced)).to.equal(true);
      const issues = await run(scene.at, `select id from token_issue where account_id = '${person.id}'`);
      expect(issues).to.have.length(1);
      expect(await scene.mails({ ...person, email: phone })).to.have.length(1);
      expect((await scene.events(person)).filter((event) => event === 'token.issued')).to.have.length(1);
    });

    it('are used up by the issue: the same code makes no second one', async () => {
      await confirm(code);
      const first = await openIssue();
      await restartIssue(tools(), act(), await front());
      const progress = { ...noProgress, kind: 'app' as const, codeSent: true };
      await tools().attempts.change(attempt, (record) => ({ ...record, issue: progress }));
      await enter();
      expect((await error(code))?.keys).to.deep.equal(['emailcode.expired']);
      expect(await openIssue()).to.equal(null);
      expect(await scene.at.store.tokenIssue.find(first?.id ?? '')).to.include({ endedWhy: 'cancelled' });
    });
  });

  describe('two attempts', () => {
    it('replace each other’s issue: the earlier one is ended with its token, and its pages act no more', async () => {
      const other = await begin();
      const first = await prepare();
      await enter();
      await prepare('app', other);
      await enter(other);
      expect(await confirm(first)).to.deep.equal({ advanced: true });
      const earlier = await openIssue();
      const oldCode = await shown();
      const stale = await front();
      // The other one was past its own checks when the first committed.
      await restartIssue(tools(), act(), await front());
      scene.now += minute;
      const again = await prepare('app', attempt);
      await enter();
      await confirm(again);
      expect(await scene.at.store.tokenIssue.find(earlier?.id ?? '')).to.include({ endedWhy: 'cancelled' });
      expect((await scene.at.store.token.lock(earlier?.tokenId ?? ''))?.retiredAt).not.to.equal(null);
      expect(await activateToken(tools(), act(), stale, oldCode), 'a page of the former issue').to.deep.equal({
        verdict: 'look-again',
      });
      expect((await scene.look(person)).account.otpMisses).to.equal(0);
      expect((await openIssue())?.id).not.to.equal(earlier?.id);
    });
  });

  describe('the first code', () => {
    beforeEach(() => issue());

    it('is wrong four times with what is left, on the one counter, and the fifth stops it', async () => {
      const wrong = await wrongShown();
      for (const n of [4, 3, 2, 1])
        expect(await activate(wrong)).to.deep.equal({
          verdict: 'refused',
          answer: {
            advanced: false,
            word: 'otp-wrong',
            errors: [{ field: 'otp', key: 'otp.wrong', values: { n } }],
          },
        });
      expect(await activate('12345678')).to.deep.nested.include({ 'answer.errors[0].key': 'otp.emailcode' });
      expect(await activate(wrong)).to.deep.equal({ verdict: 'look-again' });
      const { account } = await scene.look(person);
      expect(account).to.include({ otpStoppedAt: scene.now, otpMisses: 5, securityEpoch: 2 });
      const stopped = (await scene.mails(person)).find(({ mail }) => mail === 'otp-stopped');
      expect(stopped?.facts['kind'], 'of what was on its way').to.equal('software');
      expect(await activate(await shown()), 'not even with the right one').to.deep.equal({ verdict: 'look-again' });
    });

    it('comes too late after the time of the issue, which is ended then', async () => {
      scene.now += 72 * hour;
      const open = await openIssue();
      expect(await activate(await shown())).to.deep.equal({ verdict: 'look-again' });
      expect(await scene.at.store.tokenIssue.find(open?.id ?? '')).to.include({ endedWhy: 'lapsed' });
      expect((await scene.at.store.token.lock(open?.tokenId ?? ''))?.retiredAt).to.equal(scene.now);
      expect(await issueEndedBy(tools(), act(), await front())).to.equal('lapsed');
      expect(await page(), 'begun anew').to.equal('choose-token-kind');
      expect((await scene.events(person)).at(-1)).to.equal('token.issue-ended');
    });

    it('is asked no more for an issue that lapsed or was voided: one begins anew, and is told why', async () => {
      const open = await openIssue();
      scene.now += 73 * hour;
      await atOnce(3, async () => endLapsed(tools(), act(), await front()));
      expect((await scene.events(person)).filter((event) => event === 'token.issue-ended')).to.have.length(1);
      expect(await openIssue()).to.equal(null);
      await issue();
      const second = await openIssue();
      await scene.at.store.tokenIssue.end(second?.id ?? '', scene.now, 'void');
      expect(second?.id).not.to.equal(open?.id);
      expect(await issueEndedBy(tools(), act(), await front())).to.equal('void');
      expect(await page()).to.equal('choose-token-kind');
    });

    it('makes one holder of many at once', async () => {
      const code = await shown();
      const asked = await front();
      const answers = await atOnce(5, () => activateToken(tools(), act(), asked, code));
      expect(answers.filter(({ verdict }) => verdict === 'activated')).to.have.length(1);
      const holders = await run(scene.at, `select id from token_holder where account_id = '${person.id}'`);
      expect(holders).to.have.length(1);
    });

    it('sends the mail again under the limits of all mails, and never to another address', async () => {
      const again = async () => resendIssueMail(tools(), act(), await front());
      expect(await again(), 'right after the first').to.deep.include({ word: 'form' });
      scene.now += minute;
      expect(await again()).to.deep.equal({ advanced: true });
      expect(await again()).to.deep.include({ word: 'form' });
      for (let n = 0; n < 3; n += 1) {
        scene.now += minute;
        expect(await again()).to.deep.equal({ advanced: true });
      }
      scene.now += minute;
      expect(await again(), 'more than five of one hour, the code’s mail with them').to.deep.include({ word: 'form' });
    });
  });

  describe('an authenticator', () => {
    it('shows its key once, to whoever made the issue, and its code brings it into use', async () => {
      const code = await prepare('authenticator');
      expect(await page()).to.equal('authenticator-qr');
      expect(await takeSecret(tools(), act(), await front()), 'not before the proofs').to.equal(null);
      expect(await confirm(code)).to.deep.equal({ advanced: true });
      const stranger = await begin();
      expect(await takeSecret(tools(), act(), await front(stranger)), 'in another attempt').to.equal(null);
      const asked = await front();
      const keys = await atOnce(4, () => takeSecret(tools(), act(), asked));
      const [key = ''] = keys.filter((one) => one !== null);
      expect(keys.filter((one) => one !== null)).to.have.length(1);
      expect(key).to.match(/^[A-Z2-7]{32,}$/);
      expect(await takeSecret(tools(), act(), await front()), 'a later look').to.equal(null);
      expect(JSON.stringify([await recordOf(), await scene.records(person), await openIssue()])).not.to.include(key);
      expect(await openIssue()).to.include({ userId: null, activation: null, address: null });
      expect(await activate(await shown())).to.include({ verdict: 'activated' });
    });

    it('takes no code that was sent for the app', async () => {
      const app = await prepare('app');
      await restartIssue(tools(), act(), await front());
      await prepare('authenticator');
      const answer = await confirm(app);
      expect('errors' in answer ? answer.errors[0]?.key : null).to.equal('emailcode.wrong');
    });

    it('begun anew ends the issue whose key was shown', async () => {
      await confirm(await prepare('authenticator'));
      const open = await openIssue();
      await restartIssue(tools(), act(), await front());
      expect(await openIssue()).to.equal(null);
      expect((await scene.at.store.token.lock(open?.tokenId ?? ''))?.retiredAt).to.equal(scene.now);
      expect(await page()).to.equal('choose-token-kind');
    });
  });

  describe('the e-mail code', () => {
    it('is not sent while the address is new, unproven, or guarded', async () => {
      await choose('app');
      for (const patch of [
        { emailChangedAt: scene.now - 23 * hour },
        { emailProvenAt: null },
        { emailByOtherAt: scene.now - hour, passwordByOtherAt: scene.now - 2 * hour, emailChangedAt: null },
      ]) {
        await scene.at.store.account.change(person.id, patch);
        expect(await requestCode(tools(), act(), await front())).to.deep.equal({ advanced: true });
        expect(await page(), JSON.stringify(patch)).to.equal('send-email-code');
        await scene.at.store.account.change(person.id, { emailProvenAt: scene.now - 30 * day });
      }
      expect(await codes()).to.deep.equal([]);
    });

    it('pressed twice sends one, and goes on', async () => {
      await choose('app');
      const asked = await front();
      await requestCode(tools(), act(), asked);
      expect(await requestCode(tools(), act(), asked)).to.deep.equal({ advanced: true });
      expect(await codes()).to.have.length(1);
      expect(await page()).to.equal('issue-token');
    });
  });

  describe('in a console', () => {
    let login: LoginRecord;
    const inside = async (): Promise<IssueFront> =>
      consoleFront(tools(), act(), { person: await scene.look(person), login });
    beforeEach(async () => {
      const id = await addLogin(scene.at.store, person);
      login = {
        id,
        accountId: person.id,
        companyId: company.id,
        epoch: 1,
        linkId: null,
        route: 'direct',
        passwordAt: scene.now,
        otp: null,
        deviceId: null,
        acr: 'urn:renkei:acr:password',
        amr: ['pwd'],
        authTime: scene.now,
        startedAt: scene.now,
        expiresAt: scene.now + 10 * hour,
        displayName: person.name,
        loginName: person.loginName,
      };
    });

    it('goes the same way, keeps its progress with the login, and spares that login alone', async () => {
      const other = await addLogin(scene.at.store, person);
      await chooseKind(tools(), act(), await inside(), 'app');
      await requestCode(tools(), act(), await inside());
      await enterDetails(tools(), act(), await inside(), right);
      expect(issuePage(tools(), act(), await inside())).to.equal('issue-token-check');
      const typed = { confirmation: rightPassword, emailCode: await lastCode() };
      expect(await confirmIssue(tools(), act(), await inside(), typed)).to.deep.equal({ advanced: true });
      expect(issuePage(tools(), act(), await inside())).to.equal('issue-token-done');
      const activated = await activateToken(tools(), act(), await inside(), await shown());
      expect(activated).to.include({ verdict: 'activated' });
      expect((await scene.look(person)).account).to.include({ epochSpares: login.id });
      expect((await scene.at.store.login.find(login.id))?.endedAt).to.equal(null);
      expect((await scene.at.store.login.find(other))?.endedAt).to.equal(scene.now);
    });

    it('and a sign-in meet at one issue: the second one’s page is that of the first', async () => {
      await issue();
      expect(issuePage(tools(), act(), await inside())).to.equal('activate-token');
      expect(await activateToken(tools(), act(), await inside(), await shown())).to.include({ verdict: 'activated' });
      expect(await activate('123456')).to.deep.equal({ verdict: 'look-again' });
    });
  });

  describe('a key-fob after one’s own loss report', () => {
    let fob: Awaited<ReturnType<Scene['token']>>;
    beforeEach(async () => {
      company = await scene.company({ otpApplication: 'both' });
      person = await scene.person(company, { email: `${newId()}@example.jp`, tokenLostAt: scene.now - hour });
      attempt = await begin();
      fob = await scene.token(company, []);
    });
    const register = async (otp: string, emailCode?: string): Promise<Answer> =>
      registerToken(tools(), act(), await recordOf(), await scene.look(person), {
        serial: fob.row.serial ?? '',
        otp,
        ...(emailCode === undefined ? {} : { emailCode }),
      });

    it('wants an e-mail code, which a wrong serial or code does not use up', async () => {
      expect(await page()).to.equal('send-email-code');
      await requestCode(tools(), act(), await front());
      expect(await page()).to.equal('register-token');
      const code = await lastCode();
      expect(await register(fob.code()), 'without it').to.deep.include({ word: 'form' });
      expect(await register(fob.code(), wrongOf(code))).to.deep.include({ word: 'credentials' });
      expect((await scene.look(person)).account.otpMisses, 'the token’s code was not looked at').to.equal(0);
      expect(await register(fob.wrong(), code)).to.deep.include({ word: 'otp-wrong' });
      expect(await register(fob.code(), code)).to.deep.equal({ advanced: true });
      const { account, token } = await scene.look(person);
      expect(token?.id).to.equal(fob.row.id);
      expect(account.tokenLostAt).to.equal(null);
      expect((await scene.mails(person)).map(({ mail }) => mail)).to.have.members(['email-code', 'token-in-use']);
      expect((await tools().emailCodes.sent(person.id, 'register')) === null, 'used up').to.equal(true);
    });

    it('takes the place of an issue that was open', async () => {
      await preferSoftware(tools(), act(), await front());
      await issue();
      const open = await openIssue();
      await scene.at.store.account.change(person.id, { tokenLostAt: null });
      expect(await register(fob.code())).to.deep.equal({ advanced: true });
      expect(await openIssue()).to.equal(null);
      expect(await scene.at.store.tokenIssue.find(open?.id ?? '')).to.include({ endedWhy: 'replaced' });
    });
  });
});
