// Seed files as a maker of tokens writes them: CSV and PSKC (RFC 6030), plain or encrypted, of any length, a token at a time.
import { createCipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto';

export interface SeedToken {
  readonly serial: string;
  readonly secret: Uint8Array;
  readonly expires?: string;
}

/** Token number `n`: serial and secret follow from it, so that a test knows them without keeping them. */
export const seedToken = (n: number, prefix = 'FT'): SeedToken => ({
  serial: `${prefix}${String(n).padStart(8, '0')}`,
  secret: createHash('sha1').update(`${prefix} ${n}`).digest(),
  expires: '2031-03-31',
});

export const seedTokens = (count: number, prefix?: string): readonly SeedToken[] =>
  Array.from({ length: count }, (_one, n) => seedToken(n + 1, prefix));

export const csvHead = 'serial,secret_hex,expires,model\r\n';

export const csvLine = ({ serial, secret, expires = '' }: SeedToken): string =>
  `${serial},${Buffer.from(secret).toString('hex')},${expires},FT-200\r\n`;

export const csvFile = (tokens: readonly SeedToken[]): Buffer => Buffer.from(csvHead + tokens.map(csvLine).join(''));

/** How the values of a PSKC are closed. */
export interface Closing {
  /** The algorithm's URI. */
  readonly algorithm: string;
  readonly key: Uint8Array;
  readonly seal: (key: Uint8Array, value: Uint8Array) => Uint8Array;
  readonly mac: {
    readonly algorithm: string;
    readonly hash: string;
    readonly key: Uint8Array;
    readonly inFile: boolean;
  } | null;
  /** The EncryptionKey element. */
  readonly says: string;
}

const xmlenc = 'http://www.w3.org/2001/04/xmlenc#';

export const keyName = '<EncryptionKey><ds:KeyName>Transport 2026</ds:KeyName></EncryptionKey>';

/** The same bytes for the same value: the vectors of a test stay what they are. */
const ivOf = (value: Uint8Array, bytes: number): Buffer =>
  createHash('sha256').update('iv').update(value).digest().subarray(0, bytes);

export function sealCbc(key: Uint8Array, value: Uint8Array): Uint8Array {
  const iv = ivOf(value, 16);
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, iv);
  return Buffer.concat([iv, cipher.update(value), cipher.final()]);
}

export function sealGcm(key: Uint8Array, value: Uint8Array): Uint8Array {
  const iv = ivOf(value, 12);
  const names = { 16: 'aes-128-gcm', 24: 'aes-192-gcm', 32: 'aes-256-gcm' } as const;
  const cipher = createCipheriv(key.length === 16 ? names[16] : key.length === 24 ? names[24] : names[32], key, iv);
  return Buffer.concat([iv, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
}

export function sealWrapped(padded: boolean): Closing['seal'] {
  return (key, value) => {
    const iv = Buffer.from(padded ? 'a65959a6' : 'a6a6a6a6a6a6a6a6', 'hex');
    const cipher = createCipheriv(`id-aes${key.length * 8}-wrap${padded ? '-pad' : ''}`, key, iv);
    return Buffer.concat([cipher.update(value), cipher.final()]);
  };
}

/** AES-CBC with a MAC, as figure 6 of the RFC. */
export function closedCbc(key: Uint8Array, hash: 'sha1' | 'sha256' | 'sha512' = 'sha256'): Closing {
  const algorithm =
    hash === 'sha1'
      ? 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'
      : `http://www.w3.org/2001/04/xmldsig-more#hmac-${hash}`;
  return {
    algorithm: `${xmlenc}aes${key.length * 8}-cbc`,
    key,
    seal: sealCbc,
    mac: { algorithm, hash, key: createHash('sha256').update(key).digest(), inFile: true },
    says: keyName,
  };
}

/** The same under a key from a password, as figure 7. */
export function closedByPassword(password: string, iterations = 1000, hash: 'sha1' | 'sha256' = 'sha256'): Closing {
  const salt = Buffer.from('123eff3c4a72129c', 'hex');
  const prf = hash === 'sha1' ? '<PRF/>' : '<PRF Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/>';
  return {
    ...closedCbc(pbkdf2Sync(password, salt, Math.min(iterations, 5000), 32, hash)),
    says:
      '<EncryptionKey><xenc11:DerivedKey>' +
      '<xenc11:KeyDerivationMethod Algorithm="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2">' +
      `<pkcs5:PBKDF2-params><Salt><Specified>${salt.toString('base64')}</Specified></Salt>` +
      `<IterationCount>${iterations}</IterationCount><KeyLength>32</KeyLength>${prf}</pkcs5:PBKDF2-params>` +
      '</xenc11:KeyDerivationMethod><xenc11:MasterKeyName>Transport 2026</xenc11:MasterKeyName>' +
      '</xenc11:DerivedKey></EncryptionKey>',
  };
}

const encrypted = (closing: Closing, value: Uint8Array): string =>
  `<xenc:EncryptionMethod Algorithm="${closing.algorithm}"/><xenc:CipherData><xenc:CipherValue>` +
  `${Buffer.from(value).toString('base64')}</xenc:CipherValue></xenc:CipherData>`;

export function pskcHead(closing: Closing | null): string {
  const mac = closing?.mac;
  const macKey =
    closing && mac?.inFile ? `<MACKey>${encrypted(closing, closing.seal(closing.key, mac.key))}</MACKey>` : '';
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc"' +
    ` xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xenc="${xmlenc}"` +
    ' xmlns:xenc11="http://www.w3.org/2009/xmlenc11#"' +
    ' xmlns:pkcs5="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#">\n' +
    `${closing?.says ?? ''}\n${mac ? `<MACMethod Algorithm="${mac.algorithm}">${macKey}</MACMethod>\n` : ''}`
  );
}

export const pskcTail = '</KeyContainer>\n';

export function keyPackage({ serial, secret, expires }: SeedToken, closing: Closing | null, patch = ''): string {
  const value = closing && closing.seal(closing.key, secret);
  const mac =
    closing?.mac && value
      ? `<ValueMAC>${createHmac(closing.mac.hash, closing.mac.key).update(value).digest('base64')}</ValueMAC>`
      : '';
  const held =
    closing && value
      ? `<EncryptedValue>${encrypted(closing, value)}</EncryptedValue>${mac}`
      : `<PlainValue>${Buffer.from(secret).toString('base64')}</PlainValue>`;
  return (
    `<KeyPackage><DeviceInfo><Manufacturer>Acme</Manufacturer><SerialNo>${serial}</SerialNo><Model>T1</Model></DeviceInfo>\n` +
    `<Key Id="${serial}" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:totp"><AlgorithmParameters>` +
    `<ResponseFormat Length="6" Encoding="DECIMAL"/></AlgorithmParameters><Data><Secret>${held}</Secret>` +
    '<Time><PlainValue>0</PlainValue></Time><TimeInterval><PlainValue>60</PlainValue></TimeInterval></Data>' +
    `${expires === undefined ? '' : `<Policy><ExpiryDate>${expires}T00:00:00Z</ExpiryDate></Policy>`}${patch}</Key></KeyPackage>\n`
  );
}

export const pskcFile = (tokens: readonly SeedToken[], closing: Closing | null = null): Buffer =>
  Buffer.from(pskcHead(closing) + tokens.map((token) => keyPackage(token, closing)).join('') + pskcTail);

/** A file's bytes as a disk or a network gives them. */
export async function* inChunks(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
