// The file of a transport key (`tokens import --key-file`): never an argument, which every process of the machine could read.
import { readFileSync } from 'node:fs';

/**
 * Its text, without what surrounds it.
 * @throws Error in words when it can't be read, or is empty
 */
export function keyIn(file: string): string {
  let key: string;
  try {
    key = readFileSync(file, 'utf8').trim();
  } catch {
    throw new Error(`The key file ${file} can't be read.`);
  }
  if (key === '') throw new Error(`The key file ${file} is empty.`);
  return key;
}
