// The operators of the demo, as config/demo/operators.json names them: the bank's own staff, ready to sign in at /helpdesk, and
// one who has to choose a password and register an authenticator first.
import type { DemoOperator } from './demo/people.ts';
import { secretFromBase32 } from './secrets/totp.ts';
import type { Stores } from './stores.ts';
import type { Tables } from './store/store.ts';

const day = 86_400_000;

/** @param hashes by password */
export async function addOperators(
  { tables, stores, now }: { readonly tables: Tables; readonly stores: Stores; readonly now: number },
  operators: readonly DemoOperator[],
  hashes: ReadonlyMap<string, string>,
): Promise<void> {
  for (const { login_id: loginName, name, role, state, password, otp } of operators) {
    const tokenId = otp && stores.secrets.id();
    if (otp && tokenId !== null)
      await tables.token.add({
        id: tokenId,
        companyId: null,
        kind: 'software',
        serial: null,
        secret: stores.secrets.sealTokenSecret(secretFromBase32(otp.secret), tokenId),
        algorithm: otp.algorithm,
        digits: otp.digits,
        period: otp.period,
        lastStep: null,
        lastStepBy: null,
        expiresAt: null,
        retiredAt: null,
      });
    const fresh = state === 'new';
    await tables.operator.add({
      id: stores.secrets.id(),
      loginName,
      name,
      role,
      hash: hashes.get(password) ?? '',
      passwordSetAt: now,
      issued: fresh,
      issuedUntil: fresh ? now + 90 * day : null,
      tokenId,
      createdAt: now,
      createdBy: 'command-line',
    });
  }
}
