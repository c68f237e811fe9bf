// reset-requests: masters who forgot their password wait for an operator – list, approve with a letter, refuse with a reason.
// The new password is in the letter alone: neither in the answer's text nor in its JSON, nor in any log or record.
import type { AuditActor } from '../rules/audit-event.ts';
import { japanIso } from '../rules/japan-time.ts';
import {
  approveReset,
  openRequests,
  refuseReset,
  renewLetter,
  type ResetLetter,
  type Undecided,
} from '../flows/reset/decide.ts';
import type { Act, Tools } from '../flows/tools.ts';

export interface ResetAnswer {
  readonly ok: boolean;
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** For the one who posts it; the caller shows it once and keeps it nowhere. */
  readonly letter?: ResetLetter;
}

const actor: AuditActor = { kind: 'operator', id: 'command-line' };

const usage =
  'Use: reset-requests list, reset-requests approve NUMBER --letter FILE, reset-requests renew NUMBER --letter FILE, or reset-requests refuse NUMBER WHY.';

/** @param args what to do, the number, and for a refusal why */
export async function resetRequests(
  tools: Tools,
  act: Act,
  [what = 'list', number = '', why = '']: readonly string[],
): Promise<ResetAnswer> {
  if (what === 'list') return list(tools, act);
  if (what === 'approve' || what === 'renew') {
    const letter = await (what === 'approve' ? approveReset : renewLetter)(tools, act, { number, actor });
    if (typeof letter === 'string') return undecided(number, letter);
    return {
      ok: true,
      json: {
        ok: true,
        number: letter.number,
        decision: what === 'approve' ? 'approved' : 'renewed',
        login_id: letter.loginId,
        valid_until: japanIso(letter.until),
        reference: act.reference,
      },
      text: `${what === 'approve' ? 'Approved' : 'A new letter for'} ${letter.number} of ${letter.loginId}. Post the letter: its password is shown once, and valid until ${japanIso(letter.until)}.`,
      letter,
    };
  }
  if (what === 'refuse') {
    if (why.trim() === '' || why.length > 200) {
      return {
        ok: false,
        json: { ok: false, error: 'why_missing' },
        text: 'Say why in at most 200 characters: the person is told so by mail.',
      };
    }
    const refused = await refuseReset(tools, act, { number, why: why.trim(), actor });
    if (refused !== 'refused') return undecided(number, refused);
    return {
      ok: true,
      json: { ok: true, number, decision: 'refused', why: why.trim(), reference: act.reference },
      text: `Sent ${number} back.`,
    };
  }
  return { ok: false, json: { ok: false, error: 'unknown_command' }, text: usage };
}

async function list(tools: Tools, act: Act): Promise<ResetAnswer> {
  const requests = await openRequests(tools, act);
  return {
    ok: true,
    json: {
      ok: true,
      requests: requests.map((one) => ({
        number: one.number,
        asked_at: japanIso(one.askedAt),
        company: one.company,
        contract_number: one.contractNumber,
        name: one.name,
        login_id: one.loginId,
        states: one.states,
        other_releasers: one.otherReleasers,
      })),
    },
    text:
      requests.length === 0
        ? 'No request waits.'
        : requests
            .map(
              (one) =>
                `${one.number}  ${japanIso(one.askedAt)}  ${one.contractNumber} ${one.company}  ${one.loginId} ${one.name}  ${one.states.join(' ')}  ${one.otherReleasers} others can release`,
            )
            .join('\n'),
  };
}

function undecided(number: string, why: Undecided): ResetAnswer {
  return {
    ok: false,
    json: { ok: false, error: why === 'unknown' ? 'unknown_number' : 'already_decided', number },
    text: why === 'unknown' ? `There is no request ${number}.` : `Request ${number} was decided before.`,
  };
}
