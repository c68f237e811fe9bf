// What the demo adds to a configuration: the ports of its outsiders, how Renkei knows them, and a secret of its own. Used
// in demo mode alone; nothing in here is a default of production.
import { createHmac, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layer } from './config-layers.ts';

/** The demo's five ports on loopback: the first moves, the others follow (spec §12). */
export interface DemoPorts {
  readonly gateway: number;
  readonly businessDirect: number;
  readonly portal: number;
  readonly mail: number;
  readonly smtp: number;
}

export function demoPorts(gateway: number): DemoPorts {
  return { gateway, businessDirect: gateway + 1, portal: gateway + 2, mail: gateway + 3, smtp: gateway + 4 };
}

/** What the demo's outsiders need of the configuration. */
export interface Demo {
  readonly ports: DemoPorts;
  /** Client secret of `demo-portal` at the gateway. */
  readonly portalSecret: string;
  /** Client secret of the gateway at the demo's Business Direct, where it is called `renkei`. */
  readonly upstreamSecret: string;
}

/** The same in every process that shares the secret. */
export function demoClientSecrets(secret: Uint8Array): Omit<Demo, 'ports'> {
  const of = (client: string): string =>
    createHmac('sha256', secret).update(`demo client ${client}`).digest('base64url');
  return { portalSecret: of('demo-portal'), upstreamSecret: of('renkei') };
}

/** The ports of a demo that runs already: as it left them in the data folder, else as its issuer tells. */
export function portsBeside(dataDir: string, issuer: string | null, own: number): DemoPorts {
  const ofIssuer = issuer !== null && URL.canParse(issuer) ? Number(new URL(issuer).port) : 0;
  return demoPorts(rememberedDemo(dataDir) ?? (ofIssuer || own));
}

/** The demo's partner portal, as an entry of portals.yaml. */
export function demoPortals({ ports, portalSecret }: Demo): Layer {
  const portal = `http://localhost:${ports.portal}`;
  const entry = {
    client_id: 'demo-portal',
    client_secret: portalSecret,
    client_name: 'デモ提携サービス',
    client_uri: `${portal}/`,
    redirect_uris: [`${portal}/callback`],
    post_logout_redirect_uris: [`${portal}/`],
    initiate_login_uri: `${portal}/initiate-login`,
    backchannel_logout_uri: `${portal}/backchannel-logout`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code', 'refresh_token'],
    id_token_signed_response_alg: 'ES256',
  };
  return { file: 'the demo', value: [entry] };
}

/** The demo's Business Direct provider, as an entry of upstreams.yaml. */
export function demoUpstreams({ ports, upstreamSecret }: Demo): Layer {
  const entry = {
    issuer: `http://localhost:${ports.businessDirect}`,
    client_id: 'renkei',
    client_secret: upstreamSecret,
    renkei: { display_claim: 'business_direct_id', company_claim: 'company', trust: { auth_time: true } },
  };
  return { file: 'the demo', value: [entry] };
}

/**
 * The secret of the demo in this data folder, made once. Processes that share the folder share it, also when they start
 * at the same moment.
 */
export function demoSecret(dataDir: string): string {
  return once(join(dataDir, 'demo-secret'), () => randomBytes(32).toString('base64url'));
}

/** Remembers the first port of a demo, so that another gateway with the same data finds the outsiders. */
export function rememberDemo(dataDir: string, gateway: number): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, 'demo-port'), `${gateway}\n`);
}

/** The first port of the demo that last began with this data folder; null when none did. */
function rememberedDemo(dataDir: string): number | null {
  const port = Number(read(join(dataDir, 'demo-port')));
  return Number.isInteger(port) && port > 0 ? port : null;
}

/** Writes the file unless it is there. It appears whole: a link to a finished file, which fails if the name is taken. */
function once(file: string, make: () => string): string {
  const known = read(file);
  if (known) return known;
  mkdirSync(join(file, '..'), { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${make()}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, 'utf8').trim();
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
