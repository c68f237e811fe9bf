// Whose rights need one-time passwords where only operations ask them (spec §3, guide S4), and what registration then is.
import { expect } from 'chai';
import { registrationDue, type RegistrationFacts } from '../../src/rules/grace.ts';
import { rightsNeedOtp } from '../../src/rules/otp-rights.ts';
import { demandsOtp, type Portal, type PortalRules } from '../../src/rules/portal.ts';

const otpOperations = [
  'create-user',
  'change-user',
  'delete-user',
  'revoke-token',
  'unlink',
  'change-company-settings',
];
const policy = { otpOperations, permissions: {} };
const demanding = new Set(['transfers']);

describe('whose rights need one-time passwords', () => {
  it('are masters and administrators, whatever they were granted', () => {
    for (const role of ['master', 'admin'] as const)
      expect(rightsNeedOtp({ role, portals: [] }, new Set(), policy)).to.equal(true);
  });

  it('are others only by a portal that demands one and was granted to them', () => {
    expect(rightsNeedOtp({ role: 'member', portals: [] }, demanding, policy)).to.equal(false);
    expect(rightsNeedOtp({ role: 'member', portals: ['expenses'] }, demanding, policy)).to.equal(false);
    expect(rightsNeedOtp({ role: 'member', portals: ['expenses', 'transfers'] }, demanding, policy)).to.equal(true);
  });

  it('follow the bank’s own rows of the permission table, and its list of operations', () => {
    const wider = { ...policy, permissions: { 'create-user': ['colleague-member'] } } as const;
    expect(rightsNeedOtp({ role: 'member', portals: [] }, demanding, wider)).to.equal(true);
    const none = { ...policy, otpOperations: [] };
    expect(rightsNeedOtp({ role: 'master', portals: [] }, demanding, none)).to.equal(false);
  });

  it('what one may do to oneself alone gives no such right: nobody has to register for it', () => {
    const own = {
      ...policy,
      otpOperations: ['unlink', 'revoke-token'],
      permissions: { 'unlink': ['self'], 'revoke-token': ['self'] },
    } as const;
    expect(rightsNeedOtp({ role: 'admin', portals: [] }, new Set(), own)).to.equal(false);
  });

  it('a portal demands one by its registration: at every entry, by its least acr, or because its people approve', () => {
    const rules: PortalRules = {
      open: false,
      otp: 'asked',
      acr: null,
      consent: 'none',
      pkce: 'required',
      rotation: 'overlap',
      resourceServer: false,
    };
    const portal: Portal = { client_id: 'a', redirect_uris: ['https://a.example/'], renkei: rules };
    expect(demandsOtp(portal)).to.equal(false);
    expect(demandsOtp({ ...portal, renkei: { ...rules, acr: 'urn:renkei:acr:federated' } })).to.equal(false);
    expect(demandsOtp({ ...portal, authorization_details_types: [] })).to.equal(false);
    expect(demandsOtp({ ...portal, renkei: { ...rules, otp: 'always' } })).to.equal(true);
    expect(demandsOtp({ ...portal, renkei: { ...rules, acr: 'urn:renkei:acr:password-otp' } })).to.equal(true);
    expect(demandsOtp({ ...portal, authorization_details_types: ['urn:renkei:approval'] })).to.equal(true);
  });

  it('registration is theirs to put off until the limit, to the millisecond; afterwards nothing, or a closed sign-in', () => {
    const facts: RegistrationFacts = {
      applied: true,
      tokenUsable: false,
      demanded: false,
      asked: true,
      skipped: false,
      endsAt: 1_000,
      then: 'block-otp-operations',
    };
    expect(registrationDue(facts, 999)).to.equal('skippable');
    expect(registrationDue({ ...facts, skipped: true }, 999)).to.equal('not-due');
    expect(registrationDue(facts, 1_000)).to.equal('not-due');
    expect(registrationDue({ ...facts, then: 'block-login' }, 1_000)).to.equal('required');
    // A skip of before the limit, or a forged one, is none after it.
    expect(registrationDue({ ...facts, then: 'block-login', skipped: true }, 1_000)).to.equal('required');
    expect(registrationDue({ ...facts, asked: false, then: 'block-login' }, 1_000)).to.equal('not-due');
  });
});
