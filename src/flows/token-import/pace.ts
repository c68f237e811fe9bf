// How much of a long import is done at once. A database server has a connection for everybody; the embedded one has a single one,
// and computes in this very process: there a page must find its turn between two small steps.
import type { Tools } from '../tools.ts';

export interface Pace {
  /** Lines that are staged in one transaction. */
  readonly batch: number;
  /** Rows that one statement forgets. */
  readonly drop: number;
  /** Lets others in, between two transactions. */
  readonly giveWay: () => Promise<void>;
}

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

const served: Pace = { batch: 1_000, drop: 5_000, giveWay: () => Promise.resolve() };

/** A page asks one thing after the other: it is through with some of them in a pause of this many milliseconds. */
const embedded: Pace = { batch: 400, drop: 1_000, giveWay: () => wait(2) };

export const paceOf = ({ store }: Pick<Tools, 'store'>): Pace => (store.oneConnection ? embedded : served);

/** What was asked of this process meanwhile is begun, though no connection may be free for it. */
export const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
