// The XML of a seed file, a part at a time: each child of the root comes as a small tree and is forgotten. No document type,
// no processing instruction, no entity but XML's own five; bounds on depth, parts and text.
import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes';
import type { SeedRefusal } from '../rules/seed-file.ts';
import { SeedFileRefused } from './refused.ts';

export interface XmlElement {
  readonly uri: string;
  readonly local: string;
  /** Those without a namespace, by name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

export interface XmlPart {
  /** Where it begins, from 1; where several begin in one line, counted on from it. */
  readonly line: number;
  readonly root: { readonly uri: string; readonly local: string; readonly version: string | null };
  readonly part: XmlElement;
}

interface Growing extends XmlElement {
  readonly children: Growing[];
  text: string;
}

/** A key of PSKC is a tree of 30 elements and two kilobytes, 10 deep; a signature's certificates are some kilobytes. */
const bounds = { depth: 24, elements: 500, characters: 64 * 1024 } as const;

/** @throws SeedFileRefused */
export async function* xmlParts(texts: AsyncIterable<string>): AsyncGenerator<XmlPart> {
  const reader = partReader();
  for await (const text of texts) {
    reader.write(text);
    yield* reader.take();
  }
  reader.end();
  yield* reader.take();
}

function partReader() {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const refuse = (why: SeedRefusal): never => {
    throw new SeedFileRefused(why);
  };
  const open: Growing[] = [];
  let root: XmlPart['root'] | null = null;
  let ended = false;
  let finished: XmlPart[] = [];
  let line = 0;
  let begins = 0;
  let elements = 0;
  let characters = 0;
  /** Where the parser last told of something: what it gathers silently is bounded too. */
  let told = 0;

  const within =
    (work: () => void): (() => void) =>
    () => {
      told = parser.position;
      work();
    };
  const grow = (text: string): void => {
    characters += text.length;
    if (characters > bounds.characters) refuse('too-large');
    const element = open.at(-1);
    if (element) element.text += text;
  };

  parser.on('error', () => refuse('format'));
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding)) refuse('encoding');
  });
  parser.on('doctype', () => refuse('doctype'));
  parser.on('processinginstruction', () => refuse('format'));
  parser.on(
    'comment',
    within(() => {}),
  );
  parser.on('text', (text) => within(() => grow(text))());
  parser.on('cdata', (text) => within(() => grow(text))());
  parser.on('opentagstart', () => {
    if (open.length === 0) begins = parser.line;
  });
  parser.on('opentag', (tag) =>
    within(() => {
      const element = elementOf(tag);
      if (root === null) {
        root = { uri: element.uri, local: element.local, version: element.attributes.get('Version') ?? null };
        return;
      }
      elements += 1;
      if (open.length >= bounds.depth || elements > bounds.elements) refuse('too-large');
      open.at(-1)?.children.push(element);
      open.push(element);
    })(),
  );
  parser.on('closetag', () =>
    within(() => {
      const element = open.pop();
      if (!element) ended = true;
      if (!element || !root || open.length > 0) return;
      line = Math.max(begins, line + 1);
      finished.push({ line, root, part: element });
      elements = 0;
      characters = 0;
    })(),
  );

  return {
    write(text: string): void {
      parser.write(text);
      if (parser.position - told > bounds.characters) refuse('too-large');
    },
    take(): readonly XmlPart[] {
      const parts = finished;
      finished = [];
      return parts;
    },
    /** A file that ends before its root does was cut off. */
    end(): void {
      if (!ended) refuse('truncated');
      parser.close();
    },
  };
}

function elementOf(tag: SaxesTagNS): Growing {
  const attributes = Object.values(tag.attributes).filter(({ uri }: SaxesAttributeNS) => uri === '');
  return {
    uri: tag.uri,
    local: tag.local,
    attributes: new Map(attributes.map(({ local, value }) => [local, value])),
    children: [],
    text: '',
  };
}

/** The only child of this name; null when there is none. @throws SeedFileRefused 'format' when there are more */
export function childOf(element: XmlElement | null, local: string, uri?: string): XmlElement | null {
  const found = element?.children.filter((child) => child.local === local && (uri === undefined || child.uri === uri));
  if (found === undefined || found.length === 0) return null;
  if (found.length > 1) throw new SeedFileRefused('format');
  return found[0] ?? null;
}

/** An element's text without what only breaks it into lines. */
export const textOf = (element: XmlElement | null): string | null => element?.text.trim() ?? null;
