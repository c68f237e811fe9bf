// YAML files laid over each other (spec §12): objects merge by key, lists of portals and upstreams by their identifier,
// null removes. Remembers which file every value came from, so that a mistake can name it.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseDocument } from 'yaml';
import type { Mistake } from './config-mistakes.ts';

export type Path = readonly (string | number)[];

/** One file as it was read, or entries the program adds itself. */
export interface Layer {
  readonly file: string;
  readonly value: unknown;
}

/** One merged mapping, how its place is written, and the file of each place in it. */
export interface Merged {
  readonly value: unknown;
  readonly title: string;
  /** The file that gave the value at a path, or the nearest place around it. */
  fileOf(path: Path): string;
}

type Dictionary = Readonly<Record<string, unknown>>;

const isDictionary = (value: unknown): value is Dictionary =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads one YAML file; null when it is not there. What YAML itself finds wrong goes to `mistakes`. */
export function readLayer(file: string, mistakes: Mistake[]): Layer | null {
  const shown = relative('.', file) || file;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    mistakes.push({
      where: shown,
      path: '',
      problem: 'the file cannot be read',
      remedy: 'Check its permissions and that it is a file.',
    });
    return null;
  }
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    for (const error of document.errors) {
      const problem = error.message.split('\n')[0] ?? 'not YAML';
      mistakes.push({ where: shown, path: '', problem, remedy: 'Mend the YAML at this line.' });
    }
    return null;
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  return { file: shown, value };
}

const place = (path: Path): string => JSON.stringify(path);

type Files = Map<string, string>;

function merged(value: Dictionary, title: string, files: Files, fallback: string): Merged {
  return {
    value,
    title,
    fileOf(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const file = files.get(place(path.slice(0, length)));
        if (file !== undefined) return file;
      }
      return fallback;
    },
  };
}

/** Merges objects by key; a later layer wins, null removes. */
export function mergeObjects(layers: readonly Layer[], mistakes: Mistake[]): Merged {
  const files: Files = new Map();
  let value: Dictionary = {};
  for (const layer of layers) {
    if (layer.value === null) continue;
    if (isDictionary(layer.value)) value = lay(value, layer.value, [], layer.file, files);
    else mistakes.push(notA(layer, 'a mapping of keys to values', 'key: value'));
  }
  return merged(value, '', files, layers[0]?.file ?? '');
}

/** Merges lists of entries by the entry's `id` key; an entry that is new goes to the end. */
export function mergeLists(layers: readonly Layer[], id: string, mistakes: Mistake[]): readonly Merged[] {
  const entries = new Map<string, { value: Dictionary; readonly files: Files; readonly first: string }>();
  for (const layer of layers) {
    if (layer.value === null) continue;
    if (!Array.isArray(layer.value)) {
      mistakes.push(notA(layer, `a list of entries with ${id}`, `- ${id}: …`));
      continue;
    }
    const seen = new Set<string>();
    for (const [n, entry] of layer.value.entries()) {
      const key: unknown = isDictionary(entry) ? entry[id] : undefined;
      if (!isDictionary(entry) || typeof key !== 'string' || key === '') {
        const problem = `the entry has no ${id}`;
        mistakes.push({
          where: layer.file,
          path: `[${n}]`,
          problem,
          remedy: `Begin it with "- ${id}: …", in quotes if it is a number.`,
        });
        continue;
      }
      if (seen.has(key)) {
        const problem = `"${key}" stands in this file twice`;
        mistakes.push({ where: layer.file, path: `[${n}].${id}`, problem, remedy: 'Make one entry of the two.' });
      }
      seen.add(key);
      const known = entries.get(key) ?? { value: {}, files: new Map(), first: layer.file };
      known.value = lay(known.value, entry, [], layer.file, known.files);
      entries.set(key, known);
    }
  }
  return [...entries].map(([key, { value, files, first }]) => merged(value, `[${key}]`, files, first));
}

function lay(under: unknown, over: Dictionary, path: Path, file: string, files: Files): Dictionary {
  const result: Record<string, unknown> = isDictionary(under) ? { ...under } : {};
  for (const [key, value] of Object.entries(over)) {
    const inside = [...path, key];
    files.set(place(inside), file);
    if (value === null) delete result[key];
    else if (isDictionary(value)) result[key] = lay(result[key], value, inside, file, files);
    else result[key] = value;
  }
  return result;
}

function notA(layer: Layer, what: string, example: string): Mistake {
  return { where: layer.file, path: '', problem: `the file is not ${what}`, remedy: `Write it as "${example}".` };
}
