// The sign-in table for a session that stands and meets a new request: `finish` means that no page is needed (house §3).
import type { LiveLogin, PortalRequest } from '../rules/sign-in-record.ts';
import type { Step } from '../rules/sign-in.ts';
import { freshRecord } from './sign-in/begin.ts';
import { lookAt } from './sign-in/look.ts';
import type { Tools } from './tools.ts';

export async function judgeLive(tools: Tools, now: number, request: PortalRequest, live: LiveLogin): Promise<Step> {
  const record = freshRecord({ id: live.loginId, browser: '', request, live }, now, tools.policy.attempt.lifetime);
  return (await lookAt(tools, tools.store, record, now)).step;
}
