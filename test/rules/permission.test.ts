// Who may do what to whom: every actor, act and target, against the sentences of spec §7 and §8.
import { expect } from 'chai';
import { allows, judgePermission, proofFor } from '../../src/rules/permission.ts';
import type { Act, Actor, OtpStanding, Target } from '../../src/rules/permission.ts';

const acts: readonly Act[] = ['list-people', 'view-person', 'unlink', 'forget-device'];
const account = (role: 'master' | 'admin' | 'member'): Actor => ({
  kind: 'account',
  id: 'me',
  companyId: 'ours',
  role,
});
const accounts = [account('master'), account('admin'), account('member')];
const operator = (role: 'clerk' | 'supervisor' | 'auditor'): Actor => ({ kind: 'operator', role });
const commandLine: Actor = { kind: 'command-line' };
const me: Target = { companyId: 'ours', accountId: 'me' };
const colleague: Target = { companyId: 'ours', accountId: 'colleague' };
const company: Target = { companyId: 'ours', accountId: null };
const policy = { otpOperations: ['unlink'] };

describe('who may do what', () => {
  it('never reaches across companies, and looks as if nothing were there', () => {
    for (const actor of accounts) {
      for (const act of acts) {
        for (const accountId of ['me', 'colleague', null]) {
          expect(judgePermission(actor, act, { companyId: 'theirs', accountId }), act).to.equal('not-found');
        }
      }
    }
  });

  it('lets the master and admins list, view, unlink and forget for others', () => {
    for (const actor of [account('master'), account('admin')]) {
      expect(allows(actor, 'list-people', company)).to.equal(true);
      for (const act of acts) expect(allows(actor, act, colleague), act).to.equal(true);
    }
  });

  it('lets a member do nothing to others, and does not let the list be seen', () => {
    for (const act of acts) expect(judgePermission(account('member'), act, colleague), act).to.equal('not-allowed');
    expect(judgePermission(account('member'), 'list-people', company)).to.equal('not-allowed');
  });

  it('lets everybody unlink and forget for oneself', () => {
    for (const actor of accounts) {
      expect(allows(actor, 'unlink', me)).to.equal(true);
      expect(allows(actor, 'forget-device', me)).to.equal(true);
    }
  });

  it('lets clerks and supervisors act for any company, and auditors read', () => {
    for (const act of acts) {
      for (const role of ['clerk', 'supervisor'] as const)
        expect(allows(operator(role), act, { ...colleague, companyId: 'any' })).to.equal(true);
    }
    expect(allows(operator('auditor'), 'view-person', colleague)).to.equal(true);
    expect(judgePermission(operator('auditor'), 'unlink', colleague)).to.equal('not-allowed');
    expect(judgePermission(operator('auditor'), 'forget-device', colleague)).to.equal('not-allowed');
  });

  it('lets the bank’s command line do everything', () => {
    for (const act of acts) expect(allows(commandLine, act, colleague)).to.equal(true);
  });
});

describe('what an act asks', () => {
  const proof = (act: Act, target: Target, otp: OtpStanding = 'usable') =>
    proofFor(account('admin'), act, target, otp, policy);

  it('is nothing for reading', () => {
    expect(proof('list-people', company)).to.equal('none');
    expect(proof('view-person', colleague)).to.equal('none');
  });

  it('is the confirmation password and a code for unlinking, also for oneself', () => {
    expect(proof('unlink', colleague)).to.equal('confirmation+otp');
    expect(proof('unlink', me)).to.equal('confirmation+otp');
  });

  it('is the confirmation password alone without an application and in the grace', () => {
    expect(proof('unlink', colleague, 'not-applied')).to.equal('confirmation');
    expect(proof('unlink', colleague, 'grace')).to.equal('confirmation');
  });

  it('is a token’s registration past the grace without one', () => {
    expect(proof('unlink', colleague, 'none')).to.equal('token-needed');
  });

  it('is the confirmation password alone for what the policy does not name', () => {
    expect(proofFor(account('admin'), 'unlink', colleague, 'usable', { otpOperations: [] })).to.equal('confirmation');
    expect(proof('forget-device', colleague)).to.equal('confirmation');
  });

  it('is nothing more for ending one’s own device', () => {
    expect(proof('forget-device', me)).to.equal('none');
  });

  it('is a fresh code for every change by an operator, and nothing on the command line', () => {
    expect(proofFor(operator('clerk'), 'unlink', colleague, 'usable', policy)).to.equal('otp');
    expect(proofFor(operator('clerk'), 'forget-device', colleague, 'usable', policy)).to.equal('otp');
    expect(proofFor(operator('auditor'), 'view-person', colleague, 'usable', policy)).to.equal('none');
    expect(proofFor(commandLine, 'unlink', colleague, 'none', policy)).to.equal('none');
  });
});
