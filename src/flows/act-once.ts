// One act per check page: of two requests that confirm the same page (a double press, a reload) one acts, and both get its
// result. What was refused may be tried again.
import type { LoginRecord } from '../rules/login.ts';
import type { Finished, FinishedAct } from '../store/console-activity.ts';
import type { Act, Tools } from './tools.ts';

export type { FinishedAct, FinishedPerson } from '../store/console-activity.ts';

export type Worked<Refused, Result extends Finished = FinishedAct> =
  | { readonly verdict: 'finished'; readonly result: Result }
  | { readonly verdict: 'refused'; readonly refused: Refused };

/** How long a turn holds when its process died, and how long the other request waits for it; in milliseconds. */
const turn = 30_000;
const patience = 3_000;
const pause = 50;

/**
 * `busy`: another request is still at it; nothing was compared or counted.
 * @param login whose act it is: a person's login, or an operator's session
 */
export async function actOnce<Refused, Result extends Finished = FinishedAct>(
  tools: Tools,
  act: Act,
  login: Pick<LoginRecord, 'id' | 'expiresAt'>,
  key: string,
  work: () => Promise<Worked<Refused, Result>>,
): Promise<Worked<Refused, Result> | { readonly verdict: 'busy' }> {
  const { consoleActivity } = tools;
  for (let waited = 0; waited < patience; waited += pause) {
    const taken = await consoleActivity.begin(login.id, key, act.now + turn);
    const before = await consoleActivity.finished<Result>(login.id, key);
    if (before) {
      if (taken) await consoleActivity.abandon(login.id, key);
      return { verdict: 'finished', result: before };
    }
    if (taken) return mine();
    await new Promise((resolve) => {
      setTimeout(resolve, pause);
    });
  }
  return { verdict: 'busy' };

  async function mine(): Promise<Worked<Refused, Result>> {
    try {
      const worked = await work();
      if (worked.verdict === 'finished') await consoleActivity.finish(login.id, key, worked.result, login.expiresAt);
      return worked;
    } finally {
      await consoleActivity.abandon(login.id, key);
    }
  }
}
