// What the guide to the demo shows of its people: who plays in which story, and what every token displays now. Data only;
// the pages and the codes are the gateway's.
import { type DemoOperator, type DemoOtp, type DemoPerson, type DemoStockToken, stateWords } from './people.ts';

/** A person as the guide's tables show one. `tokens` is the address of the page of all tokens. */
const shownPerson = (person: DemoPerson, tokens: string) => ({
  company: person.company,
  role: person.role,
  state: { ja: stateWords[person.state][0], en: stateWords[person.state][1] },
  name: person.name,
  loginId: person.login_id,
  password: person.password,
  confirmationPassword: person.confirmation_password,
  token: person.otp && {
    serial: person.otp.serial ?? null,
    href: `${tokens}#${anchorOf(person.otp, person.login_id)}`,
  },
  bd: person.business_direct,
});

const anchorOf = (token: { readonly serial?: string }, owner: string): string => `token-${token.serial ?? owner}`;

/** An operator as the guide's table shows one. */
const shownOperator = ({ login_id: loginId, name, role, state, password, otp }: DemoOperator, tokens: string) => ({
  loginId,
  name,
  role,
  fresh: state === 'new',
  password,
  token: otp && `${tokens}#${anchorOf({}, loginId)}`,
});

/** Everybody, and those whom the five stories name: each can be followed to its end with the people it is given. */
export function guideOf(people: readonly DemoPerson[], operators: readonly DemoOperator[], tokens: string) {
  const shown = (...some: readonly (DemoPerson | undefined)[]) =>
    some.flatMap((person) => (person ? [shownPerson(person, tokens)] : []));
  const [player, stopped = player] = people.filter((person) => person.role === 'member' && isReady(people, person));
  const admin = people.find(
    ({ role, state, company }) => role === 'admin' && state === 'ready-linked' && company === player?.company,
  );
  const newcomer = people.find(
    ({ state, otp, business_direct: direct }) => state === 'new' && otp !== null && direct !== null,
  );
  return {
    stories: {
      linking: shown(player),
      direct: shown(player),
      unlinking: shown(admin, player),
      newcomer: shown(newcomer),
      stopped: shown(stopped),
    },
    people: shown(...people),
    operators: operators.map((operator) => shownOperator(operator, tokens)),
    unlockCommand: `npx renkei unlock ${stopped?.login_id ?? ''}`,
  };
}

/** Can sign in on both routes with a key-fob of one's own, and has no link yet. */
const isReady = (people: readonly DemoPerson[], { state, otp, business_direct: direct }: DemoPerson): boolean =>
  state === 'ready-unlinked' &&
  direct !== null &&
  otp?.serial !== undefined &&
  people.filter((other) => other.otp?.serial === otp.serial).length === 1;

/** Minutes by which the clock of one key-fob is slow: its person sees how that is repaired. */
const slow = 4;

interface Shown extends Omit<DemoOtp, 'registered'> {
  readonly owner: string;
  readonly holder: string | null;
}

type Clockwork = Omit<DemoOtp, 'kind' | 'registered'>;

/**
 * What all tokens display, each once; a shared one names all its people.
 * @param now milliseconds since the epoch
 * @param codeAt the code of a token at a time
 */
export function displays(
  people: readonly DemoPerson[],
  operators: readonly DemoOperator[],
  free: readonly DemoStockToken[],
  now: number,
  codeAt: (token: Clockwork, at: number) => string,
) {
  const drifted = people.findLast((person) => isReady(people, person))?.otp?.serial;
  const all: readonly Shown[] = [
    ...people.flatMap(({ otp, name, login_id: owner }) =>
      otp ? [{ ...otp, owner, holder: otp.registered ? name : null }] : [],
    ),
    ...operators.flatMap(({ otp, name, login_id: owner }) =>
      otp ? [{ ...otp, kind: 'software' as const, owner, holder: name }] : [],
    ),
    ...free.map((token) => ({ ...token, kind: 'hardware' as const, owner: '', holder: null })),
  ];
  return [...new Map(all.map((token) => [token.secret, token])).values()].map((token) => {
    const driftMinutes = token.serial !== undefined && token.serial === drifted ? slow : 0;
    const period = token.period * 1000;
    return {
      anchor: anchorOf(token, token.owner),
      serial: token.serial ?? null,
      kind: token.kind,
      holders: all.flatMap(({ secret, holder }) => (secret === token.secret && holder !== null ? [holder] : [])),
      code: codeAt(token, now - driftMinutes * 60_000),
      until: (Math.floor(now / period) + 1) * period,
      driftMinutes,
    };
  });
}
