// Who may do what to whom: every actor, act and target, against the sentences of spec §2, §7 and §8.
import { expect } from 'chai';
import fc from 'fast-check';
import { acts, allows, bank, judgePermission, neverToOneself, proofFor, whos } from '../../src/rules/permission.ts';
import type { Act, Actor, OtpStanding, Role, Target } from '../../src/rules/permission.ts';

const account = (role: Role, viewsRecords = false): Actor => ({
  kind: 'account',
  id: 'me',
  companyId: 'ours',
  role,
  viewsRecords,
});
const accounts = [account('master'), account('admin'), account('member')];
const operator = (role: 'clerk' | 'supervisor' | 'auditor'): Actor => ({ kind: 'operator', role });
const commandLine: Actor = { kind: 'command-line' };
const me = (role: Role): Target => ({ companyId: 'ours', accountId: 'me', role });
const colleague: Target = { companyId: 'ours', accountId: 'colleague', role: 'member' };
const master: Target = { companyId: 'ours', accountId: 'master', role: 'master' };
const company: Target = { companyId: 'ours', accountId: null, role: null };
const revoke = { proof: 'confirmation+otp', wait: null } as const;
const policy = { otpOperations: ['unlink', 'change-user'], revoke };
const none = { permissions: {} };
const reads: readonly Act[] = ['list-people', 'view-person', 'view-records', 'view-stock'];
/** Acts on what belongs to no company. */
const ofTheBank: readonly Act[] = [
  'view-stock',
  'import-tokens',
  'move-tokens',
  'change-otp-application',
  'extend-grace',
  'remind',
  'manage-operators',
];
const ofSupervisors: readonly Act[] = ['extend-grace', 'manage-operators'];

describe('who may do what', () => {
  it('never reaches across companies, and looks as if nothing were there', () => {
    for (const actor of accounts) {
      for (const act of acts) {
        for (const accountId of ['me', 'colleague', null]) {
          expect(judgePermission(actor, act, { companyId: 'theirs', accountId, role: null }, none), act).to.equal(
            'not-found',
          );
        }
      }
    }
  });

  it('lets the master and admins do everything for the others of their company', () => {
    for (const actor of [account('master'), account('admin')])
      for (const act of acts) expect(allows(actor, act, colleague, none), act).to.equal(!ofTheBank.includes(act));
  });

  it('lets no account near the stock, the applications and the bank’s own staff, whatever a bank configures', () => {
    for (const actor of accounts)
      for (const act of ofTheBank) {
        expect(judgePermission(actor, act, bank, none), act).to.equal('not-found');
        expect(judgePermission(actor, act, bank, { permissions: { [act]: [...whos] } }), act).to.equal('not-found');
      }
  });

  it('lets no company demote or delete its master, who is made by the bank', () => {
    for (const act of ['change-role', 'delete-user'] as const) {
      expect(judgePermission(account('admin'), act, master, none)).to.equal('not-allowed');
      expect(allows(operator('clerk'), act, master, none)).to.equal(true);
    }
    expect(allows(account('admin'), 'release-password', master, none)).to.equal(true);
  });

  it('lets a member do nothing to others, and does not let the list be seen', () => {
    for (const act of acts)
      expect(judgePermission(account('member'), act, colleague, none), act).to.equal('not-allowed');
    expect(judgePermission(account('member'), 'list-people', company, none)).to.equal('not-allowed');
  });

  it('lets a member to whom it was granted read the records of the company, and nothing else', () => {
    const reader = account('member', true);
    for (const act of acts) expect(allows(reader, act, company, none), act).to.equal(act === 'view-records');
  });

  it('lets everybody revoke, unlink, forget and read one’s own records, and do nothing else to oneself', () => {
    for (const actor of accounts) {
      for (const act of acts) {
        const own = ['revoke-token', 'unlink', 'forget-device', 'view-person', 'view-records'].includes(act);
        expect(actor.kind === 'account' && allows(actor, act, me(actor.role), none), act).to.equal(own);
      }
    }
    expect(neverToOneself).to.include.members(['release-password', 'release-otp', 'change-password-of-others']);
  });

  it('lets clerks and supervisors act for any company, auditors only look', () => {
    for (const act of acts) {
      for (const role of ['clerk', 'supervisor'] as const)
        expect(allows(operator(role), act, { ...colleague, companyId: 'any' }, none), act).to.equal(
          role === 'supervisor' || !ofSupervisors.includes(act),
        );
      expect(allows(operator('auditor'), act, colleague, none), act).to.equal(reads.includes(act));
    }
  });

  it('lets the bank’s command line do everything', () => {
    for (const act of acts) expect(allows(commandLine, act, colleague, none), act).to.equal(act !== 'extend-grace');
  });

  it('takes a bank’s own row in place of the table’s, and no other', () => {
    const mastersOnly = { permissions: { 'create-user': ['colleague-master'] as const } };
    expect(allows(account('admin'), 'create-user', company, mastersOnly)).to.equal(false);
    expect(allows(account('master'), 'create-user', company, mastersOnly)).to.equal(true);
    expect(allows(account('admin'), 'change-user', colleague, mastersOnly)).to.equal(true);
  });

  it('reaches across companies by no override', () => {
    const anyone = fc.constantFrom(...accounts, account('member', true));
    fc.assert(
      fc.property(anyone, fc.constantFrom(...acts), fc.constantFrom('me', 'x', null), (actor, act, accountId) => {
        const all = ['self', 'colleague-master', 'colleague-admin', 'colleague-member', 'records-reader'] as const;
        const target = { companyId: 'theirs', accountId, role: null };
        expect(judgePermission(actor, act, target, { permissions: { [act]: all } })).to.equal('not-found');
      }),
    );
  });
});

describe('what an act asks', () => {
  const proof = (act: Act, target: Target, otp: OtpStanding = 'usable') =>
    proofFor(account('admin'), act, target, otp, policy);

  it('is nothing for reading', () => {
    for (const act of reads) expect(proof(act, company)).to.equal('none');
  });

  it('is the confirmation password and a code for unlinking, also for oneself', () => {
    expect(proof('unlink', colleague)).to.equal('confirmation+otp');
    expect(proof('unlink', me('admin'))).to.equal('confirmation+otp');
  });

  it('is for a change of role what it is for the change of a person', () => {
    expect(proof('change-role', colleague)).to.equal('confirmation+otp');
  });

  it('is the confirmation password alone without an application and in the grace', () => {
    expect(proof('unlink', colleague, 'not-applied')).to.equal('confirmation');
    expect(proof('unlink', colleague, 'grace')).to.equal('confirmation');
  });

  it('is a token’s registration past the grace without one', () => {
    expect(proof('unlink', colleague, 'none')).to.equal('token-needed');
  });

  it('is the confirmation password alone for what the policy does not name: releasing, ending a skip', () => {
    expect(proofFor(account('admin'), 'unlink', colleague, 'usable', { otpOperations: [], revoke })).to.equal(
      'confirmation',
    );
    expect(proof('forget-device', colleague)).to.equal('confirmation');
    expect(proof('release-password', colleague)).to.equal('confirmation');
  });

  it('is nothing more for ending one’s own device', () => {
    expect(proof('forget-device', me('admin'))).to.equal('none');
  });

  it('is a fresh code for every change by an operator, and nothing on the command line', () => {
    expect(proofFor(operator('clerk'), 'unlink', colleague, 'usable', policy)).to.equal('otp');
    expect(proofFor(operator('clerk'), 'forget-device', colleague, 'usable', policy)).to.equal('otp');
    expect(proofFor(operator('auditor'), 'view-person', colleague, 'usable', policy)).to.equal('none');
    expect(proofFor(commandLine, 'unlink', colleague, 'none', policy)).to.equal('none');
  });
});
