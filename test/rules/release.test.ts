// The release matrix: who lifts what from whom, by the bank's policy; nobody from oneself.
import { expect } from 'chai';
import type { Actor, Role } from '../../src/rules/permission.ts';
import { counters, judgeRelease, releaseMatrix, type ReleasePolicy } from '../../src/rules/release.ts';

const roles: readonly Role[] = ['master', 'admin', 'member'];
const policy: ReleasePolicy = { permissions: {}, release: { softwareOtp: 'company', hardwareOtp: 'operator' } };
const actor = (role: Role, id = 'a', companyId = 'c'): Actor => ({
  kind: 'account',
  id,
  companyId,
  role,
  viewsRecords: false,
});
const target = (role: Role, accountId = 'b') => ({ companyId: 'c', accountId, role });

describe('the release matrix', () => {
  it('never lets anybody release oneself, whatever the bank configures', () => {
    const wide = { ...policy, permissions: { 'release-password': ['self'], 'release-otp': ['self'] } } as const;
    for (const each of [policy, wide])
      for (const role of roles)
        for (const counter of counters)
          expect(
            judgeRelease(actor(role), target(role, 'a'), counter, 'software', each),
            `${role} ${counter}`,
          ).to.equal('self');
  });

  it('lets masters and admins release colleagues of every role, and members nobody', () => {
    for (const role of ['master', 'admin'] as const)
      for (const other of roles)
        for (const counter of counters)
          expect(judgeRelease(actor(role), target(other), counter, 'software', policy)).to.equal('may');
    for (const other of roles)
      expect(judgeRelease(actor('member'), target(other), 'login', null, policy)).to.equal('not-allowed');
  });

  it('sends key-fobs to the desk where the bank says so; a person without a token counts as one with a key-fob', () => {
    for (const token of ['hardware', null] as const) {
      expect(judgeRelease(actor('master'), target('member'), 'otp', token, policy)).to.equal('desk');
      const company = { ...policy, release: { softwareOtp: 'company', hardwareOtp: 'company' } } as const;
      expect(judgeRelease(actor('master'), target('member'), 'otp', token, company)).to.equal('may');
      expect(judgeRelease({ kind: 'operator', role: 'clerk' }, target('member'), 'otp', token, policy)).to.equal('may');
    }
  });

  it('knows nobody of another company', () => {
    for (const counter of counters)
      expect(judgeRelease(actor('master', 'a', 'd'), target('member'), counter, 'software', policy)).to.equal(
        'not-found',
      );
  });

  it('is shown line by line, with the desk last', () => {
    const lines = releaseMatrix(policy);
    expect(lines.map((line) => `${line.actor} ${line.target}`)).to.deep.equal([
      'master admin',
      'master member',
      'admin master',
      'admin admin',
      'admin member',
      'admin self',
      'desk anybody',
    ]);
    expect(lines[0]).to.deep.include({ password: 'may', softwareOtp: 'may', hardwareOtp: 'desk', account: 'may' });
    expect(lines.at(-1)).to.deep.include({ password: 'may', hardwareOtp: 'may' });
  });
});
