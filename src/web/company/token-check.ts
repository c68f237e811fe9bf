// CON061: the check page of a kept choice, and its confirmation. What it acts upon is read from the choice and the store; the
// form brings the proof, and the value that remembers what the page showed.
import {
  TokenRevokeCheckPage,
  type MailedCode,
  type RevokeTarget,
} from '../../../views/company/token-revoke-check.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import { maskEmail } from '../../rules/email.ts';
import { codeAtLogin } from '../../rules/company-settings.ts';
import {
  chooseTokens,
  seenDevice,
  seenToken,
  type ChosenToken,
  type ChosenTokens,
} from '../../flows/company/list-tokens.ts';
import { proofForRevoking, revokeTokens, type RevocationResult } from '../../flows/company/revoke-tokens.ts';
import { findTokenSelection, type TokenSelection } from '../../flows/company/token-selection.ts';
import { isId } from '../../flows/company/turn-away.ts';
import { codeHeldUp, codeSent, sendTokenCode } from '../../flows/token/email-code.ts';
import { seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import { showNeedsToken } from '../self-service/needs-token.ts';
import { codeOf, proofBanners } from '../self-service/proof.ts';
import { newEdit, readEdit, type Shown } from './edit.ts';
import { laterError, nightShown, noTokens, showTokenList, tokenKey, tokenPath, waitShown } from './token-list.ts';
import { showTokenResult } from './token-result.ts';

const markOf = (id: string): string => `revoke-token ${id}`;

const isOpen = ({ verdict }: ChosenToken): boolean => verdict === 'act';

/** Of people chosen by themselves each; of a device, who shares it; and whether it is night. In the order of the choice. */
function standsNow(visit: ConsoleVisit, { people, serial }: TokenSelection, chosen: ChosenTokens): readonly Shown[] {
  const of = new Map(chosen.people.map((one) => [one.id, one]));
  return [
    ...people.map((id) => ({ id, seen: seenToken({ person: of.get(id)?.person ?? null }) })),
    ...(serial === '' ? [] : [{ id: `device ${serial}`, seen: seenDevice(chosen.device) }]),
    nightShown(visit),
  ];
}

export async function showTokenCheck(
  visit: ConsoleVisit,
  id: string,
  errors: readonly LooseError[] = [],
  status?: 409,
): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const selection = isId(id) ? await findTokenSelection(site.tools, login, id) : null;
  const failed = errors.length > 0;
  if (!selection || selection.reason === null)
    return failed ? showTokenList(visit, noTokens, errors, status) : seeOther(ctx, tokenPath);
  const chosen = await chooseTokens(site.tools, act, person, selection);
  const open = chosen.people.filter(isOpen);
  if (open.length === 0) {
    if (failed) return showTokenList(visit, { ...selection, serial: '' }, errors, status);
    return seeOther(ctx, `${tokenPath}?selection=${id}`);
  }

  const proof = proofForRevoking(site.tools, act, person);
  if (proof === 'token-needed') return showNeedsToken(visit, 'revoke-token');
  const mailed = proof === 'confirmation+email-code' ? await mailedCode(visit) : null;
  const company = person.company;
  const view = TokenRevokeCheckPage({
    frame: failed ? withReference(visit) : visit.frame,
    errors: told(visit, errors),
    banners: failed ? [] : await proofBanners(visit),
    people: open.map((one) => targetOf(visit, one, open)),
    serial: chosen.device?.serial ?? null,
    endsThis: open.some((one) => one.person?.self === true),
    left: chosen.people.length - open.length,
    reason: selection.reason,
    words: selection.words,
    blocksLogin: company.otpApplication !== 'none' && codeAtLogin(company, site.tools.policy),
    code: codeOf(visit, proof),
    mailed,
    hidden: [{ name: 'edit', value: newEdit(site, login.id, markOf(id), standsNow(visit, selection, chosen)) }],
  });
  return show(ctx, view, failed ? (status ?? 422) : 200);
}

/** Sharers who are chosen too are not told as those who go on. */
function targetOf(
  visit: ConsoleVisit,
  { id, person, logins, wait, withDevice }: ChosenToken,
  open: readonly ChosenToken[],
): RevokeTarget {
  const token = person?.token ?? null;
  const chosen = new Set(open.map((one) => one.id));
  return {
    id,
    name: person?.account.name ?? '',
    loginId: person?.account.loginName ?? '',
    states: person?.states ?? [],
    token: token && { kind: token.kind, serial: token.serial },
    wait: waitShown(visit, wait),
    devices: person?.devices ?? 0,
    logins,
    goOn: withDevice ? [] : (person?.sharers ?? []).filter((one) => !chosen.has(one.accountId)).map(({ name }) => name),
  };
}

/** The code by mail as the page tells it. */
async function mailedCode({ site, act, person }: ConsoleVisit): Promise<MailedCode> {
  const { tools } = site;
  const { account } = person;
  const held = codeHeldUp(tools, act, account, 'revoke');
  const sent = await codeSent(tools, account, 'revoke');
  const good = sent !== null && sent.until > act.now ? sent : null;
  const again = sent === null ? null : sent.sentAt + tools.policy.emailCode.resendAfter;
  return {
    heldUp: held && { until: held.until },
    sent: good && { masked: maskEmail(account.email ?? ''), sentAt: good.sentAt, until: good.until },
    resendAt: again !== null && again > act.now ? again : null,
  };
}

/** What belongs to the list's form is no part of this one: whoever sends it along has changed the page. */
const foreignFields = ['people', 'serial', 'reason', 'reason_words'] as const;

export async function confirmTokens(visit: ConsoleVisit, id: string): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const form = readForm(ctx);
  const action = form.text('action');
  if (action === 'resend') return resend(visit, id);
  if (action !== '') return seeOther(ctx, action === 'back' ? `${tokenPath}?selection=${id}` : tokenPath);
  const selection = isId(id) ? await findTokenSelection(site.tools, login, id) : null;
  const tampered = (): Promise<void> => showTokenCheck(visit, id, [{ field: null, key: 'edit.tampered' }], 409);
  if (!selection || selection.reason === null || foreignFields.some((name) => form.has(name))) return tampered();
  const chosen = await chooseTokens(site.tools, act, person, selection);
  const stands = standsNow(visit, selection, chosen);
  const ids = stands.map((one) => one.id);
  const edit = readEdit(site, login.id, markOf(id), ids, form.text('edit'), stands);
  if (!edit.ok) return tampered();

  // Pressed twice: nobody has what the first press took, and its result stands.
  const before = await site.tools.consoleActivity.finished<RevocationResult>(login.id, tokenKey(edit.key));
  if (before) return seeOther(ctx, `${tokenPath}/result/${edit.key}`);
  if (edit.stale.has('night')) return showTokenCheck(visit, id, [laterError(visit)], 409);
  const typed = {
    confirmation: form.text('confirmation_password'),
    otp: form.text('otp'),
    emailCode: form.text('email_code'),
  };
  const device = `device ${selection.serial}`;
  const stale = new Set([...edit.stale, ...(edit.stale.has(device) && chosen.device ? [chosen.device.id] : [])]);
  const { reason: why, words } = selection;
  const acted = await revokeTokens(
    site.tools,
    act,
    visit,
    { key: tokenKey(edit.key), chosen, stale, why, words },
    typed,
  );
  switch (acted.verdict) {
    case 'stale':
      return showTokenCheck(visit, id, [{ field: null, key: 'edit.stale' }], 409);
    case 'busy':
      return showTokenCheck(visit, id, [{ field: null, key: 'form.busy' }]);
    case 'refused':
      return acted.refused.verdict === 'look-again'
        ? seeOther(ctx, ctx.path)
        : showTokenCheck(visit, id, acted.refused.errors);
    case 'finished':
      return acted.result.endedItself
        ? showTokenResult(visit, acted.result)
        : seeOther(ctx, `${tokenPath}/result/${edit.key}`);
  }
}

/** 「メールを再送する」: only where a code by mail is what the page asks. */
async function resend(visit: ConsoleVisit, id: string): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  if (proofForRevoking(site.tools, act, person) !== 'confirmation+email-code') return seeOther(ctx, ctx.path);
  const sent = await sendTokenCode(site.tools, act, person.account, 'revoke', login.route, true);
  return sent.verdict === 'refused' ? showTokenCheck(visit, id, [sent.error]) : seeOther(ctx, ctx.path);
}
