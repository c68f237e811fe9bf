// The sign-in table, tried on its whole small world. Facts are branched over only when a row or an assertion reads them, so
// each branch stands for all combinations of what was not read; the first test counts that none is left out.
import { expect } from 'chai';
import { nextStep, table } from '../../src/rules/sign-in.ts';
import type { Facts, Step } from '../../src/rules/sign-in.ts';

const later = Date.UTC(2026, 10, 22, 23);

const world: { readonly [Name in keyof Facts]: readonly Facts[Name][] } = {
  closedUntil: [null, later],
  attempt: ['open', 'gone'],
  chooseUser: [false, true],
  route: ['none', 'direct', 'federated'],
  upstreamVerified: [false, true],
  linked: [false, true],
  passwordProven: [false, true],
  account: ['usable', 'account-stopped', 'company-suspended'],
  pair: ['may-link', 'link-limit', 'company-mismatch', 'not-planned'],
  portal: ['granted', 'no-permission'],
  otpStopped: [false, true],
  waitingUntil: [null, later],
  waitingFor: [null, 'revocation', 'email', 'guard'],
  token: ['usable', 'none'],
  otpNeeded: [false, true],
  otpProven: [false, true],
  setup: ['done', 'login-id', 'password', 'confirmation-password', 'email', 'email-code'],
  registration: ['not-due', 'skippable', 'required'],
  registrationPage: [
    'register-token',
    'choose-token-kind',
    'send-email-code',
    'issue-token',
    'issue-token-check',
    'issue-token-done',
    'activate-token',
    'authenticator-qr',
  ],
  otpDemanded: [false, true],
  acrMeetable: [true, false],
  passwordDue: ['none', 'forced', 'expired', 'result'],
  consent: ['not-asked', 'missing', 'given'],
  approval: ['not-asked', 'missing', 'lapsed', 'given'],
  standing: ['unchanged', 'changed'],
};

const sizes = new Map<string, number>(Object.entries(world).map(([name, values]) => [name, values.length]));
const valuesOf = new Map<string, readonly unknown[]>(Object.entries(world));

const quiet: Facts = {
  closedUntil: null,
  attempt: 'open',
  chooseUser: false,
  route: 'direct',
  upstreamVerified: false,
  linked: false,
  passwordProven: true,
  account: 'usable',
  pair: 'may-link',
  portal: 'granted',
  otpStopped: false,
  waitingUntil: null,
  waitingFor: null,
  token: 'usable',
  otpNeeded: true,
  otpProven: true,
  setup: 'done',
  registration: 'not-due',
  registrationPage: 'register-token',
  otpDemanded: false,
  acrMeetable: true,
  passwordDue: 'none',
  consent: 'not-asked',
  approval: 'not-asked',
  standing: 'unchanged',
};

class Unread extends Error {
  readonly fact: string;
  constructor(fact: string) {
    super(fact);
    this.fact = fact;
  }
}

interface Branch<Answer> {
  readonly read: ReadonlyMap<string, unknown>;
  readonly answer: Answer;
}

/** Every answer that `ask` gives anywhere in the world. */
function everywhere<Answer>(ask: (facts: Facts) => Answer): readonly Branch<Answer>[] {
  const branches: Branch<Answer>[] = [];
  const open: ReadonlyMap<string, unknown>[] = [new Map()];
  for (let read = open.pop(); read; read = open.pop()) {
    const here = read;
    const facts = new Proxy(quiet, {
      get(_target, name) {
        if (typeof name !== 'string' || !here.has(name)) throw new Unread(String(name));
        return here.get(name);
      },
    });
    try {
      branches.push({ read: here, answer: ask(facts) });
    } catch (error) {
      if (!(error instanceof Unread)) throw error;
      const { fact } = error;
      const values = valuesOf.get(fact);
      if (!values) throw new Error(`the table reads a fact that the world does not know: ${fact}`, { cause: error });
      for (const value of values) open.push(new Map([...here, [fact, value]]));
    }
  }
  return branches;
}

function decide(rows: typeof table, facts: Facts): { readonly row: string; readonly step: Step } | null {
  const row = rows.find((candidate) => candidate.when(facts));
  return row ? { row: row.row, step: row.step(facts) } : null;
}

const federated = (f: Facts): boolean => f.route === 'federated';
const identified = (f: Facts): boolean =>
  federated(f) ? f.upstreamVerified && (f.linked || f.passwordProven) : f.route === 'direct' && f.passwordProven;

/** What a finished sign-in relies on, written from spec §3 and not from the table. */
const reliances: readonly (readonly [string, (f: Facts) => boolean])[] = [
  ['the service is open', (f) => f.closedUntil === null],
  ['the attempt is this browser’s own and still open', (f) => f.attempt === 'open'],
  ['nobody has to choose who signs in', (f) => !f.chooseUser],
  ['a route was chosen', (f) => f.route !== 'none'],
  ['Business Direct vouched, on the federated route', (f) => !federated(f) || f.upstreamVerified],
  ['a link or the password says who it is', identified],
  ['account and company are usable', (f) => f.account === 'usable'],
  ['a new pair may be linked', (f) => !federated(f) || f.linked || f.pair === 'may-link'],
  ['the portal is granted', (f) => f.portal === 'granted'],
  ['the one-time password is not stopped', (f) => !f.otpStopped],
  ['no waiting time is left', (f) => f.waitingUntil === null],
  ['a needed one-time password of a usable token is proven', (f) => f.token === 'none' || !f.otpNeeded || f.otpProven],
  ['the setup is done', (f) => f.setup === 'done'],
  ['no registration is due', (f) => f.token === 'usable' || f.registration === 'not-due'],
  ['the demanded acr can be given', (f) => f.acrMeetable],
  ['a demanded one-time password is proven', (f) => !f.otpDemanded || f.otpProven],
  ['no password is due, and its result was acknowledged', (f) => f.passwordDue === 'none'],
  ['consent was given where asked', (f) => f.consent !== 'missing'],
  ['what the portal asked was approved', (f) => f.approval === 'not-asked' || f.approval === 'given'],
  ['nothing relied on has changed', (f) => f.standing === 'unchanged'],
];

describe('the sign-in table', () => {
  it('is tried on every combination of facts exactly once', () => {
    const total = [...sizes.values()].reduce((product, size) => product * size, 1);
    const covered = everywhere((facts) => nextStep(facts).row).reduce((sum, { read }) => {
      const unread = [...sizes].filter(([name]) => !read.has(name));
      return sum + unread.reduce((product, [, size]) => product * size, 1);
    }, 0);
    expect(covered).to.equal(total);
  });

  it('has the rows of spec §3 in their order', () => {
    expect(table.map((row) => row.row)).to.deep.equal([
      '1',
      '2',
      '2a',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '11',
      '12',
      '13',
      '14',
      '15',
      '16',
      '16a',
      '16b',
      '17',
      '18',
    ]);
  });

  it('says something of its own in every row', () => {
    expect(new Set(table.map((row) => row.says)).size).to.equal(table.length);
  });

  for (const [reliance, holds] of reliances) {
    it(`finishes only when ${reliance}`, () => {
      const wrong = everywhere((facts) => nextStep(facts).step.to === 'finish' && !holds(facts)).filter(
        ({ answer }) => answer,
      );
      expect(wrong.map(({ read }) => Object.fromEntries(read))).to.deep.equal([]);
    });
  }

  it('finishes whenever everything it relies on is present', () => {
    const wrong = everywhere(
      (facts) => reliances.every(([, holds]) => holds(facts)) && nextStep(facts).step.to !== 'finish',
    );
    expect(wrong.filter(({ answer }) => answer)).to.deep.equal([]);
  });

  it('has no dead row', () => {
    const deciding = new Set(everywhere((facts) => nextStep(facts).row).map(({ answer }) => answer));
    expect([...deciding].sort()).to.deep.equal(table.map((row) => row.row).sort());
  });

  for (const { row } of table.slice(0, -1)) {
    it(`gives another answer somewhere without row ${row}`, () => {
      const without = table.filter((candidate) => candidate.row !== row);
      const changed = everywhere(
        (facts) => JSON.stringify(decide(table, facts)?.step) !== JSON.stringify(decide(without, facts)?.step),
      );
      expect(changed.some(({ answer }) => answer)).to.equal(true);
    });
  }

  it('answers nothing somewhere without its last row', () => {
    const answers = everywhere((facts) => decide(table.slice(0, -1), facts));
    expect(answers.some(({ answer }) => answer === null)).to.equal(true);
  });

  it('refuses with its last row, and never lets it through', () => {
    const last = everywhere((facts) => nextStep(facts)).filter(({ answer }) => answer.row === '18');
    expect(new Set(last.map(({ answer }) => JSON.stringify(answer.step)))).to.deep.equal(
      new Set([JSON.stringify({ to: 'refuse', word: 'conflict' })]),
    );
  });

  it('starts over an unknown attempt, whatever else may be said of it', () => {
    const gone = everywhere((facts) =>
      facts.attempt === 'gone' && facts.closedUntil === null ? nextStep(facts).step : null,
    );
    for (const { answer } of gone) {
      if (answer) expect(answer).to.deep.equal({ to: 'refuse', word: 'start-over' });
    }
  });

  it('asks an attempt that has proven nothing for its route', () => {
    const empty: Facts = { ...quiet, route: 'none', passwordProven: false, token: 'none', otpProven: false };
    expect(nextStep(empty)).to.include({ row: '3' });
    expect(nextStep({ ...empty, route: 'direct' }).step).to.deep.equal({ to: 'page', slug: 'direct' });
    expect(nextStep({ ...empty, route: 'federated' }).step).to.deep.equal({ to: 'upstream' });
  });

  it('tells nothing of an account before a link or a password says who it is', () => {
    const early = ['1', '2', '2a', '3', '4', '5', '6'];
    const wrong = everywhere((facts) => !early.includes(nextStep(facts).row) && !identified(facts)).filter(
      ({ answer }) => answer,
    );
    expect(wrong).to.deep.equal([]);
  });

  it('asks the first-link check without a word of the pair, the company or the account', () => {
    const read = new Set(
      everywhere((facts) => nextStep(facts).row)
        .filter(({ answer }) => answer === '5')
        .flatMap((branch) => [...branch.read.keys()]),
    );
    expect([...read]).to.not.include.members(['account']);
    expect(
      [...read].filter((fact) => ['account', 'pair', 'portal', 'otpStopped', 'token', 'setup'].includes(fact)),
    ).to.deep.equal([]);
  });

  it('asks a needed one-time password before it shows setup, registration or a password change', () => {
    const asked = everywhere((facts) => {
      const { row } = nextStep(facts);
      return ['13', '14', '16', '16a'].includes(row) && facts.token === 'usable' && facts.otpNeeded && !facts.otpProven;
    });
    expect(asked.some(({ answer }) => answer)).to.equal(false);
  });

  it('keeps a stopped one-time password, a waiting time and a missing permission in front of the code', () => {
    const asked = everywhere((facts) => {
      const { step } = nextStep(facts);
      return (
        step.to === 'page' &&
        step.slug === 'otp' &&
        (facts.otpStopped || facts.waitingUntil !== null || facts.portal !== 'granted')
      );
    });
    expect(asked.some(({ answer }) => answer)).to.equal(false);
  });

  it('gives every page, every refusal and every wait somewhere', () => {
    const steps = new Set(
      everywhere((facts) => nextStep(facts).step).map(({ answer }) =>
        answer.to === 'page' ? answer.slug : answer.to === 'refuse' ? `refuse ${answer.word}` : answer.to,
      ),
    );
    expect([...steps].sort()).to.deep.equal(
      [
        'upstream',
        'waiting',
        'finish',
        'select-account',
        'choose-route',
        'first-link',
        'direct',
        'otp',
        'register-token',
        'choose-token-kind',
        'send-email-code',
        'issue-token',
        'issue-token-check',
        'issue-token-done',
        'activate-token',
        'authenticator-qr',
        'consent',
        'approve',
        'setup-login-id',
        'setup-password',
        'setup-confirmation-password',
        'setup-email',
        'setup-email-code',
        'forced-change',
        'expired-password',
        'password-changed',
        'refuse closed',
        'refuse start-over',
        'refuse account-stopped',
        'refuse company-suspended',
        'refuse link-limit',
        'refuse company-mismatch',
        'refuse not-planned',
        'refuse no-permission',
        'refuse otp-stopped',
        'refuse otp-unreachable',
        'refuse approval-gone',
        'refuse conflict',
      ].sort(),
    );
  });

  it('asks for an approval last, and only somebody who has a token for its code', () => {
    const wrong = everywhere((facts) => {
      const { step } = nextStep(facts);
      const asked = step.to === 'page' && step.slug === 'approve';
      return asked && (facts.token === 'none' || facts.passwordDue !== 'none' || facts.setup !== 'done');
    });
    expect(wrong.some(({ answer }) => answer)).to.equal(false);
    const known: Facts = { ...quiet, approval: 'missing', otpDemanded: true };
    expect(nextStep(known)).to.include({ row: '16b' });
    expect(nextStep({ ...known, token: 'none' }).step).to.deep.equal({ to: 'refuse', word: 'otp-unreachable' });
    const gone = nextStep({ ...known, approval: 'lapsed' });
    expect(gone).to.deep.include({ row: '16b', step: { to: 'refuse', word: 'approval-gone' } });
  });

  it('waits until the very instant it was given', () => {
    expect(nextStep({ ...quiet, waitingUntil: later }).step).to.deep.equal({ to: 'waiting', until: later });
  });
});
