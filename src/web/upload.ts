// Reading a posted file, which only its own address takes: a few short fields and the one file, which is handed on while it
// arrives. Nobody's upload is read before its handler asked for it. The fields of a long file stand before it, as browsers send
// them; programs that send a form in an order of their own are understood as long as the file is short enough to be held.
import type { IncomingMessage } from 'node:http';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import type { Context } from 'koa';
import { NotUnderstood, type Form } from './form.ts';

export interface UploadLimits {
  /** Names that may come, each once; the file's own not among them. */
  readonly fields: readonly string[];
  readonly file: string;
  /** Bytes of the file. */
  readonly bytes: number;
  /** So many of them are held until every field is there; of a longer file, none may follow it. */
  readonly held: number;
}

export interface Upload {
  readonly form: Form;
  readonly file: {
    /** As the browser calls it; '' when none was chosen. */
    readonly name: string;
    /** @throws NotUnderstood when the rest is too large, no form, more than the one file, or never came */
    readonly bytes: AsyncIterable<Uint8Array>;
  };
  /** Settles when the form has come to its end, or broke off. */
  readonly whole: Promise<unknown>;
  /** What was wrong with what was sent, as far as it was read. */
  fault(): NotUnderstood | null;
}

/** Bytes of one field; and of everything before the file. */
const fieldSize = 1024;
const headSize = 16 * 1024;

/** What an answer that came early lets go by of the body, so that a browser that still sends hears it: bytes, milliseconds. */
const goBy = { bytes: 256 * 1024 * 1024, time: 60_000 };

/** Of RFC 2046, as browsers write it; another parameter is no form of ours. */
const contentType =
  /^multipart\/form-data\s*;\s*boundary=(?:"([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])"|([\w'+.-]{1,70}))\s*$/i;

/**
 * The posted fields and the file, as soon as the form is whole or more of the file came than is held.
 * @throws NotUnderstood 400 for another type, an unknown field, one that comes twice or behind a long file, or no file; 413 for a
 *   body or field too large
 */
export function openUpload(ctx: Context, limits: UploadLimits): Promise<Upload> {
  const [, quoted, bare] = contentType.exec(ctx.get('content-type')) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined || ctx.get('content-encoding') !== '') throw new NotUnderstood(400);
  if (Number(ctx.get('content-length')) > limits.bytes + headSize) throw new NotUnderstood(413);
  return new Promise((resolve, reject) => {
    receive(ctx.req, boundary, limits, resolve, reject);
  });
}

/** Lets what is left of a body go by while and after its answer leaves: whoever is still sending reads no answer. */
export function letGoBy({ req, res }: Context): void {
  if (req.complete || req.destroyed) return;
  req.removeAllListeners('data');
  let left = goBy.bytes;
  const cut = (): void => {
    req.pause();
    if (res.writableFinished) req.socket.destroy();
    else res.once('finish', () => req.socket.destroy());
  };
  const timer = setTimeout(cut, goBy.time);
  timer.unref();
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) cut();
  });
  req.once('close', () => clearTimeout(timer));
  req.on('error', () => {});
  req.resume();
}

function receive(
  req: IncomingMessage,
  boundary: string,
  limits: UploadLimits,
  opened: (upload: Upload) => void,
  refused: (fault: NotUnderstood) => void,
): void {
  const parser = new Busboy({
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
    limits: {
      fieldSize,
      fields: limits.fields.length,
      files: 1,
      fileSize: limits.bytes,
      headerPairs: 8,
      headerSize: 4096,
    },
    isPartAFile: (_name, _type, fileName) => fileName !== undefined,
  });
  const fields = new Map<string, string>();
  let file: BusboyFileStream | null = null;
  let fault: NotUnderstood | null = null;
  let head = 0;
  const whole = Promise.withResolvers<undefined>();
  // Nobody may be waiting for it.
  whole.promise.catch(() => {});

  const fail = (status: 400 | 413): void => {
    if (fault) return;
    fault = new NotUnderstood(status);
    leave();
    refused(fault);
    whole.reject(fault);
    file?.destroy(fault);
  };
  const feed = (chunk: Buffer): void => {
    if (!file && head > headSize) return fail(413);
    head += chunk.length;
    try {
      if (parser.write(chunk)) return undefined;
    } catch {
      return fail(400);
    }
    req.pause();
    parser.once('drain', () => fault ?? req.resume());
    return undefined;
  };
  const end = (): void => {
    parser.end();
  };
  const gone = (): void => fail(400);
  function leave(): void {
    req.off('data', feed).off('end', end).off('close', gone);
    req.resume();
  }

  parser.on('field', (name, value, _nameCut, cut) => {
    // Behind so much of a file nobody waited for it; how much was read by then is the machine's chance.
    const late = file !== null && file.bytesRead > limits.held;
    if (late || !limits.fields.includes(name) || fields.has(name) || value.includes('\uFFFD')) return fail(400);
    if (cut) return fail(413);
    fields.set(name, value);
    return undefined;
  });
  parser.on('file', (name, stream, fileName) => {
    // It is destroyed with the fault, which is told where it is read.
    stream.on('error', () => {});
    if (file || name !== limits.file) return fail(400);
    file = stream;
    stream.once('limit', () => fail(413));
    void hold(stream, fileName);
    return undefined;
  });
  for (const limit of ['fieldsLimit', 'filesLimit', 'partsLimit'] as const) parser.on(limit, () => fail(400));
  parser.on('error', () => fail(400));
  parser.on('finish', () => {
    if (!file) return fail(400);
    whole.resolve(undefined);
    return undefined;
  });
  req.on('error', gone);
  req.on('data', feed);
  req.once('end', end);
  // Behind its end there is nothing left to lose; before it, whoever sent has gone.
  req.once('close', () => (req.complete ? undefined : gone()));

  async function hold(stream: BusboyFileStream, name: string): Promise<void> {
    const begun: Uint8Array[] = [];
    const rest = stream[Symbol.asyncIterator]();
    try {
      let size = 0;
      let ended = false;
      while (!ended && size <= limits.held) {
        const { done, value } = await rest.next();
        ended = done === true;
        if (!(value instanceof Uint8Array)) continue;
        begun.push(value);
        size += value.length;
      }
      if (ended) await whole.promise;
    } catch {
      // Told to whoever opened it, when it is no form; or its sender has gone.
      return fail(400);
    }
    if (fault) return undefined;
    return opened({
      form: {
        text: (field) => fields.get(field) ?? '',
        has: (field) => fields.has(field),
        all: (field) => [...fields].flatMap(([name, value]) => (name === field ? [value] : [])),
      },
      file: { name, bytes: read(begun, rest) },
      whole: whole.promise,
      fault: () => fault,
    });
  }

  async function* read(begun: readonly Uint8Array[], rest: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
    try {
      yield* begun;
      for await (const chunk of rest) {
        if (fault) throw fault;
        if (chunk instanceof Uint8Array) yield chunk;
      }
      // A file counts when the form that it stands in has come to its end, with nothing behind it.
      await whole.promise;
    } catch (error) {
      fail(400);
      throw fault ?? error;
    } finally {
      leave();
    }
  }
}
