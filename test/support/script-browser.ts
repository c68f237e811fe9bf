// A browser without a screen: cookies, redirects, forms with their hidden inputs, and the headers that real browsers send
// when somebody navigates. What a page says is read from its HTML.
import { request } from 'node:http';

export interface Page {
  readonly status: number;
  readonly url: string;
  readonly html: string;
  readonly screen: string | null;
  readonly refusal: string | null;
  readonly headers: Headers;
  /** Addresses passed on the way, the first one included. */
  readonly hops: readonly string[];
  /** Text of an element by id (JSON scripts of the portal). */
  json(id: string): Record<string, unknown> | null;
  text(): string;
}

/** A file that is handed in with a form. */
export interface Upload {
  readonly fileName: string;
  readonly content: string;
}

export interface ScriptBrowser {
  open(url: string): Promise<Page>;
  /** Fills the page's main form and presses the button with this action ('' = the main act). */
  submit(
    page: Page,
    fields: Readonly<Record<string, string | readonly string[] | Upload>>,
    action?: string,
  ): Promise<Page>;
  /** Posts a body as it is. */
  post(url: string, body: string, headers?: Readonly<Record<string, string>>): Promise<Page>;
  cookies(): ReadonlyMap<string, string>;
  setCookie(name: string, value: string): void;
  dropCookie(name: string): void;
  clone(): ScriptBrowser;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

const navigate = {
  'accept': 'text/html,application/xhtml+xml',
  'accept-language': 'ja',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-user': '?1',
  'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36',
};

/** @param rewrite sends a request to another address than the one it names (several gateways behind one issuer) */
export function scriptBrowser(
  rewrite: (url: URL) => URL = (url) => url,
  jars = new Map<string, Map<string, Cookie>>(),
): ScriptBrowser {
  const jarOf = (url: URL): Map<string, Cookie> => {
    const jar = jars.get(url.hostname) ?? new Map<string, Cookie>();
    jars.set(url.hostname, jar);
    return jar;
  };

  async function go(
    start: string,
    init: { method: string; body?: string; headers?: Readonly<Record<string, string>> },
  ): Promise<Page> {
    let url = new URL(start);
    let { method, body } = init;
    const hops: string[] = [];
    for (let hop = 0; hop < 20; hop += 1) {
      hops.push(url.href);
      const jar = jarOf(url);
      const cookie = [...jar.values()]
        .filter(({ path }) => url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ');
      const target = rewrite(url);
      const response = await exchange(target, {
        method,
        headers: {
          ...navigate,
          'sec-fetch-site': method === 'POST' ? 'same-origin' : 'none',
          ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded', 'origin': url.origin } : {}),
          ...init.headers,
          ...(cookie === '' ? {} : { cookie }),
        },
        ...(body === undefined ? {} : { body }),
      });
      for (const line of response.headers.getSetCookie()) keep(jar, line);
      const location = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && location !== null) {
        url = new URL(location, url);
        if (target.host !== new URL(hops.at(-1) ?? '').host)
          url = new URL(url.href.replace(`//${target.host}`, `//${new URL(hops.at(-1) ?? '').host}`));
        method = 'GET';
        body = undefined;
        continue;
      }
      return pageOf(response.status, url.href, response.text, response.headers, hops);
    }
    throw new Error(`too many redirects: ${hops.join(' → ')}`);
  }

  return {
    open: (url) => go(url, { method: 'GET' }),
    submit: (page, fields, action = '') => {
      const form = mainForm(page.html);
      const values = new URLSearchParams(form.hidden);
      const uploads: (readonly [string, Upload])[] = [];
      for (const [name, value] of Object.entries(fields)) {
        values.delete(name);
        if (isUpload(value)) uploads.push([name, value]);
        else for (const each of typeof value === 'string' ? [value] : value) values.append(name, each);
      }
      if (action !== '') values.append('action', action);
      else if (form.mainAction !== null) values.append('action', form.mainAction);
      const url = new URL(form.action ?? page.url, page.url).href;
      return go(url, {
        method: 'POST',
        ...(form.multipart ? multipart(values, uploads) : { body: values.toString() }),
      });
    },
    post: (url, body, headers = {}) => go(url, { method: 'POST', body, headers }),
    cookies: () =>
      new Map([...jars.values()].flatMap((jar) => [...jar.values()].map(({ name, value }) => [name, value] as const))),
    setCookie: (name, value) => {
      jarOf(new URL('http://localhost')).set(`${name};/`, { name, value, path: '/' });
    },
    dropCookie: (name) => {
      for (const jar of jars.values()) {
        for (const [key, cookie] of jar) if (cookie.name === name) jar.delete(key);
      }
    },
    clone: () => scriptBrowser(rewrite, new Map([...jars].map(([host, jar]) => [host, new Map(jar)]))),
  };
}

const isUpload = (value: string | readonly string[] | Upload): value is Upload =>
  typeof value === 'object' && 'fileName' in value;

/** RFC 7578, as browsers send it. */
function multipart(values: URLSearchParams, uploads: readonly (readonly [string, Upload])[]) {
  const boundary = `----of-a-form-${values.toString().length}-${uploads.length}`;
  const part = (head: string, content: string): string => `--${boundary}\r\n${head}\r\n\r\n${content}\r\n`;
  const named = (name: string): string => `Content-Disposition: form-data; name="${name}"`;
  const body = [
    ...[...values].map(([name, value]) => part(named(name), value)),
    ...uploads.map(([name, { fileName, content }]) =>
      part(`${named(name)}; filename="${fileName}"\r\nContent-Type: application/octet-stream`, content),
    ),
    `--${boundary}--\r\n`,
  ].join('');
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** One request and its answer, redirects included. Not by `fetch`, which calls itself `sec-fetch-mode: cors` whatever it is told. */
function exchange(
  url: URL,
  {
    method,
    headers,
    body,
  }: { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let complete = (): boolean => false;
    const sent = request(url, { method, headers, agent: false }, (response) => {
      complete = () => response.complete;
      const received = new Headers();
      for (let at = 0; at + 1 < response.rawHeaders.length; at += 2)
        received.append(response.rawHeaders[at] ?? '', response.rawHeaders[at + 1] ?? '');
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: received, text }));
      response.on('error', reject);
    });
    // Like every browser: what follows a complete answer on a connection that ends is nobody's (Apache's error pages do so).
    sent.on('error', (error) => {
      if (!complete()) reject(error);
    });
    sent.end(body);
  });
}

function keep(jar: Map<string, Cookie>, line: string): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const name = pair.slice(0, at);
  const value = pair.slice(at + 1);
  const attribute = (wanted: string): string | undefined =>
    attributes.find((each) => each.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
  const expires = attribute('expires');
  const path = attribute('path') ?? '/';
  // As in every browser: the same name under two paths is two cookies.
  const key = `${name};${path}`;
  if (value === '' || (expires !== undefined && Date.parse(expires) <= 0)) jar.delete(key);
  else jar.set(key, { name, value, path });
}

function pageOf(status: number, url: string, html: string, headers: Headers, hops: readonly string[]): Page {
  const main = /<main\b[^>]*>/.exec(html)?.[0] ?? '';
  const attribute = (name: string): string | null => new RegExp(`${name}="([^"]*)"`).exec(main)?.[1] ?? null;
  return {
    status,
    url,
    html,
    headers,
    hops,
    screen: attribute('data-screen'),
    refusal: attribute('data-refusal'),
    json: (id) => {
      const found = new RegExp(`<script[^>]*id="${id}"[^>]*>([\\s\\S]*?)</script>`).exec(html)?.[1];
      return found === undefined ? null : JSON.parse(found);
    },
    text: () =>
      decode(
        (/<main\b[\s\S]*<\/main>/.exec(html)?.[0] ?? html)
          .replace(/<script[\s\S]*?<\/script>/g, '')
          .replace(/<[^>]+>/g, ' '),
      ).replace(/\s+/g, ' '),
  };
}

interface MainForm {
  readonly action: string | null;
  /** Files may be handed in with it. */
  readonly multipart: boolean;
  readonly hidden: [string, string][];
  readonly mainAction: string | null;
}

/** The one POST form inside main: its address, hidden inputs, and the action of its first submit button. */
export function mainForm(html: string): MainForm {
  const main = /<main\b[\s\S]*<\/main>/.exec(html)?.[0] ?? '';
  const form = /<form\b[^>]*method="post"[^>]*>[\s\S]*?<\/form>/.exec(main)?.[0];
  if (form === undefined) throw new Error(`no form in: ${main.slice(0, 300)}`);
  const hidden = [...form.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([input]): [string, string] => [
    decode(/name="([^"]*)"/.exec(input)?.[1] ?? ''),
    decode(/value="([^"]*)"/.exec(input)?.[1] ?? ''),
  ]);
  const action = /^<form\b[^>]*\baction="([^"]*)"/.exec(form)?.[1];
  const button = /<button\b[^>]*type="submit"[^>]*>/.exec(form)?.[0] ?? '';
  const mainAction = /name="action"/.test(button) ? (/value="([^"]*)"/.exec(button)?.[1] ?? null) : null;
  const files = /^<form\b[^>]*\benctype="multipart\/form-data"/.test(form);
  return { action: action === undefined ? null : decode(action), multipart: files, hidden, mainAction };
}

export function decode(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#(\d+);/g, (_match, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&amp;/g, '&');
}
