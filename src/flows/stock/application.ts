// お申込と登録期限: what kinds of tokens a company applied for, and the limit that a supervisor sets once more (spec §5). The
// company's row is locked first; what the page showed of it must still stand.
import { graceEndsAt } from '../../rules/grace.ts';
import { judgePermission, type Act as ActName } from '../../rules/permission.ts';
import {
  appliedFor,
  appliesAgain,
  givingUp,
  limitWhyNot,
  type Application,
  type LimitWhy,
  type OtpApplication,
} from '../../rules/otp-application.ts';
import type { Instant } from '../../rules/sign-in-record.ts';
import type { CompanyRow } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { writeRecord } from '../record.ts';
import { warnAtShipping } from '../token-warnings.ts';
import type { Act, Tools } from '../tools.ts';
import type { Mover } from './mover.ts';

export type { CompanyRow } from '../../store/account.ts';

export interface ApplicationChange {
  readonly companyId: string;
  /** Null: the kind stays. */
  readonly to: OtpApplication | null;
  /** The new limit, the end of a day in Japan; null: it stays. */
  readonly limit: Instant | null;
  /** 理由; a new limit needs one. */
  readonly words: string;
  /** What the page showed. */
  readonly seen: string;
}

export type ApplicationChanged =
  | { readonly verdict: 'changed'; readonly company: CompanyRow; readonly mails: number }
  /** `no-reason`: a new application after one that was given up is recorded with why. */
  | { readonly verdict: 'refused'; readonly why: LimitWhy | 'no-reason' }
  /** Nothing would be another than it is. */
  | { readonly verdict: 'same' }
  | { readonly verdict: 'stale' }
  | { readonly verdict: 'not-allowed' };

/** What of a company a change of its application rests on, in words that change when it does. */
export const seenApplication = (company: Application & Pick<CompanyRow, 'suspendedAt'>): string =>
  JSON.stringify([
    company.otpApplication,
    company.otpAppliedAt,
    company.tokenArrivedAt,
    company.graceExtendedTo,
    company.graceExtendedAt,
    company.suspendedAt !== null,
  ]);

/** Changes kind, limit or both: together, or not at all. */
export async function changeApplication(
  tools: Tools,
  act: Act,
  mover: Mover,
  asked: ApplicationChange,
): Promise<ApplicationChanged> {
  return tools.store.transaction(async (tables): Promise<ApplicationChanged> => {
    const company = await tables.company.lock(asked.companyId);
    const may = (what: ActName): boolean => allowed(tools, mover, what, company.id);
    const kind = asked.to !== null && asked.to !== company.otpApplication;
    if (kind && !may('change-otp-application')) return { verdict: 'not-allowed' };
    if (asked.limit !== null && !may('extend-grace')) return { verdict: 'not-allowed' };
    if (mover.still !== undefined && !(await mover.still(tables))) return { verdict: 'not-allowed' };
    if (seenApplication(company) !== asked.seen) return { verdict: 'stale' };
    if (!kind && asked.limit === null) return { verdict: 'same' };

    const { grace } = tools.policy;
    const to = asked.to ?? company.otpApplication;
    const before = await tables.company.givenUp(company.id);
    const again = appliesAgain(company, to, before, grace, act.now);
    if (again === 'new' && asked.words === '') return { verdict: 'refused', why: 'no-reason' };
    const applied = appliedFor(company, to, before, grace, act.now);
    const why = asked.limit === null ? null : limitWhyNot(applied, asked.limit, grace, act.now);
    if (why !== null) return { verdict: 'refused', why };
    const after: Application =
      asked.limit === null
        ? applied
        : {
            ...applied,
            graceExtendedTo: asked.limit,
            graceExtendedAt: act.now,
            graceExtendedBy: mover.audit.id ?? mover.audit.kind,
          };
    await tables.company.apply(company.id, after);
    const gone = givingUp(company, to, act.now);
    if (gone !== null || again !== 'no') await tables.company.giveUp(company.id, gone);
    const mails = asked.limit === null ? 0 : await warnAtShipping(tools, tables, act, company.id);
    await write(tools, tables, act, mover, company, { ...asked, kind, applied });
    return { verdict: 'changed', company: { ...company, ...after }, mails };
  });
}

const allowed = (tools: Tools, mover: Mover, what: ActName, companyId: string): boolean =>
  judgePermission(mover.actor, what, { companyId, accountId: null, role: null }, tools.policy) === null;

async function write(
  tools: Tools,
  tables: Tables,
  act: Act,
  mover: Mover,
  before: CompanyRow,
  done: ApplicationChange & { readonly kind: boolean; readonly applied: Application },
): Promise<void> {
  const shared = { companyId: before.id, accountId: null, actor: mover.audit } as const;
  const { words } = done;
  if (done.kind) {
    const { otpApplication: to, otpAppliedAt: since } = done.applied;
    const data = { from: before.otpApplication, to, since, words };
    await writeRecord(tables, act, { ...shared, event: 'company.otp-applied', data });
  }
  if (done.limit !== null) {
    const data = { from: graceEndsAt(done.applied, tools.policy.grace), to: done.limit, words };
    await writeRecord(tables, act, { ...shared, event: 'company.grace-extended', data });
  }
}
