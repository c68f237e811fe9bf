// 時計のずれの検知: the present lies before a code that was accepted already, so some clock was set back. The desk is told once
// in a while; nobody is stopped by it, and no older step is accepted (spec §5).
import { oweMail } from './mail.ts';
import { writeRecord } from './record.ts';
import type { Act, Tools } from './tools.ts';

/** How long one alarm stands, in milliseconds: those who can set a clock right need to be told once. */
const quiet = 6 * 60 * 60_000;

/** @param seen by which token; how many of its steps, and the same in milliseconds */
export async function raiseClockAlarm(
  tools: Tools,
  act: Act,
  seen: { readonly token: string; readonly steps: number; readonly behind: number },
): Promise<void> {
  const raised = await tools.store.transaction(async (tables) => {
    if (await tables.alarm.standingClock(act.now)) return false;
    // Of several that notice at once, one raises it.
    await tables.deployment.lock();
    if (await tables.alarm.standingClock(act.now)) return false;
    const until = act.now + quiet;
    const behind = Math.ceil(seen.behind / 60_000);
    const data = { token: seen.token, steps: seen.steps, minutes: behind };
    await tables.alarm.add({
      id: tools.secrets.id(),
      companyId: null,
      kind: 'clock',
      since: act.now,
      toldAt: act.now,
      until,
      data,
    });
    if (tools.deskMail !== null) {
      const desk = { id: '', companyId: '', name: '', email: null, emailProvenAt: null, language: null };
      await oweMail(tools, tables, act, desk, 'clock', { behind }, 'system', tools.deskMail);
    }
    await writeRecord(tables, act, {
      event: 'alarm.clock',
      companyId: null,
      accountId: null,
      actor: { kind: 'system', id: null },
      data: { ...data, until },
    });
    return true;
  });
  if (raised) tools.notice('alarm.clock', { token: seen.token, minutes: Math.ceil(seen.behind / 60_000) });
}
