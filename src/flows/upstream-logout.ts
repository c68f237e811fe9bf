// An upstream says that its session ended (OIDC back-channel logout): what came through the link of that person ends here
// too. The link itself stays.
import { endLogins } from './logout.ts';
import { writeRecord } from './record.ts';
import type { Act, Tools } from './tools.ts';

/** @param told what a verified logout token names */
export async function endThroughUpstream(
  tools: Tools,
  act: Act,
  told: { readonly issuer: string; readonly subject: string },
): Promise<void> {
  const link = await tools.store.link.ofIdentity(told.issuer, told.subject);
  if (!link) return;
  await tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(link.accountId);
    const portals = await endLogins(tools, tables, act, { linkId: link.id }, 'upstream-logout');
    await writeRecord(tables, act, {
      event: 'login.ended',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'system', id: null },
      data: { link: link.id, why: 'upstream-logout', portals },
    });
  });
}
