// The frame of every mail (screens.md §16): subject, greeting, one sentence, facts, what to do, whom to call; text and HTML say
// the same, Japanese then English unless the reader's language is known.
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Instant, Route } from '../../src/rules/sign-in-record.ts';
import type { Ask, Sub } from '../messages/placeholders.ts';
import { texts, type Brand, type Texts } from '../messages/texts.ts';
import { dateTime, type Language } from '../parts/format.ts';

/** What every mail is given. */
export interface MailFrame {
  readonly brand: Brand;
  /** null: both languages, Japanese first. */
  readonly language: Language | null;
  /** Name of the person it goes to; null: the bank's own desk. */
  readonly name: string | null;
  readonly at: Instant;
  readonly by: Sub<'by'>;
  readonly route: Route | null;
  /** Browser and system in words; null where no browser took part. */
  readonly device: string | null;
  readonly reference: string | null;
  /** Whom to ask, by the release matrix. */
  readonly ask: Ask;
}

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Fact {
  readonly term: string;
  readonly detail: string;
  /** The detail is the address of a page of its own; never one that signs in. */
  readonly link?: boolean;
}

/** What one mail says in one language. */
export interface MailBody {
  /** The subject without the brand. */
  readonly subject: string;
  /** Digits to be typed, in groups; null for all mails but the code's. */
  readonly code?: string;
  readonly sentence: string;
  readonly facts: readonly Fact[];
  readonly todo: readonly string[];
}

const languages = (frame: MailFrame): readonly Language[] =>
  frame.language === null ? ['ja', 'en'] : [frame.language];

const reader = (t: Texts, frame: MailFrame): string => frame.name ?? frame.brand.desk[t.language];

/** 日時, 操作, 経路, 端末, お問い合わせ番号: the same in every mail. */
function common(t: Texts, frame: MailFrame): readonly Fact[] {
  const facts: Fact[] = [
    { term: t.say('mail.at'), detail: dateTime(frame.at, t.language, null) },
    { term: t.say('mail.by'), detail: t.say(`by.${frame.by}`) },
  ];
  if (frame.route !== null) facts.push({ term: t.say('mail.route'), detail: t.say(`route.${frame.route}`) });
  if (frame.device !== null) facts.push({ term: t.say('mail.device'), detail: frame.device });
  if (frame.reference !== null) facts.push({ term: t.say('mail.reference'), detail: frame.reference });
  return facts;
}

function asText(t: Texts, frame: MailFrame, body: MailBody, mail: string): string {
  return [
    t.say('mail.dear', { name: reader(t, frame) }),
    '',
    body.sentence,
    ...(body.code === undefined ? [] : ['', `    ${body.code}`]),
    '',
    ...[...body.facts, ...common(t, frame)].map(({ term, detail }) => `${term}: ${detail}`),
    '',
    ...body.todo,
    t.say('mail.unknown'),
    t.say('mail.nolink'),
    '',
    `${frame.brand.desk[t.language]} ${frame.brand.phone}`,
    t.say('mail.id', { mail }),
  ].join('\n');
}

function AsHtml(props: {
  readonly t: Texts;
  readonly frame: MailFrame;
  readonly body: MailBody;
  readonly mail: string;
}): VNode {
  const { t, frame, body, mail } = props;
  return (
    <section lang={t.language}>
      <h1>{body.subject}</h1>
      <p>{t.say('mail.dear', { name: reader(t, frame) })}</p>
      <p>{body.sentence}</p>
      {body.code === undefined ? null : (
        <p>
          <strong>{body.code}</strong>
        </p>
      )}
      <dl>
        {[...body.facts, ...common(t, frame)].map(({ term, detail, link }) => (
          <>
            <dt>{term}</dt>
            <dd>{link === true ? <a href={detail}>{detail}</a> : detail}</dd>
          </>
        ))}
      </dl>
      {body.todo.map((line) => (
        <p>{line}</p>
      ))}
      <p>{t.say('mail.unknown')}</p>
      <p>{t.say('mail.nolink')}</p>
      <hr />
      <p>
        {`${frame.brand.desk[t.language]} ${frame.brand.phone}`}
        <br />
        {t.say('mail.id', { mail })}
      </p>
    </section>
  );
}

/** Puts a mail together; `body` is asked once per language. */
export function compose(frame: MailFrame, mail: string, body: (t: Texts) => MailBody): Mail {
  const parts = languages(frame).map((language) => {
    const t = texts(language, frame.brand, null, null);
    return { t, body: body(t) };
  });
  const [first] = parts;
  const brand = first === undefined ? '' : first.t.say('mail.subject');
  const subject = `${brand}${parts.map((part) => part.body.subject).join(' / ')}`;
  const page = (
    <html lang={first?.t.language ?? 'ja'}>
      <head>
        <meta charset="utf-8" />
        <title>{subject}</title>
      </head>
      <body>
        {parts.map((part) => (
          <AsHtml t={part.t} frame={frame} body={part.body} mail={mail} />
        ))}
      </body>
    </html>
  );
  return {
    subject,
    text: parts
      .map((part) => asText(part.t, frame, part.body, mail))
      .join('\n\n----------------------------------------\n\n'),
    html: `<!doctype html>${renderToString(page)}`,
  };
}
