// Browsers and portals as cheap as they can be, over connections that are kept: what the load client needs, and how many
// requests it sent to whom.
import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { mainForm } from '../test/support/script-browser.ts';

export interface Answer {
  readonly status: number;
  /** The address that answered; for the way back to a portal, that address, which nobody asked. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** `data-screen` of the page. */
  readonly screen: string | null;
}

export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The wire that everybody of one run shares. */
export interface Wire {
  call(url: string, call?: Call): Promise<Answer>;
  /** Requests sent to an origin so far. */
  sentTo(origin: string): number;
  close(): void;
}

export function createWire(): Wire {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const sent = new Map<string, number>();
  return {
    call: (url, { method = 'GET', headers = {}, body } = {}) =>
      new Promise((resolve, reject) => {
        const { origin } = new URL(url);
        sent.set(origin, (sent.get(origin) ?? 0) + 1);
        const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
        const call = request(url, { method, agent, headers: { ...headers, ...length } }, (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              url,
              headers: response.headers,
              body: text,
              screen: /<main\b[^>]*\bdata-screen="([^"]*)"/.exec(text)?.[1] ?? null,
            }),
          );
        });
        call.on('error', reject);
        call.end(body);
      }),
    sentTo: (origin) => sent.get(origin) ?? 0,
    close: () => agent.destroy(),
  };
}

export interface Browser {
  /** Follows redirects up to a page, or to the way back to a portal. */
  open(url: string): Promise<Answer>;
  /** Fills the page's main form and presses the button of this action ('' = the main act). */
  submit(page: Answer, fields: Readonly<Record<string, string>>, action?: string): Promise<Answer>;
  /** The browser is closed: what lasts longer stays. */
  close(): void;
}

const navigate = {
  'accept': 'text/html,application/xhtml+xml',
  'accept-language': 'ja',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36',
};

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly lasting: boolean;
}

/** @param callback where portals are returned to: redirects there are not followed. @param source the address it comes from */
export function createBrowser(wire: Wire, callback: string, source: string): Browser {
  const jars = new Map<string, Map<string, Cookie>>();
  const jarOf = (origin: string): Map<string, Cookie> => {
    const jar = jars.get(origin) ?? new Map<string, Cookie>();
    jars.set(origin, jar);
    return jar;
  };

  async function go(start: string, first: Call): Promise<Answer> {
    let url = new URL(start);
    let call = first;
    for (let hop = 0; hop < 20; hop += 1) {
      const jar = jarOf(url.origin);
      const cookie = cookiesFor(jar, url.pathname);
      const headers = { ...navigate, 'x-forwarded-for': source, ...call.headers, ...(cookie === '' ? {} : { cookie }) };
      const answer = await wire.call(url.href, { ...call, headers });
      for (const line of answer.headers['set-cookie'] ?? []) keep(jar, line);
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
      url = new URL(location, url);
      if (url.href.startsWith(callback)) return { ...answer, url: url.href };
      call = {};
    }
    throw new Error(`too many redirects from ${start}`);
  }

  return {
    open: (url) => go(url, {}),
    submit: (page, fields, action = '') => {
      const form = mainForm(page.body);
      const values = new URLSearchParams(form.hidden);
      for (const [name, value] of Object.entries(fields)) values.set(name, value);
      const pressed = action === '' ? form.mainAction : action;
      if (pressed !== null) values.append('action', pressed);
      const { origin } = new URL(page.url);
      return go(new URL(form.action ?? page.url, page.url).href, {
        method: 'POST',
        body: values.toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin, 'sec-fetch-site': 'same-origin' },
      });
    },
    close: () => {
      for (const jar of jars.values()) for (const [key, { lasting }] of jar) if (!lasting) jar.delete(key);
    },
  };
}

function cookiesFor(jar: ReadonlyMap<string, Cookie>, path: string): string {
  return [...jar.values()]
    .filter(
      (cookie) => path === cookie.path || path.startsWith(cookie.path.endsWith('/') ? cookie.path : `${cookie.path}/`),
    )
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
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
  const key = `${name};${path}`;
  if (value === '' || (expires !== undefined && Date.parse(expires) <= 0)) jar.delete(key);
  else jar.set(key, { name, value, path, lasting: expires !== undefined || attribute('max-age') !== undefined });
}
