// The demo's mails: in memory, and line by line in one file of the data folder, so that a restart keeps them. At most a
// thousand; the oldest go first.
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const CAPACITY = 1_000;

const mail = z.object({
  id: z.string(),
  /** When it came, ISO 8601 in UTC. */
  date: z.string(),
  from: z.string(),
  /** One recipient of the envelope; a mail to two people is kept twice. */
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string().nullable(),
  headers: z.array(z.tuple([z.string(), z.string()])),
});

export type KeptMail = Readonly<z.infer<typeof mail>>;

export interface Mailbox {
  /** Kept on disk before it returns. */
  add(mail: Omit<KeptMail, 'id'>): void;
  /** Newest first. */
  all(): readonly KeptMail[];
  find(id: string): KeptMail | undefined;
}

/** Opens (or makes) `mail.jsonl` in the folder; a line cut off by a kill is left out. */
export function mailbox(dataDir: string): Mailbox {
  const file = join(dataDir, 'mail.jsonl');
  mkdirSync(dataDir, { recursive: true });
  let mails = read(file).slice(-CAPACITY);
  let next = mails.reduce((highest, { id }) => Math.max(highest, Number(id) || 0), 0) + 1;
  let lines = 0;

  const rewrite = (): void => {
    writeFileSync(`${file}.new`, mails.map((one) => `${JSON.stringify(one)}\n`).join(''), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    lines = mails.length;
  };
  rewrite();

  return {
    add: (added) => {
      const kept = { ...added, id: String(next++) };
      appendFileSync(file, `${JSON.stringify(kept)}\n`);
      mails = [...mails.slice(1 - CAPACITY), kept];
      if (++lines > 2 * CAPACITY) rewrite();
    },
    all: () => mails.toReversed(),
    find: (id) => mails.find((one) => one.id === id),
  };
}

function read(file: string): KeptMail[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      const parsed = mail.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/**
 * The 8-digit e-mail code of a text: two groups of four digits (screens.md MAI001), joined; null when there is none.
 * Digits that go on, or hang on a hyphen as in a telephone number, are no code.
 */
export function codeOf(text: string): string | null {
  const spaced = /(?<![\d-]|\d[ \u00a0\u3000])(\d{4})[ \u00a0\u3000](\d{4})(?![\d-]| \d)/.exec(text);
  const found = spaced ?? /(?<![\d-])(\d{4})-(\d{4})(?![\d-])/.exec(text);
  return found ? `${found[1]}${found[2]}` : null;
}
