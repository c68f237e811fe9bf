// Bytes to text, a piece at a time: UTF-8, or for a CSV of an older program Shift_JIS. Bytes that are neither are refused;
// nothing is guessed away.
import { SeedFileRefused } from './refused.ts';

/** Pieces that are decoded and parsed in one go; what is read of one is handed on before the next is looked at. */
const pieceBytes = 16 * 1024;

/** The same bytes in small pieces. @throws SeedFileRefused 'too-large' when there are more than `most` */
export async function* inPieces(bytes: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of bytes) {
    total += chunk.length;
    if (total > most) throw new SeedFileRefused('too-large');
    for (let at = 0; at < chunk.length; at += pieceBytes) yield chunk.subarray(at, at + pieceBytes);
  }
}

/** UTF-8 with or without its mark. @throws SeedFileRefused 'encoding', or 'truncated' when it ends within a character */
export async function* asUtf8(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of pieces) yield decoded(decoder, piece, 'encoding');
  yield decoded(decoder, null, 'truncated');
}

/**
 * UTF-8, or Shift_JIS when the first line that is not ASCII is no UTF-8. A line of half-width kana alone might be both; the
 * columns of a seed file hold none.
 */
export async function* asUtf8OrShiftJis(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let held = Buffer.alloc(0);
  for await (const piece of pieces) {
    if (decoder) {
      yield decoded(decoder, piece, 'encoding');
      continue;
    }
    const bytes = Buffer.concat([held, piece]);
    const first = bytes.findIndex((byte) => byte > 0x7f);
    const lineEnd = first < 0 ? bytes.length : bytes.indexOf(0x0a, first);
    if (first >= 0 && lineEnd < 0 && bytes.length - first < pieceBytes) {
      // Which of the two it is shows when the line is whole.
      yield bytes.subarray(0, first).toString('latin1');
      held = bytes.subarray(first);
      continue;
    }
    if (first >= 0)
      decoder = new TextDecoder(encodingOf(bytes.subarray(first, lineEnd < 0 ? undefined : lineEnd)), { fatal: true });
    held = Buffer.alloc(0);
    yield decoder ? decoded(decoder, bytes, 'encoding') : bytes.toString('latin1');
  }
  decoder ??= new TextDecoder(encodingOf(held), { fatal: true });
  yield decoded(decoder, held.length > 0 ? held : null, 'truncated');
  if (held.length > 0) yield decoded(decoder, null, 'truncated');
}

function encodingOf(line: Uint8Array): 'utf-8' | 'shift_jis' {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(line, { stream: true });
    return 'utf-8';
  } catch {
    return 'shift_jis';
  }
}

function decoded(decoder: TextDecoder, piece: Uint8Array | null, otherwise: 'encoding' | 'truncated'): string {
  try {
    return piece === null ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch {
    throw new SeedFileRefused(otherwise);
  }
}
