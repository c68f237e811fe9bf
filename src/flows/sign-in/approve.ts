// APR001: what a portal asked is approved with a code that was used for nothing else, or declined. The code's step, the record
// of what was shown, and its number, which is the receipt's, commit together (spec §3 row 16b, §5, §11.2).
import type { Approval, Approved } from '../../rules/approval.ts';
import type { AuditEvent, AuditRecord } from '../../rules/audit-event.ts';
import { readOtp } from '../../rules/otp-token.ts';
import type { OtpProof, SignInRecord } from '../../rules/sign-in-record.ts';
import type { Person } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { checkOtp } from '../otp.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { advanced, refused, type Answer } from './answer.ts';
import { prove } from './prove.ts';

export interface ApproveForm {
  readonly otp: string;
  /** The page that was answered showed what this attempt asks. */
  readonly shown: boolean;
}

/** How many of a person's newest records are searched for the same approval, written by another press a moment ago. */
const searched = 50;

export async function approve(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  person: Person,
  form: ApproveForm,
): Promise<Answer> {
  const { approval } = record.request;
  if (approval === null) return advanced;
  if (!form.shown) {
    // What was shown is not what would be approved: from now on nothing of it can be, and the table says so.
    await giveUp(tools, act, record);
    return advanced;
  }
  const { policy } = tools;
  const read = readOtp(form.otp, policy.otp.digits, policy.emailCode.digits);
  if (!read.ok) return refused('form', { field: 'otp', key: read.error });

  let reference = act.reference;
  let declined = false;
  const judged = await checkOtp(
    tools,
    act,
    person.account.id,
    read.code,
    null,
    record.route,
    async (tables, { tokenId, step, shared }) => {
      const last = await lastOf(tables, record, person);
      declined = last?.event === 'operation.declined';
      if (declined) return;
      if (last?.data['digest'] === approval.digest) ({ reference } = last);
      else await recordOperation(tables, act, record, person, 'operation.approved', { token: tokenId, step, shared });
    },
  );
  // In another tab, while the code was typed here: a no stays one.
  if (declined) {
    await giveUp(tools, act, record);
    return advanced;
  }
  if (judged.verdict === 'accepted') {
    const otp: OtpProof = { ...judged.proof, by: 'code' };
    const approved: Approved = { at: act.now, accountId: person.account.id, digest: approval.digest, reference };
    // The first approval counts: another press of the button may have been faster. No box was shown here, and an earlier tick
    // on the way goes with the code it stood beside.
    await prove(tools, act, record, '16b', (newest) => ({
      approved: newest.approved ?? approved,
      otp,
      remember: false,
    }));
    return advanced;
  }
  if (judged.verdict === 'gone' || judged.verdict === 'stop') return advanced;
  if (judged.verdict === 'used') return refused('otp-used', { field: 'otp', key: 'otp.used' });
  return refused('otp-wrong', {
    field: 'otp',
    key: 'otp.wrong',
    values: { n: judged.remaining, misses: judged.misses },
  });
}

/** From now on this attempt approves nothing, and the table says so. */
async function giveUp(tools: Tools, act: Act, record: SignInRecord): Promise<void> {
  const until = act.now;
  await prove(tools, act, record, '16b', ({ request }) => ({
    request: { ...request, approval: request.approval && { ...request.approval, until } },
  }));
}

/**
 * 「承認しない」, or leaving from there, written down once; the attempt is over with it, so that nobody goes back to it.
 * @returns false when it was approved a moment ago, in another tab: then the attempt goes on
 */
export async function declineApproval(tools: Tools, act: Act, record: SignInRecord, person: Person): Promise<boolean> {
  const declined = await tools.store.transaction(async (tables) => {
    await tables.account.lock(person.account.id);
    const last = await lastOf(tables, record, person);
    if (!last) await recordOperation(tables, act, record, person, 'operation.declined', {});
    return last?.event !== 'operation.approved';
  });
  if (declined) await tools.attempts.change(record.id, (newest) => ({ ...newest, expiresAt: act.now }));
  return declined;
}

async function recordOperation(
  tables: Tables,
  act: Act,
  record: SignInRecord,
  { account }: Person,
  event: Extract<AuditEvent, `operation.${string}`>,
  proof: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { id: attempt, request, route, inherited, live } = record;
  await writeRecord(tables, act, {
    event,
    companyId: account.companyId,
    accountId: account.id,
    actor: { kind: 'account', id: account.id },
    data: {
      attempt,
      login: inherited ? (live?.loginId ?? null) : null,
      portal: request.clientId,
      portalName: request.portalName,
      route,
      ...contentOf(request.approval),
      ...proof,
    },
  });
}

const contentOf = (approval: Approval | null): Readonly<Record<string, unknown>> =>
  approval ? { items: approval.items, digest: approval.digest, until: approval.until } : {};

/** What became of this attempt's operation last; the caller has locked the account. */
async function lastOf(tables: Tables, { id }: SignInRecord, { account }: Person): Promise<AuditRecord | undefined> {
  const bodies = await tables.audit.list({ chain: account.companyId, accountId: account.id }, searched);
  return bodies
    .map((body): AuditRecord => JSON.parse(body))
    .find(({ event, data }) => event.startsWith('operation.') && data['attempt'] === id);
}
