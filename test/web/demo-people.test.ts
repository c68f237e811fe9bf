// config/demo/*.json keep the contract of spec §12 and the rules of spec §2 for IDs and passwords.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { stateWords, subjectOf } from '../../src/demo/people.ts';
import { createSecrets } from '../../src/secrets/gateway-secrets.ts';
import { demoFiles, demoPasswords } from '../../src/seed.ts';
import { root } from '../support/source.ts';
import type { DemoCompany, DemoOperator, DemoPerson, DemoStock, DemoToken } from '../../src/demo/people.ts';

const file = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../config/demo', `${name}.json`), 'utf8');
const read = <T>(name: string): T[] => JSON.parse(file(name));

const BASE32 = /^[A-Z2-7]+$/;
const bytes = (secret: string): number => Math.floor((secret.length * 5) / 8);

describe('the people of the demo', () => {
  const people = read<DemoPerson>('people');
  const companies = read<DemoCompany>('companies');
  const tokens = read<DemoToken>('tokens');
  const stock: DemoStock = JSON.parse(file('stock'));
  const inState = (state: string) => people.filter((person) => person.state === state);

  it('have exactly the fields of the contract', () => {
    const fields = [
      'company',
      'contract_number',
      'role',
      'state',
      'name',
      'login_id',
      'password',
      'confirmation_password',
      'email',
      'otp',
      'business_direct',
    ];
    for (const person of people) {
      expect(Object.keys(person)).to.deep.equal(fields);
      if (person.otp) {
        const serial = person.otp.kind === 'hardware' ? ['serial'] : [];
        expect(Object.keys(person.otp)).to.deep.equal([
          'kind',
          'registered',
          ...serial,
          'secret',
          'algorithm',
          'digits',
          'period',
        ]);
      }
      if (person.business_direct) expect(Object.keys(person.business_direct)).to.deep.equal(['id', 'password']);
    }
  });

  it('show every state and every role, and nothing else', () => {
    expect(new Set(people.map(({ state }) => state))).to.deep.equal(new Set(Object.keys(stateWords)));
    expect(new Set(people.map(({ role }) => role))).to.deep.equal(new Set(['master', 'admin', 'member']));
  });

  it('begin with five who have a code and Business Direct but no link, and two of them share a token', () => {
    const unlinked = inState('ready-unlinked').filter(({ otp, business_direct }) => otp?.registered && business_direct);
    expect(unlinked.length).to.be.at.least(5);
    expect(new Set(unlinked.slice(0, 5).map(({ otp }) => otp?.secret)).size).to.equal(5);
    const serials = people.flatMap(({ otp }) => (otp?.registered && otp.serial ? [otp.serial] : []));
    const shared = new Set(serials.filter((serial, at) => serials.indexOf(serial) !== at));
    expect(shared.size).to.equal(1);
    const sharers = people.filter(({ otp }) => otp?.serial !== undefined && shared.has(otp.serial));
    expect(sharers).to.have.length(2);
    expect(new Set(sharers.map(({ contract_number, otp }) => `${contract_number} ${otp?.secret}`)).size).to.equal(1);
  });

  it('belong to companies that are described, each with one master', () => {
    const described = new Map(companies.map((company) => [company.contract_number, company.name]));
    expect(companies.length).to.be.at.least(5);
    for (const person of people) expect(described.get(person.contract_number)).to.equal(person.company);
    for (const number of described.keys()) {
      expect(
        people.filter(({ contract_number, role }) => contract_number === number && role === 'master'),
      ).to.have.length(1);
    }
  });

  it('may use bank accounts of their own company alone', () => {
    for (const { contract_number, bank_accounts } of companies) {
      expect(new Set(bank_accounts.map((account) => account.number)).size).to.equal(bank_accounts.length);
      for (const account of bank_accounts) {
        expect(account.branch_code).to.match(/^[0-9]{3}$/);
        for (const loginId of account.granted_to) {
          const person = people.find(({ login_id }) => login_id === loginId);
          expect(person?.contract_number, loginId).to.equal(contract_number);
        }
      }
    }
    expect(companies.flatMap(({ bank_accounts }) => bank_accounts).length).to.be.at.least(4);
  });

  it('leave the first company in the hands of a master and two admins who can act with a code', () => {
    const [first] = companies;
    const able = people.filter(
      ({ contract_number, role, state, otp }) =>
        contract_number === first?.contract_number && role !== 'member' && state.startsWith('ready') && otp?.registered,
    );
    expect(able.filter(({ role }) => role === 'master')).to.have.length(1);
    expect(able.filter(({ role }) => role === 'admin').length).to.be.at.least(2);
  });

  it('are told apart by login ID, mail address and Business Direct ID', () => {
    for (const values of [
      people.map(({ login_id }) => login_id.toLowerCase()),
      people.map(({ email }) => email),
      people.flatMap(({ business_direct }) => (business_direct ? [business_direct.id.toLowerCase()] : [])),
    ]) {
      expect(new Set(values).size).to.equal(values.length);
    }
    for (const { email } of people) expect(email).to.match(/^[a-z]+@[a-z]+\.example\.co\.jp$/);
  });

  it('have issued IDs and passwords before the first-time setup, chosen ones after (spec §2)', () => {
    for (const person of people) {
      if (person.state === 'new') {
        expect(person.login_id).to.match(/^\d{9}$/);
        expect(person.password).to.match(
          person.role === 'master' ? /^\d{12}$/ : /^(?=.*\d)(?=.*[A-Za-z])[A-HJ-NP-Za-km-z2-9]{9}$/,
        );
        expect(person.confirmation_password).to.equal(null);
      } else {
        expect(person.login_id).to.match(/^(?!\d{9}$)[A-Za-z0-9]{6,12}$/);
        for (const password of [person.password, person.confirmation_password]) {
          expect(password).to.match(/^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]{8,12}$/);
          expect(password).not.to.equal(person.login_id);
        }
        expect(person.password).not.to.equal(person.confirmation_password);
      }
    }
    expect(inState('new').map(({ role }) => role)).to.include.members(['master', 'member']);
  });

  it('hold tokens that fit their state', () => {
    for (const { state, otp } of people) {
      if (state === 'no-otp') expect(otp).to.equal(null);
      else if (state === 'grace' || state === 'grace-over')
        expect(otp).to.include({ kind: 'hardware', registered: false });
      else if (state !== 'new') expect(otp?.registered).to.equal(true);
    }
    const withoutOtp = companies
      .filter(({ otp_application }) => otp_application === 'none')
      .map(({ contract_number }) => contract_number);
    expect(new Set(inState('no-otp').map(({ contract_number }) => contract_number))).to.deep.equal(new Set(withoutOtp));
    const suspended = companies.filter((company) => company.suspended).map(({ contract_number }) => contract_number);
    expect(new Set(inState('company-suspended').map(({ contract_number }) => contract_number))).to.deep.equal(
      new Set(suspended),
    );
  });

  it('are within their limit in grace and past it in grace-over (spec §5: 14 days from arrival, 45 from application)', () => {
    const left = (contract: string): number => {
      const company = companies.find(({ contract_number }) => contract_number === contract);
      const applied = company?.otp_applied_days_ago ?? Number.NaN;
      const arrived = company?.token_arrived_days_ago ?? null;
      return Math.min(45 - applied, arrived === null ? Infinity : 14 - arrived);
    };
    for (const { contract_number } of inState('grace')) expect(left(contract_number)).to.be.greaterThan(1);
    for (const { contract_number } of inState('grace-over')) expect(left(contract_number)).to.be.lessThan(-1);
  });

  it('have valid token secrets of 160 bits or more, also the tokens nobody has registered', () => {
    const all = [...people.flatMap(({ otp }) => (otp ? [otp] : [])), ...tokens];
    for (const token of all) {
      expect(token.secret).to.match(BASE32);
      expect(bytes(token.secret)).to.be.at.least(20);
      expect(token).to.include({ digits: 6, period: 60 });
    }
    expect(new Set(all.map(({ algorithm }) => algorithm))).to.deep.equal(new Set(['SHA1', 'SHA256', 'SHA512']));
    expect(tokens.length).to.be.at.least(6);
    const held = new Set(people.flatMap(({ otp }) => (otp?.serial ? [otp.serial] : [])));
    expect(new Set(tokens.map(({ serial }) => serial)).size).to.equal(tokens.length);
    for (const { serial, contract_number } of tokens) {
      expect(held.has(serial)).to.equal(false);
      expect(companies.some((company) => company.contract_number === contract_number)).to.equal(true);
    }
  });

  it('wait in companies of guide S4: one key-fob for all, some shared, one each; on their way, there, and past the limit', () => {
    const waiting = (mode: DemoCompany['sharing_mode'], state: string) =>
      companies.filter(
        ({ sharing_mode, contract_number }) =>
          sharing_mode === mode &&
          people.some((person) => person.contract_number === contract_number && person.state === state),
      );
    const fobs = (contract: string) => {
      const serials = people.flatMap(({ contract_number, otp }) =>
        contract_number === contract && otp?.serial ? [otp.serial] : [],
      );
      return { people: serials.length, fobs: new Set(serials).size };
    };
    const [all] = waiting('all', 'grace');
    const [some] = waiting('some', 'grace');
    const [each] = waiting('each', 'grace');
    expect(fobs(all?.contract_number ?? '')).to.deep.equal({ people: 3, fobs: 1 });
    expect(fobs(some?.contract_number ?? '')).to.deep.equal({ people: 3, fobs: 2 });
    expect(fobs(each?.contract_number ?? '')).to.deep.equal({ people: 3, fobs: 3 });
    for (const company of [all, some])
      expect([company?.token_shipped_days_ago, company?.token_arrived_days_ago]).to.deep.equal([
        company === some ? 1 : 2,
        null,
      ]);
    expect(each?.token_arrived_days_ago).to.be.a('number');
    // Whatever each of them holds may be registered by each.
    for (const company of waiting('some', 'grace-over').concat(waiting('each', 'grace-over')))
      expect(company.token_arrived_days_ago).to.be.greaterThan(14);
    expect(waiting('all', 'grace-over')).to.deep.equal([]);
  });

  it('hold one key-fob that expires soon, whose free successor is on its way; the bank has some in stock', () => {
    expect(stock.expiring).to.have.length(1);
    for (const { serial, successor, expires_in_days: days } of stock.expiring) {
      const holder = people.find(({ otp }) => otp?.serial === serial);
      expect(holder?.otp?.registered).to.equal(true);
      expect(days).to.be.within(15, 60);
      const next = tokens.find((token) => token.serial === successor);
      expect(next?.contract_number).to.equal(holder?.contract_number);
      expect(next?.expires_in_days).to.be.greaterThan(365);
    }
    expect(stock.tokens.length).to.be.at.least(3);
    const taken = new Set([...people.flatMap(({ otp }) => otp?.serial ?? []), ...tokens.map(({ serial }) => serial)]);
    for (const { serial, secret } of stock.tokens) {
      expect(taken.has(serial), serial).to.equal(false);
      expect(secret).to.match(BASE32);
    }
  });

  it('are asserted by Business Direct under a subject that is not their ID and never changes', () => {
    expect(subjectOf('minato01')).to.equal(subjectOf('MINATO01'));
    const subjects = people.flatMap(({ business_direct }) => (business_direct ? [subjectOf(business_direct.id)] : []));
    expect(new Set(subjects).size).to.equal(subjects.length);
    for (const subject of subjects) expect(subject).to.match(/^[\w-]{27}$/);
  });
});

describe('the operators of the demo', () => {
  const operators = read<DemoOperator>('operators');

  it('have exactly the fields that the README names', () => {
    for (const operator of operators) {
      expect(Object.keys(operator)).to.deep.equal(['login_id', 'name', 'role', 'state', 'password', 'otp']);
      if (operator.otp) expect(Object.keys(operator.otp)).to.deep.equal(['secret', 'algorithm', 'digits', 'period']);
      expect(operator.otp === null).to.equal(operator.state === 'new');
    }
  });

  it('are a clerk, an auditor, two supervisors, and one who has not signed in yet', () => {
    const ready = operators.filter(({ state }) => state === 'ready').map(({ role }) => role);
    expect(ready.toSorted()).to.deep.equal(['auditor', 'clerk', 'supervisor', 'supervisor']);
    expect(operators.filter(({ state }) => state === 'new')).to.have.length(1);
  });

  it('have IDs, passwords and secrets of their own, which no person has', () => {
    const people = read<DemoPerson>('people');
    const ids = operators.map(({ login_id: id }) => id.toLowerCase());
    expect(new Set(ids).size).to.equal(ids.length);
    expect(people.filter(({ login_id: id }) => ids.includes(id.toLowerCase()))).to.deep.equal([]);
    for (const { password, otp } of operators) {
      expect(password).to.match(/[a-z]/i).and.to.match(/[0-9]/);
      expect(people.some((person) => person.password === password)).to.equal(false);
      if (otp) expect([BASE32.test(otp.secret), bytes(otp.secret)]).to.deep.equal([true, 20]);
    }
  });

  it('have their passwords’ hashes computed beforehand: of every one of them, of nothing else, and right', async () => {
    const files = demoFiles(root);
    expect(Object.keys(files.hashes)).to.deep.equal(demoPasswords(files).toSorted());
    const { hasher } = createSecrets(new Uint8Array(32), 2, Date.now);
    for (const [password, hash] of Object.entries(files.hashes).filter((_each, n) => n % 10 === 0)) {
      expect(hasher.needsRehash(hash), password).to.equal(false);
      expect(await hasher.verify(hash, password), password).to.equal(true);
    }
  });
});
