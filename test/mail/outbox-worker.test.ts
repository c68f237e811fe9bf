// The worker's promises, against an outbox in memory: nothing lost, nothing twice, nothing hurried.
import { expect } from 'chai';
import { nextTry, startOutboxWorker, type Outbox, type Owed } from '../../src/mail/outbox-worker.ts';

interface Row {
  readonly id: string;
  due: number;
  tries: number;
  sentAt: number | null;
  why: string | null;
}

/** The outbox table's promises in memory: a claimed row is not due again before its lease ends. */
function rows(...ids: readonly string[]) {
  const all: Row[] = ids.map((id) => ({ id, due: 0, tries: 0, sentAt: null, why: null }));
  const find = (id: string): Row => {
    const row = all.find((candidate) => candidate.id === id);
    if (!row) throw new Error(`no row ${id}`);
    return row;
  };
  const outbox: Outbox<'mail'> = {
    async claim(_kind, now, lease, limit) {
      const due = all.filter((row) => row.sentAt === null && row.due <= now).slice(0, limit);
      for (const row of due) Object.assign(row, { due: now + lease, tries: row.tries + 1 });
      return due.map(({ id, tries }): Owed => ({ id, tries, payload: {}, createdAt: 0 }));
    },
    async sent(id, at) {
      find(id).sentAt = at;
    },
    async retry(id, at, why) {
      Object.assign(find(id), { due: at, why });
    },
  };
  return { all, outbox };
}

describe('the outbox worker', () => {
  const failures: (string | null)[] = [];
  const failed = (id: string | null): void => void failures.push(id);
  let now = 1_000;
  const clock = (): number => now;
  beforeEach(() => {
    now = 1_000;
    failures.length = 0;
  });

  it('delivers everything that is due, more than one claim brings, each row once', async () => {
    const ids = Array.from({ length: 25 }, (_, n) => `row-${n}`);
    const { all, outbox } = rows(...ids);
    const delivered: string[] = [];
    const deliver = async (owed: Owed): Promise<void> => void delivered.push(owed.id);
    const worker = startOutboxWorker({ kind: 'mail', outbox, deliver, clock, failed, pause: 60_000 });
    await worker.drain();
    await worker.stop();
    expect(delivered.toSorted()).to.deep.equal(ids.toSorted());
    expect(all.every((row) => row.sentAt === now)).to.equal(true);
  });

  it('tries a failed row again later, each time later, at most half an hour apart', async () => {
    const { all, outbox } = rows('a');
    const deliver = async (): Promise<void> => {
      throw new Error('no server');
    };
    const worker = startOutboxWorker({ kind: 'mail', outbox, deliver, clock, failed, pause: 60_000 });
    await worker.drain();
    expect(all[0]).to.include({ due: 6_000, why: 'no server', sentAt: null });
    await worker.drain();
    expect(all[0]?.tries, 'not before it is due').to.equal(1);
    now = 6_000;
    await worker.drain();
    expect(all[0]).to.include({ due: 16_000, tries: 2 });
    await worker.stop();
    expect(failures).to.deep.equal(['a', 'a']);
    expect(nextTry(0, 500)).to.equal(30 * 60_000);
  });

  it('leaves a row of a killed worker to its lease, and then delivers it', async () => {
    const { outbox } = rows('a');
    await outbox.claim('mail', now, 120_000, 10);
    let delivered = 0;
    const deliver = async (): Promise<void> => void (delivered += 1);
    const worker = startOutboxWorker({ kind: 'mail', outbox, deliver, clock, failed, pause: 60_000 });
    await worker.drain();
    expect(delivered).to.equal(0);
    now += 120_000;
    expect(await worker.drain()).to.equal(1);
    await worker.stop();
  });

  it('does not send again what was delivered while the database was away', async () => {
    const { all, outbox } = rows('a');
    let away = true;
    const sent: Outbox<'mail'>['sent'] = async (id, at) => {
      if (away) throw new Error('the database is away');
      await outbox.sent(id, at);
    };
    let delivered = 0;
    const deliver = async (): Promise<void> => void (delivered += 1);
    const worker = startOutboxWorker({
      kind: 'mail',
      outbox: { ...outbox, sent },
      deliver,
      clock,
      failed,
      pause: 60_000,
    });
    await worker.drain().catch(() => {});
    away = false;
    now += 120_000;
    await worker.drain();
    await worker.stop();
    expect(delivered).to.equal(1);
    expect(all[0]?.sentAt).to.equal(now);
  });

  it('goes on after the outbox could not be read', async () => {
    const { outbox } = rows('a');
    let looks = 0;
    const claim: Outbox<'mail'>['claim'] = async (...of) => {
      looks += 1;
      if (looks === 1) throw new Error('the database is away');
      return outbox.claim(...of);
    };
    const delivered = new Promise<string>((resolve) => {
      const deliver = async (owed: Owed): Promise<void> => resolve(owed.id);
      const worker = startOutboxWorker({
        kind: 'mail',
        outbox: { ...outbox, claim },
        deliver,
        clock,
        failed,
        pause: 5,
      });
      after(() => worker.stop());
    });
    expect(await delivered).to.equal('a');
    expect(failures).to.deep.equal([null]);
  });

  it('looks at once when it is woken, and waits for present deliveries when it is stopped', async () => {
    const { all, outbox } = rows();
    let finish = (): void => {};
    let stopping = (): Promise<void> => Promise.resolve();
    const begun = new Promise<void>((resolve) => {
      const deliver = (): Promise<void> => {
        resolve();
        return new Promise((done) => (finish = done));
      };
      const worker = startOutboxWorker({ kind: 'mail', outbox, deliver, clock, failed, pause: 60_000 });
      setTimeout(() => {
        all.push({ id: 'late', due: 0, tries: 0, sentAt: null, why: null });
        worker.wake();
      }, 10);
      stopping = () => worker.stop();
    });
    await begun;
    const stopped = stopping();
    finish();
    await stopped;
    expect(all[0]?.sentAt).to.equal(now);
  });
});
