// Debian's Apache with mod_auth_openidc: a partner portal that nobody of this house wrote. Each site is a virtual host on a
// port of its own under 127.0.0.1; the protected page prints what the module learnt. Knows nothing of what a test expects.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from './script-browser.ts';

const modulesFolder = '/usr/lib/apache2/modules';
const modules = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'authz_user',
  'dir',
  'mime',
  'env',
  'include',
  'auth_openidc',
];

export interface ApacheSite {
  /** From `freePort`. */
  readonly port: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** More lines of configuration: how this site uses the module. */
  readonly lines: readonly string[];
}

export interface Apache {
  /** What Apache and the module wrote. */
  log(): string;
  stop(): Promise<void>;
}

/** The addresses of a site: its start page, its protected page, and the module's own. */
export function apacheAddresses(port: number) {
  const origin = `http://127.0.0.1:${port}`;
  const module = `${origin}/secure/redirect_uri`;
  return {
    start: `${origin}/`,
    secure: `${origin}/secure/`,
    redirectUri: module,
    backchannelLogoutUri: `${module}?logout=backchannel`,
    /** Where a visitor signs out; afterwards the browser comes to the start page. */
    logout: `${module}?logout=${encodeURIComponent(`${origin}/`)}`,
  };
}

/** Runs Apache in the foreground until it answers. Rejects with its log when it ends instead. */
export async function startApache(program: string, issuer: string, sites: readonly ApacheSite[]): Promise<Apache> {
  const folder = mkdtempSync(join(tmpdir(), 'renkei-apache-'));
  const pages = join(folder, 'pages');
  mkdirSync(join(pages, 'secure'), { recursive: true });
  mkdirSync(join(pages, 'api'));
  writeFileSync(
    join(pages, 'index.html'),
    '<!doctype html><title>portal</title><main data-screen="APACHE"><p>open</p></main>',
  );
  writeFileSync(
    join(pages, 'secure', 'index.shtml'),
    '<!doctype html><title>portal</title><main data-screen="APACHE-SECURE"><pre><!--#printenv --></pre></main>',
  );
  writeFileSync(join(pages, 'api', 'index.html'), '<!doctype html><title>api</title>');
  // A server started by root gives up its rights and must still read its own folder.
  for (const open of [folder, pages, join(pages, 'secure'), join(pages, 'api')]) chmodSync(open, 0o755);
  const config = join(folder, 'apache.conf');
  writeFileSync(config, configuration(folder, issuer, sites));

  const child = spawn(program, ['-D', 'FOREGROUND', '-f', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const log = (): string => `${output}${read(join(folder, 'error.log'))}`;
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (isRunning(child)) child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + 15_000;
  for (const { port } of sites) {
    while (!(await answers(apacheAddresses(port).start))) {
      if (isRunning(child) && Date.now() < deadline) continue;
      const told = log();
      await stop();
      throw new Error(`Apache did not start:\n${told}`);
    }
  }
  return { log, stop };
}

/** What the protected page told: claims as the module hands them to an application, and the user's name. */
export function apacheClaims(html: string): Readonly<Record<string, string>> {
  const lines = decode(/<pre>([\s\S]*)<\/pre>/.exec(html)?.[1] ?? '').split('\n');
  const entries = lines.flatMap((line) => {
    const [, name, value = ''] =
      /^(?:HTTP_OIDC_|OIDC_)?(CLAIM_\w+|REMOTE_USER|access_token|id_token)=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name.replace(/^CLAIM_/, '').toLowerCase(), value] as const];
  });
  return Object.fromEntries(entries);
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

const answers = (url: string): Promise<boolean> =>
  fetch(url, { headers: { connection: 'close' } }).then(
    async (response) => (await response.text()) !== '' && response.ok,
    () => false,
  );

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function configuration(folder: string, issuer: string, sites: readonly ApacheSite[]): string {
  return [
    ...modules.map((name) => `LoadModule ${name}_module ${modulesFolder}/mod_${name}.so`),
    'ServerName 127.0.0.1',
    `ServerRoot ${folder}`,
    `DefaultRuntimeDir ${folder}`,
    `PidFile ${folder}/apache.pid`,
    `ErrorLog ${folder}/error.log`,
    'LogLevel warn auth_openidc:info',
    ...(process.getuid?.() === 0 ? ['User www-data', 'Group www-data'] : []),
    'StartServers 1',
    'ThreadsPerChild 8',
    'MaxRequestWorkers 16',
    // A kept connection would hold one of few workers.
    'KeepAlive Off',
    'TypesConfig /dev/null',
    'AddType text/html .html .shtml',
    'AddOutputFilter INCLUDES .shtml',
    'AddDefaultCharset utf-8',
    'DirectoryIndex index.html index.shtml',
    ...sites.map(({ port }) => `Listen 127.0.0.1:${port}`),
    ...sites.flatMap((site) => virtualHost(folder, issuer, site)),
    '',
  ].join('\n');
}

function virtualHost(folder: string, issuer: string, site: ApacheSite): readonly string[] {
  const { redirectUri } = apacheAddresses(site.port);
  return [
    `<VirtualHost 127.0.0.1:${site.port}>`,
    `DocumentRoot ${folder}/pages`,
    `<Directory ${folder}/pages>`,
    'Options +Includes',
    'Require all granted',
    '</Directory>',
    `OIDCProviderMetadataURL ${issuer}/.well-known/openid-configuration`,
    `OIDCClientID ${site.clientId}`,
    `OIDCClientSecret ${site.clientSecret}`,
    `OIDCRedirectURI ${redirectUri}`,
    `OIDCCryptoPassphrase passphrase-of-${site.clientId}`,
    // Cookies go to every port of a host: each site has its own.
    `OIDCCookie portal_${site.port}`,
    ...site.lines,
    '<Location /secure/>',
    'AuthType openid-connect',
    'Require valid-user',
    '</Location>',
    '</VirtualHost>',
  ];
}
