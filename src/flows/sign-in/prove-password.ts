// LGN002 and LNK001: login ID and login password, with one answer for every cause of a miss (spec §2, screens.md group A).
// What can't be right by its form is told at its field and never counted.
import { readLoginId } from '../../rules/login-id.ts';
import { judgeTypedPassword } from '../../rules/password.ts';
import { sameWay } from '../../rules/same-try.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { AccountRow } from '../../store/account.ts';
import { guess } from '../guess.ts';
import { guesserOf, rememberBrowser } from '../guesser.ts';
import { writeRecord } from '../record.ts';
import { noteMiss } from '../spray.ts';
import type { Act, Tools } from '../tools.ts';
import { advanced, refused, type Answer, type FormError } from './answer.ts';
import { prove } from './prove.ts';
import { ofOneCompany } from './upstream-trouble.ts';

const day = 86_400_000;

export async function provePassword(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  form: { readonly loginId: string; readonly password: string },
): Promise<Answer> {
  const loginId = readLoginId(form.loginId);
  const passwordError = judgeTypedPassword(form.password);
  const errors: FormError[] = [];
  if (!loginId.ok) errors.push({ field: 'login_id', key: loginId.error });
  if (passwordError) errors.push({ field: 'password', key: passwordError });
  if (!loginId.ok || errors.length > 0) return refused('form', ...errors);

  const blocked = await tools.sources.blockedUntil(act.source, act.now);
  if (blocked !== null) return { advanced: false, word: 'too-many', until: blocked, about: 'source' };
  const { upstream } = record;
  if (
    upstream &&
    !(await tools.store.link.takeTry(
      upstream.issuer,
      upstream.subject,
      act.now,
      day,
      tools.policy.firstLink.triesPerDay,
    ))
  ) {
    const { until } = await tools.store.link.tries(upstream.issuer, upstream.subject, act.now);
    return { advanced: false, word: 'too-many', until, about: 'first-link' };
  }

  const found = await guesserOf(tools, act, loginId.key, upstream);
  const who = found?.who ?? null;
  const guessed = await guess(tools, act, found?.id ?? null, 'login', form.password, who).catch(
    async (error: unknown) => {
      // Too much was asked at once, or a store is away: what was not answered is no try of the day.
      if (upstream) await tools.store.link.returnTry(upstream.issuer, upstream.subject);
      throw error;
    },
  );
  if (guessed.verdict !== 'right' || !found) {
    await Promise.all([
      tools.sources.failed(act.source, loginId.key, tools.policy.source, act.now),
      noteMiss(tools, act, who === null ? found : null),
    ]);
    await tools.store.transaction((tables) =>
      writeRecord(tables, act, {
        event: 'password.missed',
        companyId: found?.companyId ?? null,
        accountId: found?.id ?? null,
        actor: { kind: 'stranger', id: null },
        data: {
          attempt: record.id,
          route: record.route,
          compared: guessed.verdict === 'wrong',
          known: who === null ? null : who.startsWith('link:') ? 'link' : 'browser',
        },
      }),
    );
    return refused('credentials', { field: null, key: 'login.mismatch' });
  }
  await rememberBrowser(tools, act, found);
  const { account } = guessed;
  if (upstream) {
    await tools.store.link.returnTry(upstream.issuer, upstream.subject);
    const person = await tools.store.account.person(account.id);
    if (person) await ofOneCompany(tools, act, record.id, upstream, person);
  }
  const resumes = resumesSetup(account);
  const proven = (newest: SignInRecord): Partial<SignInRecord> => ({
    // A proof of somebody else from an earlier screen of this attempt counts for nothing.
    ...(newest.account?.id === account.id ? {} : nothingProven),
    account: { id: account.id, epoch: guessed.epoch },
    passwordAt: act.now,
    banners: resumes ? [{ key: 'setup.resumed', values: {} }] : [],
  });
  await prove(tools, act, record, upstream ? '5' : '6', proven, sameWay);
  return advanced;
}

/** A first-time setup that was begun in another attempt and left. */
function resumesSetup(account: AccountRow): boolean {
  return account.setUpAt === null && (account.loginNameChosen || account.loginNameReserved !== null);
}

const nothingProven = {
  otp: null,
  device: null,
  remember: false,
  registrationSkipped: false,
  issue: null,
  approved: null,
  emailPending: null,
  passwordResult: null,
  consented: false,
} as const satisfies Partial<SignInRecord>;
