// Killed while mails and logouts are delivered. What is lost: nothing. What comes twice: only what the other side had taken
// when its sender died before it could write that down; it is the same mail then, byte for byte, under the same Message-ID.
import { expect } from 'chai';
import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { readConfig } from '../../src/config.ts';
import { openStores, type Stores } from '../../src/stores.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { ownPortal, type OwnPortal } from '../support/own-portal.ts';
import { addAccount, addCompany } from '../support/rows.ts';
import { root } from '../support/source.ts';
import { overlay } from '../support/walks.ts';
import { noteDelivery } from './act.ts';
import { buildGateway, lane, type Mortal } from './mortals.ts';
import { newId } from './scene.ts';

/** What the mail server does with the next mail. */
type Manners = 'takes it' | 'dies in the middle' | 'takes it and its answer is not heard';

interface Received {
  readonly id: string;
  readonly whole: string;
}

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

describe('a gateway killed while it delivers', function () {
  this.timeout(300_000);
  let demo: Demo;
  let portal: OwnPortal;
  let stores: Stores;
  let gateways: ReturnType<typeof lane>;
  let smtp: SMTPServer;
  let manners: Manners = 'takes it';
  let sender: Mortal | null = null;
  let ahead = 0;
  const received: Received[] = [];
  const now = (): number => Date.now() + ahead * 1000;

  before(async function () {
    this.timeout(180_000);
    portal = await ownPortal('told-portal');
    smtp = mailServer();
    // A sender that hangs up is what this is about.
    smtp.on('error', () => {});
    smtp.listen(0, '127.0.0.1');
    await once(smtp.server, 'listening');
    demo = await startDemo('real', {
      env: { RENKEI_CONFIG: overlay({ 'portals.yaml': [portal.entry({ open: true })] }) },
    });
    // Its data is enough: only gateways that may be killed deliver here.
    await demo.kill('SIGTERM');
    const bound = smtp.server.address();
    const port = typeof bound === 'object' && bound ? bound.port : 0;
    const env = { ...demo.env, RENKEI_ISSUER: demo.gateway, RENKEI_SMTP_URL: `smtp://127.0.0.1:${port}` };
    await buildGateway({ ...env, RENKEI_PORT: String(Number(demo.env['RENKEI_PORT']) + 10) });
    stores = await openStores(readConfig({ env, mode: 'demo', root, beside: true }), now);
    gateways = lane(env);
  });
  after(async () => {
    await gateways?.close();
    await stores?.close();
    await demo?.stop();
    await portal?.close();
    await new Promise<void>((resolve) => {
      smtp.close(resolve);
    });
  });

  function mailServer(): SMTPServer {
    return new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      authOptional: true,
      logger: false,
      onRcptTo: (_address, _session, done) => {
        if (manners === 'dies in the middle') void sender?.end();
        else done();
      },
      onData(stream, _session, done) {
        let whole = '';
        stream.on('data', (chunk: Buffer) => (whole += chunk.toString('utf8')));
        stream.on('end', () => {
          received.push({ id: /^Message-ID: (\S+)/im.exec(whole)?.[1] ?? '', whole });
          if (manners === 'takes it and its answer is not heard') void sender?.end();
          else done();
        });
      },
    });
  }

  async function owe(kind: 'mail' | 'logout'): Promise<string> {
    const { store } = stores;
    const company = await addCompany(store);
    const account = await addAccount(store, company.id);
    const id = newId();
    const mail = {
      mail: 'link-made',
      to: account.email,
      personName: account.name,
      language: 'ja',
      at: now(),
      by: 'self',
      agent: 'Windows の Chrome',
      reference: 'R-1234-5678',
      facts: { display: 'minato04', loginName: account.loginName },
    };
    const logout = { clientId: portal.clientId, accountId: account.id, sid: id };
    await store.transaction((tables) =>
      tables.outbox.add({ id, kind, payload: kind === 'mail' ? mail : logout }, now()),
    );
    return id;
  }

  async function row(id: string): Promise<{ readonly tries: number; readonly sent: boolean }> {
    const found = await stores.database.db
      .selectFrom('outbox')
      .select(['tries', 'sentAt'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return { tries: found.tries, sent: found.sentAt !== null };
  }

  /** Two minutes pass, and another gateway delivers what is owed. */
  async function anotherDelivers(id: string, kind: 'mail' | 'logout'): Promise<void> {
    const next = await gateways.take();
    sender = next;
    manners = 'takes it';
    ahead += 121;
    await stores.store.deployment.forward(ahead);
    await fetch(`${next.address}/health`);
    await next.arm({ at: 0, side: 'before', of: kind });
    for (let round = 0; round < 200 && !(await row(id)).sent; round += 1) await wait(50);
    expect((await row(id)).sent, 'delivered in the end').to.equal(true);
    // One more look of the worker: nothing is sent again.
    await wait(100);
    await next.arm({ at: 0, side: 'before', of: 'acts' });
  }

  async function dies(mortal: Mortal): Promise<void> {
    for (let round = 0; round < 400; round += 1) {
      if (await mortal.gone()) return;
      await wait(10);
    }
    throw new Error('the gateway lives on');
  }

  const copies = (id: string): readonly Received[] => received.filter((mail) => mail.id.startsWith(`<${id}@`));
  const logouts = (id: string): number => portal.logoutTokens.filter(({ sid }) => sid === id).length;

  const points = [
    { at: 1, side: 'before', point: 'before the lease' },
    { at: 1, side: 'after', point: 'after the lease, nothing handed over' },
    { at: 2, side: 'before', point: 'handed over, before it is marked as sent' },
    { at: 2, side: 'after', point: 'after it is marked as sent' },
  ] as const;

  for (const kind of ['mail', 'logout'] as const) {
    for (const { at, side, point } of points) {
      const twice = at === 2 && side === 'before';
      it(`a ${kind}, killed ${point}: ${twice ? 'comes twice, recognisably' : 'comes once'}`, async () => {
        const mortal = await gateways.take();
        sender = mortal;
        manners = 'takes it';
        const id = await owe(kind);
        await mortal.arm({ at, side, of: kind });
        await dies(mortal);
        const before = await row(id);
        await anotherDelivers(id, kind);
        const came = kind === 'mail' ? copies(id).length : logouts(id);
        expect(came).to.equal(twice ? 2 : 1);
        if (kind === 'mail') expect(new Set(copies(id).map(({ whole }) => essence(whole))).size).to.equal(1);
        noteDelivery(
          kind === 'mail' ? 'delivering a mail' : 'delivering a logout token',
          point,
          before.sent ? 'sent' : `leased ${before.tries} times`,
          twice ? (kind === 'mail' ? 'two copies, one Message-ID' : 'told twice of the same sid') : 'once',
        );
      });
    }
  }

  for (const [how, count] of [
    ['dies in the middle', 1],
    ['takes it and its answer is not heard', 2],
  ] as const) {
    it(`a mail whose hand-over is cut: the server ${how}`, async () => {
      const mortal = await gateways.take();
      sender = mortal;
      manners = how;
      const id = await owe('mail');
      await mortal.arm({ at: 0, side: 'before', of: 'mail' });
      await dies(mortal);
      await anotherDelivers(id, 'mail');
      const came = copies(id);
      expect(came.length).to.equal(count);
      expect(new Set(came.map(({ whole }) => essence(whole))).size, 'the same mail').to.equal(1);
      const point = how === 'dies in the middle' ? 'in the hand-over' : 'the server has it, its answer is not heard';
      noteDelivery('delivering a mail', point, 'leased 1 times', count === 2 ? 'two copies, one Message-ID' : 'once');
    });
  }
});

/** A mail but for the borders of its parts, which are drawn anew. */
const essence = (whole: string): string => whole.replace(/--_NmP-[\w-]+/g, '--').replace(/boundary="[^"]*"/g, '');
