// The demo's mail reader: mails of all its people for eyes and programs, and the switch of the demo's clock (spec §12).
import bodyParser from '@koa/bodyparser';
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import type { ClockControl } from './clock.ts';
import { sendPage } from './frame.tsx';
import { ListPage, MailPage, MissingPage } from './mail-pages.tsx';
import { mailReceiver } from './mail-receive.ts';
import { codeOf, mailbox } from './mailbox.ts';
import type { KeptMail } from './mailbox.ts';
import { languageOf, outsiderApp, query, serve } from './outsider.ts';
import type { Outsider } from './outsider.ts';

export interface MailReaderOptions {
  /** Address of its pages; the HTTP port is `port`. */
  readonly url: string;
  readonly port: number;
  readonly smtpPort: number;
  /** Folder that keeps the mails (`mail.jsonl`). */
  readonly dataDir: string;
  /** The clock of the whole process: `GET` and `POST /clock` tell and set its offset. */
  readonly clock: ClockControl;
  readonly host?: string;
}

export function mailReader(options: MailReaderOptions): Outsider {
  const { url, port, smtpPort, dataDir, clock, host = '127.0.0.1' } = options;
  const box = mailbox(dataDir);
  const now = () => Date.now();
  const language = (ctx: Context) => languageOf(ctx, null);
  const router = new Router();

  router.get('/', (ctx) => {
    const q = query(ctx, 'q').trim();
    const mails = box.all().filter((one) => matches(one, q.toLowerCase()));
    sendPage(ctx, 200, ListPage({ language: language(ctx), mails, q, now: now(), offsetSeconds: clock.get() }));
  });

  router.get('/messages', (ctx) => {
    const to = query(ctx, 'to').trim().toLowerCase();
    const found = box.all().filter((one) => to === '' || one.to.toLowerCase() === to);
    ctx.body = found.map((one) => ({
      id: one.id,
      date: one.date,
      to: one.to,
      subject: one.subject,
      text: one.text,
      code: codeOf(one.text),
    }));
  });

  const told = () => ({ offset_seconds: clock.get(), now: new Date(now()).toISOString() });
  router.get('/clock', (ctx) => {
    ctx.body = told();
  });
  router.post('/clock', readOffset, async (ctx) => {
    const asked = offset.safeParse(ctx.request.body);
    if (!asked.success) return refuse(ctx, 400, 'invalid_request', 'offset_seconds must be a number of seconds');
    if (!(await clock.setOffset(asked.data.offset_seconds))) {
      return refuse(ctx, 409, 'conflict', `the clock goes forward only; it is ${clock.get()} seconds ahead`);
    }
    ctx.body = told();
  });

  router.get('/:id', (ctx) => {
    const mail = box.find(ctx.params.id ?? '');
    sendPage(
      ctx,
      mail ? 200 : 404,
      mail ? MailPage({ language: language(ctx), mail }) : MissingPage({ language: language(ctx) }),
    );
  });

  router.get('/:id/html', (ctx) => {
    const html = box.find(ctx.params.id ?? '')?.html;
    if (html === undefined || html === null) return sendPage(ctx, 404, MissingPage({ language: language(ctx) }));
    // A stranger's page: it may look as it likes, but runs, loads and sends nothing.
    ctx.set(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'",
    );
    ctx.type = 'text/html';
    ctx.body = html;
  });

  const app = outsiderApp();
  app.use(router.routes());
  const web = serve(() => app.callback(), port, host);
  const receiver = mailReceiver(smtpPort, host, now, (mail) => box.add(mail));
  return {
    url,
    listen: async () => {
      await receiver.listen();
      await web.listen();
    },
    close: async () => {
      await Promise.all([web.close(), receiver.close()]);
    },
  };
}

/** The far end of any clock: a hundred years. */
const FURTHEST = 100 * 365 * 86_400;
const seconds = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,12}$/)
      .transform(Number),
  ])
  .pipe(z.number().max(FURTHEST));
const offset = z.object({ offset_seconds: seconds });

const parse = bodyParser({ enableTypes: ['json', 'form'], jsonLimit: '4kb', formLimit: '4kb' });

/** What can't be read as JSON or a form is malformed, whatever the parser calls it. */
const readOffset: Middleware = async (ctx, next) => {
  let read = false;
  try {
    await parse(ctx, async () => {
      read = true;
    });
  } catch {
    read = false;
  }
  if (!read) return refuse(ctx, 400, 'invalid_request', 'the body is neither JSON nor a form');
  await next();
};

function refuse(ctx: Context, status: number, error: string, description: string): void {
  ctx.status = status;
  ctx.body = { error, error_description: description };
}

const matches = (mail: KeptMail, q: string): boolean =>
  q === '' || `${mail.to}\n${mail.subject}`.toLowerCase().includes(q);
