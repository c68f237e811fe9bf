// Portable Symmetric Key Container (RFC 6030): one KeyPackage after the other, with its secret open. A signature over the file
// is not judged: what is closed has its MACs, and who handed the file in is proven by other means than itself.
import type { SeedField, SeedWhy } from '../rules/seed-file.ts';
import type { RawSeed } from '../rules/seed-judge.ts';
import { fromBase64 } from './binary.ts';
import { type PskcKeys, pskcKeys } from './pskc-key.ts';
import { SeedFileRefused } from './refused.ts';
import { childOf, textOf, type XmlElement, xmlParts } from './xml.ts';

const pskc = 'urn:ietf:params:xml:ns:keyprov:pskc';
const totp = `${pskc}:totp`;

/** So many lines after a value that does not hold, and none that did: the key is another. */
const wronglyKeyed = 100;

type Wrong = readonly [SeedField, SeedWhy];

/** @param key the transport key, or null @throws SeedFileRefused */
export async function* readPskc(texts: AsyncIterable<string>, key: string | null): AsyncGenerator<RawSeed> {
  let encryptionKey: XmlElement | null = null;
  let macMethod: XmlElement | null = null;
  let keys: PskcKeys | null = null;
  let some = false;
  let opened = false;
  // A value that does not hold is a bad line beside values that do; while there is none, it may as well be the key, and the
  // lines from there on wait.
  let doubtful: RawSeed[] = [];
  for await (const { root, line, part } of xmlParts(texts)) {
    if (root.uri !== pskc || root.local !== 'KeyContainer') throw new SeedFileRefused('format');
    if (root.version !== '1.0') throw new SeedFileRefused('unsupported');
    if (part.uri !== pskc) continue;
    if (part.local === 'EncryptionKey' || part.local === 'MACMethod') {
      // Their place is before the first key, and there is one of each (RFC 6030 §4.1).
      if (keys || (part.local === 'MACMethod' ? macMethod : encryptionKey)) throw new SeedFileRefused('format');
      if (part.local === 'MACMethod') macMethod = part;
      else encryptionKey = part;
    }
    if (part.local !== 'KeyPackage') continue;
    some = true;
    keys ??= await pskcKeys(encryptionKey, macMethod, key);
    const raw = rawOf(line, part, keys);
    opened ||= keys.closed && typeof raw.secret !== 'string';
    doubtful.push(raw);
    if (!opened && doubtful.some(({ secret }) => secret === 'mac')) {
      if (doubtful.length >= wronglyKeyed) throw new SeedFileRefused('key-wrong');
      continue;
    }
    yield* doubtful;
    doubtful = [];
  }
  if (doubtful.length > 0) throw new SeedFileRefused('key-wrong');
  if (!some) throw new SeedFileRefused('empty');
}

function rawOf(line: number, keyPackage: XmlElement, keys: PskcKeys): RawSeed {
  const device = childOf(keyPackage, 'DeviceInfo', pskc);
  const key = childOf(keyPackage, 'Key', pskc);
  const parameters = childOf(key, 'AlgorithmParameters', pskc);
  const format = childOf(parameters, 'ResponseFormat', pskc);
  const data = childOf(key, 'Data', pskc);
  const policy = childOf(key, 'Policy', pskc);
  const wrong: Wrong[] = [...wrongAlgorithm(key, parameters, format), ...wrongPolicy(policy)];
  const maker = [textOf(childOf(device, 'Manufacturer', pskc)), textOf(childOf(device, 'Model', pskc))];
  return {
    line,
    serial: textOf(childOf(device, 'SerialNo', pskc)),
    secret: secretOf(childOf(data, 'Secret', pskc), keys),
    algorithm: textOf(childOf(parameters, 'Suite', pskc)),
    digits: format?.attributes.get('Length') ?? null,
    period: periodOf(childOf(data, 'TimeInterval', pskc), keys),
    expires: textOf(childOf(policy, 'ExpiryDate', pskc)) ?? textOf(childOf(device, 'ExpiryDate', pskc)),
    model: maker.filter((text) => text !== null && text !== '').join(' ') || null,
    wrong,
  };
}

function wrongAlgorithm(key: XmlElement | null, parameters: XmlElement | null, format: XmlElement | null): Wrong[] {
  const algorithm = key?.attributes.get('Algorithm') ?? null;
  if (algorithm === null) return [['algorithm', 'missing']];
  // Counters, challenges and PINs are other tokens than those that people here can use.
  if (algorithm !== totp || childOf(parameters, 'ChallengeFormat', pskc)) return [['algorithm', 'unsupported']];
  const checked = /^(true|1)$/.test(format?.attributes.get('CheckDigits') ?? '');
  const decimal = (format?.attributes.get('Encoding') ?? 'DECIMAL') === 'DECIMAL';
  return checked || !decimal ? [['digits', 'unsupported']] : [];
}

/** A key whose policy is not understood wholly may not be used (RFC 6030 §5). Its beginning has passed when it is handed out. */
function wrongPolicy(policy: XmlElement | null): Wrong[] {
  const usages = policy?.children.filter(({ local }) => local === 'KeyUsage') ?? [];
  const understood = (policy?.children ?? []).every(
    ({ uri, local, attributes }) =>
      uri === pskc &&
      (['StartDate', 'ExpiryDate', 'KeyUsage'].includes(local) ||
        (local === 'PINPolicy' && attributes.get('PINUsageMode') === 'Local')),
  );
  const forCodes = usages.length === 0 || usages.some(({ text }) => text.trim() === 'OTP');
  return understood && forCodes ? [] : [['line', 'unsupported']];
}

function secretOf(secret: XmlElement | null, keys: PskcKeys): Uint8Array | SeedWhy {
  const plain = childOf(secret, 'PlainValue', pskc);
  const value = childOf(secret, 'EncryptedValue', pskc);
  if ((plain === null) === (value === null)) return plain ? 'form' : 'missing';
  if (value) return keys.closed ? keys.open(value, childOf(secret, 'ValueMAC', pskc)) : 'key';
  // In a file that closes its values an open one has come in from elsewhere.
  return keys.closed ? 'mac' : (fromBase64(plain?.text ?? '') ?? 'form');
}

/** Seconds, plain or closed like the secret; as digits, or as the bytes of a number. */
function periodOf(interval: XmlElement | null, keys: PskcKeys): string | null {
  const value = childOf(interval, 'EncryptedValue', pskc);
  if (!value || !keys.closed) return textOf(childOf(interval, 'PlainValue', pskc));
  const open = keys.open(value, childOf(interval, 'ValueMAC', pskc));
  if (typeof open === 'string' || open.length > 4) return 'unreadable';
  const text = Buffer.from(open).toString('latin1');
  return /^[0-9]+$/.test(text) ? text : String(open.reduce((number, byte) => number * 256 + byte, 0));
}
