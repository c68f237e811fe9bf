// Bytes written as text: Base32, hexadecimal, Base64. Strict, so that a letter that was lost or changed is noticed: null.

const base32Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 §6, in any case, with or without its padding; spaces are only how it was printed. */
export function fromBase32(text: string): Uint8Array | null {
  const [, letters = '', padding = ''] = /^([a-z2-7]+)(=*)$/i.exec(text.replace(/[ -]/g, '')) ?? [];
  if (letters === '' || (padding !== '' && (letters.length + padding.length) % 8 !== 0)) return null;
  // Lengths that no whole number of bytes gives.
  if ([1, 3, 6].includes(letters.length % 8)) return null;
  const bytes = new Uint8Array(Math.floor((letters.length * 5) / 8));
  let value = 0;
  let bits = 0;
  let at = 0;
  for (const letter of letters.toUpperCase()) {
    value = ((value << 5) | base32Letters.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (value >> bits) & 0xff;
    at += 1;
  }
  return (value & ((1 << bits) - 1)) === 0 ? bytes : null;
}

/** Digits in pairs, in any case; spaces are only how it was printed. */
export function fromHex(text: string): Uint8Array | null {
  const digits = text.replace(/[ -]/g, '');
  return /^(?:[0-9a-f]{2})+$/i.test(digits) ? Buffer.from(digits, 'hex') : null;
}

/** RFC 4648 §4 with its padding, and with white space as XML breaks it into lines. */
export function fromBase64(text: string): Uint8Array | null {
  const letters = text.replace(/\s/g, '');
  if (letters === '' || letters.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(letters)) return null;
  return Buffer.from(letters, 'base64');
}
