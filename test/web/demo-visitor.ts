// A browser for tests of the demo's outsiders: keeps cookies per host as browsers do (ports don't separate them), follows
// redirects, sends the page's own form.

export interface Page {
  readonly status: number;
  readonly url: string;
  readonly html: string;
  readonly headers: Headers;
}

export interface Visitor {
  /** Opens an address and follows redirects. */
  open(url: string): Promise<Page>;
  /** One request, no redirect followed. */
  once(url: string, init?: RequestInit): Promise<Response>;
  /** Sends the page's POST form with its hidden inputs and these fields, and follows redirects. */
  send(page: Page, fields: Readonly<Record<string, string>>): Promise<Page>;
  cookies(): readonly string[];
}

export function visitor(language = 'ja'): Visitor {
  const jar = new Map<string, Map<string, string>>();
  const cookiesOf = (url: string): Map<string, string> => {
    const host = new URL(url).hostname;
    const known = jar.get(host) ?? new Map<string, string>();
    jar.set(host, known);
    return known;
  };
  const once = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const cookies = cookiesOf(url);
    const sent = [...cookies].filter(([key]) => new URL(url).pathname.startsWith(key.split(' ')[1] ?? '/'));
    const headers = new Headers(init.headers);
    headers.set('cookie', sent.map(([key, value]) => `${key.split(' ')[0]}=${value}`).join('; '));
    headers.set('accept', 'text/html');
    headers.set('accept-language', language);
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const path = /; path=([^;]+)/i.exec(line)?.[1] ?? '/';
      const name = pair.slice(0, pair.indexOf('='));
      if (/expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(`${name} ${path}`);
      else cookies.set(`${name} ${path}`, pair.slice(name.length + 1));
    }
    return answer;
  };
  const follow = async (url: string, init: RequestInit = {}): Promise<Page> => {
    let answer = await once(url, init);
    let at = url;
    for (let hop = 0; answer.status >= 300 && answer.status < 400 && hop < 20; hop++) {
      at = new URL(answer.headers.get('location') ?? '', at).href;
      answer = await once(at);
    }
    return { status: answer.status, url: at, html: await answer.text(), headers: answer.headers };
  };
  return {
    once,
    open: (url) => follow(url),
    send: (page, fields) => {
      const form = /<form method="post"(?: action="([^"]*)")?[^>]*>([\s\S]*?)<\/form>/.exec(page.html);
      if (!form) throw new Error(`no form on ${page.url}`);
      const hidden = [...(form[2] ?? '').matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
      const body = new URLSearchParams({
        ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])),
        ...fields,
      });
      return follow(new URL(form[1] ?? page.url, page.url).href, { method: 'POST', body });
    },
    cookies: () => [...jar.values()].flatMap((cookies) => [...cookies.keys()].map((key) => key.split(' ')[0] ?? '')),
  };
}

/** The screen ID and refusal of a page. */
export const screenOf = (page: Page): string => /<main[^>]* data-screen="([^"]+)"/.exec(page.html)?.[1] ?? '';
export const refusalOf = (page: Page): string | null =>
  /<main[^>]* data-refusal="([^"]+)"/.exec(page.html)?.[1] ?? null;

/** The JSON of `<script type="application/json" id=…>`; undefined when it isn't there. */
export function dataOf(page: Page, id: string): Record<string, unknown> | undefined {
  const found = new RegExp(`<script type="application/json" id="${id}">([\\s\\S]*?)</script>`).exec(page.html);
  if (!found) return undefined;
  const parsed: unknown = JSON.parse(found[1] ?? '');
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
}
