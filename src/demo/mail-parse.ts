// Reads a mail as far as a demo must show it: headers (RFC 2047), text and HTML part (RFC 2045, 2046). Attachments are
// skipped. Input is untrusted: parts and depth are bounded, nothing throws on broken mails.

export interface ParsedMail {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
}

const MAX_DEPTH = 5;
const MAX_PARTS = 50;

interface Part {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** @param raw the mail as received by SMTP */
export function parseMail(raw: Buffer): ParsedMail {
  const top = split(raw.toString('latin1'));
  const leaves = leavesOf(top, 0).slice(0, MAX_PARTS);
  const first = (type: string): string | null => {
    const found = leaves.find(
      (leaf) => mediaType(leaf) === type && !/^attachment/i.test(header(leaf, 'content-disposition')),
    );
    return found ? decode(found) : null;
  };
  return {
    headers: top.headers.map(([name, value]) => [name, words(value)]),
    subject: words(header(top, 'subject')),
    text: first('text/plain') ?? '',
    html: first('text/html'),
  };
}

/** Bytes stand as Latin-1 characters until the part's own charset is known. */
function split(source: string): Part {
  const end = /\r?\n\r?\n/.exec(source);
  const head = end ? source.slice(0, end.index) : source;
  const body = end ? source.slice(end.index + end[0].length) : '';
  const lines = head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const headers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]] : [];
  });
  return { headers, body };
}

function leavesOf(part: Part, depth: number): Part[] {
  const boundary = parameter(header(part, 'content-type'), 'boundary');
  if (!mediaType(part).startsWith('multipart/') || boundary === '' || depth >= MAX_DEPTH) return [part];
  const pieces = `\r\n${part.body}`.split(`\n--${boundary}`).slice(1, MAX_PARTS + 1);
  const inner = pieces
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => piece.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, ''));
  return inner.flatMap((piece) => leavesOf(split(piece), depth + 1));
}

const header = (part: Part, name: string): string =>
  part.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';

const mediaType = (part: Part): string =>
  (header(part, 'content-type').split(';')[0] ?? '').trim().toLowerCase() || 'text/plain';

function parameter(value: string, name: string): string {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]*))`, 'i').exec(value);
  return found?.[1] ?? found?.[2] ?? '';
}

function decode(part: Part): string {
  const encoding = header(part, 'content-transfer-encoding').toLowerCase();
  const bytes =
    encoding === 'base64'
      ? Buffer.from(part.body, 'base64')
      : encoding === 'quoted-printable'
        ? quoted(part.body.replaceAll(/=[ \t]*\r?\n/g, ''))
        : Buffer.from(part.body, 'latin1');
  return inCharset(bytes, parameter(header(part, 'content-type'), 'charset')).replaceAll('\r\n', '\n');
}

const quoted = (source: string): Buffer =>
  Buffer.from(
    source.replaceAll(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

function inCharset(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset || 'utf-8').decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}

/** Encoded words of a header; neighbours of one charset are joined as bytes, since senders cut inside characters. */
function words(value: string): string {
  const runs = value.replaceAll(/(=\?[^?\s]+\?[bq]\?[^?\s]*\?=)\s+(?==\?[^?\s]+\?[bq]\?)/gi, '$1');
  return runs.replaceAll(/(?:=\?[^?\s]+\?[bq]\?[^?\s]*\?=)+/gi, (run) => {
    const pieces = [...run.matchAll(/=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/gi)].map(
      ([, charset = '', kind = '', data = '']) => ({
        charset: charset.toLowerCase(),
        bytes: kind.toLowerCase() === 'b' ? Buffer.from(data, 'base64') : quoted(data.replaceAll('_', ' ')),
      }),
    );
    const charset = pieces[0]?.charset ?? 'utf-8';
    return pieces.every((piece) => piece.charset === charset)
      ? inCharset(Buffer.concat(pieces.map((piece) => piece.bytes)), charset)
      : pieces.map((piece) => inCharset(piece.bytes, piece.charset)).join('');
  });
}
