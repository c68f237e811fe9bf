// Loaded into a real process of the gateway before its own code (node --import): counts the writes that it sends to PostgreSQL
// and Redis from the moment a test arms it, and ends it with SIGKILL before or after the one it was told. Nothing of the
// gateway knows of it.
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { Server } from 'node:http';
import { Redis } from 'ioredis';
import pg from 'pg';

export interface Arming {
  /** The write at which the process dies, counted from 1; 0 tells the writes and dies at none. */
  readonly at: number;
  readonly side: 'before' | 'after';
  /** What requests write, or what the outbox's worker of this kind does; the workers rest unless they are named. */
  readonly of: 'acts' | 'mail' | 'logout';
}

let arming: Arming | null = null;
let writes = 0;
/** The last thing a connection wrote: what its commit is about. */
const lastWrite = new WeakMap<object, string>();

function isArming(message: unknown): message is Arming {
  return typeof message === 'object' && message !== null && 'at' in message && 'side' in message && 'of' in message;
}

process.on('message', (message) => {
  arming = isArming(message) ? message : null;
  writes = 0;
  tell('heard');
});
// The test is gone: nobody else would end this process.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

// A command runs to its end by itself: it is armed from its beginning, and nothing here keeps it from its end.
process.channel?.unref();
const fromBeginning = process.env['MORTAL_ARMING'];
if (fromBeginning !== undefined) {
  const message: unknown = JSON.parse(fromBeginning);
  if (isArming(message)) arming = message;
}

/** Told at once and for certain: the next thing may be the end. */
const tell = (line: string): void => void writeSync(4, `${line}\n`);

function die(place: number, name: string): void {
  tell(`died ${place} ${name}`);
  process.kill(process.pid, 'SIGKILL');
}

/** Counts a write; what to do when its answer came. Null when nothing is counted. */
function point(name: string | null): (() => void) | null {
  if (name === null || arming === null) return null;
  if ((arming.of !== 'acts') !== name.startsWith('delivery')) return null;
  const { at, side } = arming;
  writes += 1;
  const place = writes;
  if (at === 0) tell(`wrote ${place} ${name}`);
  if (place !== at) return null;
  if (side === 'before') die(place, name);
  return () => die(place, name);
}

const plainEmit = Server.prototype.emit;
Server.prototype.emit = function (event, ...args: unknown[]) {
  if (event === 'request' && arming?.at === 0) tell('request');
  return Reflect.apply(plainEmit, this, [event, ...args]);
};

/** What a statement writes, in words; null when it writes nothing. */
function statementName(connection: object, sql: string): string | null {
  const text = sql.trim().toLowerCase();
  if (text.startsWith('with "due"')) return 'delivery: lease';
  if (text.startsWith('update "outbox"'))
    return text.includes('"sent_at"') ? 'delivery: mark as sent' : 'delivery: due again';
  if (text === 'begin') lastWrite.delete(connection);
  if (text === 'commit') return `commit${lastWrite.has(connection) ? '' : ' of nothing'}`;
  const verbs = [...text.matchAll(/(insert into|(?<!for |do )update|delete from) "?(\w+)"?/g)];
  if (!/^(insert|update|delete|with)\b/.test(text) || verbs.length === 0) return null;
  const written = verbs.map(([, verb = '', name = '']) => `${verb.split(' ')[0]} ${name}`).join(', ');
  lastWrite.set(connection, written);
  return written;
}

/**
 * Deliveries and sweeps of what others left run beside every request: only a test that is about them lets them, and commands
 * that nobody kills sweep.
 */
function isBeside(text: string, values: unknown): boolean {
  const kind = Array.isArray(values) ? values.find((value) => value === 'mail' || value === 'logout') : undefined;
  if (text.startsWith('with "due"')) return arming === null || arming.of !== kind;
  if (!text.startsWith('select')) return false;
  const swept = /from "token_import" where \(?"state" in/.test(text);
  return text.includes('"announced_at" is null') || (swept && (fromBeginning === undefined || arming?.at !== 0));
}

/** Handed over as words and values, or as an object that may have a name; '' is something else. */
function statementOf([first, values]: readonly unknown[]): { readonly text: string; readonly values: unknown } {
  if (typeof first === 'string') return { text: first, values };
  if (typeof first !== 'object' || first === null || 'submit' in first) return { text: '', values };
  const text: unknown = Reflect.get(first, 'text');
  return { text: typeof text === 'string' ? text : '', values: Reflect.get(first, 'values') ?? values };
}

const plainQuery: unknown = Reflect.get(pg.Client.prototype, 'query');
async function query(this: pg.Client, ...args: readonly unknown[]): Promise<unknown> {
  if (typeof plainQuery !== 'function') throw new Error('pg has no query');
  const { text, values } = statementOf(args);
  if (isBeside(text, values)) return { command: 'SELECT', rowCount: 0, rows: [] };
  const after = point(statementName(this, text));
  const answer: unknown = await Reflect.apply(plainQuery, this, args);
  after?.();
  return answer;
}
Reflect.set(pg.Client.prototype, 'query', function (this: pg.Client, ...args: readonly unknown[]) {
  if (typeof plainQuery !== 'function') throw new Error('pg has no query');
  const called = typeof args.at(-1) === 'function' || statementOf(args).text === '';
  return called ? Reflect.apply(plainQuery, this, args) : Reflect.apply(query, this, args);
});

const readings = new Set(['get', 'mget', 'exists', 'zrange', 'zrevrange', 'smembers', 'ttl', 'pttl', 'strlen', 'type']);
const talk = new Set(['ping', 'info', 'select', 'auth', 'hello', 'client', 'cluster', 'quit', 'script', 'command']);
const scripts = new Map<string, string>();

const plainDefine = Redis.prototype.defineCommand;
Redis.prototype.defineCommand = function (name, definition) {
  const sha = createHash('sha1').update(definition.lua).digest('hex');
  scripts.set(sha, name.replace(/^renkei/, '').toLowerCase());
  return plainDefine.call(this, name, definition);
};

interface Sent {
  readonly name: string;
  readonly args: readonly unknown[];
  resolve(result: unknown): void;
}

function isSent(command: unknown): command is Sent {
  return typeof command === 'object' && command !== null && 'name' in command && 'args' in command;
}

/** What a key holds: the part before its id. */
function keyName(key: string): string {
  const [, kind = '', model = ''] = key.split(':');
  return kind === 'oidc' ? model : kind;
}

function commandName({ name, args }: Sent): string | null {
  const verb = name.toLowerCase();
  if (readings.has(verb) || talk.has(verb)) return null;
  const script = verb === 'eval' || verb === 'evalsha';
  const named = script ? (scripts.get(String(args[0])) ?? 'script') : verb;
  return `${named} ${keyName(String(args[script ? 2 : 0]))}`;
}

const seen = new WeakSet<object>();
const plainSend: unknown = Reflect.get(Redis.prototype, 'sendCommand');
Reflect.set(Redis.prototype, 'sendCommand', function (this: Redis, ...args: readonly unknown[]) {
  if (typeof plainSend !== 'function') throw new Error('ioredis has no sendCommand');
  const [command] = args;
  // Commands that waited for the connection come here twice.
  if (isSent(command) && !seen.has(command)) {
    seen.add(command);
    const after = point(commandName(command));
    if (after) {
      const { resolve } = command;
      command.resolve = (result) => {
        after();
        resolve.call(command, result);
      };
    }
  }
  return Reflect.apply(plainSend, this, args);
});
