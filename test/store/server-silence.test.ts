// A silent server is told at once to everybody; a slow one to nobody.
import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { silenceOf } from '../../src/store/server-silence.ts';

const limits = { suspicion: 30, again: 20 };
const never = new Promise<never>(() => {});
const codeOf = (error: unknown): unknown => Object(error).code;
const refusal = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => null, codeOf);

describe('a database server', () => {
  it('that answers another question is slow, and waited for', async () => {
    let asked = 0;
    const silence = silenceOf(
      async () => {
        asked += 1;
        return true;
      },
      limits,
      () => expect.fail('it is not silent'),
    );
    expect(await silence.watch(() => sleep(80, 'late'))).to.equal('late');
    expect(asked).to.equal(1);
    expect(await silence.watch(async () => 'at once')).to.equal('at once');
    expect(asked, 'nobody is asked without a suspicion').to.equal(1);
  });

  it('that answers nothing is silent: who waits and who comes is refused at once, until it answers', async () => {
    let answers = false;
    let found = 0;
    const silence = silenceOf(
      async () => answers,
      limits,
      () => (found += 1),
    );
    const began = performance.now();
    const waiting = [silence.watch(() => never), silence.watch(() => sleep(10_000, null, { ref: false }))];
    expect(await Promise.all(waiting.map(refusal))).to.deep.equal(['08006', '08006']);
    expect(performance.now() - began).to.be.below(5_000);
    let begun = false;
    const next = silence.watch(async () => {
      begun = true;
    });
    expect(await refusal(next)).to.equal('08006');
    expect(begun, 'nothing more is sent').to.equal(false);
    expect(found).to.equal(1);

    answers = true;
    await sleep(60);
    expect(await silence.watch(async () => 'again')).to.equal('again');
    silence.close();
  });

  it('gives back what came after its caller was refused', async () => {
    const silence = silenceOf(
      async () => false,
      limits,
      () => {},
    );
    const { promise, resolve } = Promise.withResolvers<string>();
    const late: string[] = [];
    expect(
      await refusal(
        silence.watch(
          () => promise,
          (value) => late.push(value),
        ),
      ),
    ).to.equal('08006');
    silence.close();
    resolve('a connection');
    await sleep(0);
    expect(late).to.deep.equal(['a connection']);
  });

  it('passes on what went wrong', async () => {
    const silence = silenceOf(
      async () => true,
      limits,
      () => {},
    );
    const wrong = Object.assign(new Error('no such table'), { code: '42P01' });
    expect(await refusal(silence.watch(() => Promise.reject(wrong)))).to.equal('42P01');
  });
});
