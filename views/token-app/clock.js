// Whether the telephone's clock is right, on which every code depends. It is measured and told, never corrected here: a
// correction would be wrong as soon as the person sets the clock. The demo's own clock runs ahead, and its codes with it.
import { askTime } from './service.js';

/** @import { Memory } from './memory.js' */
/** @typedef {Awaited<ReturnType<typeof startClock>>} Clock */

/** From here on codes may be refused: the service accepts the present step and the one before. */
const worrying = 20_000;

/** @param {Memory | null} memory */
export async function startClock(memory) {
  const known =
    memory && document.documentElement.dataset['environment'] === 'demo' ? await memory.setting('ahead') : 0;
  let ahead = typeof known === 'number' ? known : 0;
  let off = 0;
  let reached = navigator.onLine;
  return {
    /** What codes are computed for. */
    now: () => Date.now() + ahead,
    /** Whole seconds by which the telephone is off, when that matters; null while it does not, or is not known. */
    wrongBy: () => (Math.abs(off) > worrying ? Math.round(Math.abs(off) / 1000) : null),
    /** The service answered the last time. */
    reached: () => reached && navigator.onLine,
    async check() {
      const [before, began] = [Date.now(), performance.now()];
      const told = await askTime();
      reached = told !== null;
      if (!told) return;
      // Not by Date: somebody may be setting the clock meanwhile.
      off = before + (performance.now() - began) / 2 - told.now;
      if (told.ahead === null || told.ahead === ahead) return;
      ahead = told.ahead;
      await memory?.set('ahead', ahead).catch(() => {});
    },
  };
}
