// The operator of a visit as the moves of the token desk know one, and what he may do.
import { auditActor, operatorActor } from '../../flows/operator/actor.ts';
import type { Mover } from '../../flows/stock/mover.ts';
import { normalise } from '../../rules/normalise.ts';
import { allows, bank, type Act as ActName } from '../../rules/permission.ts';
import type { Form } from '../form.ts';
import type { HelpdeskVisit } from './visit.ts';

/** Asked again inside each transaction: whoever was stopped, or has another role by now, moves nothing. */
export const moverOf = ({ operator }: HelpdeskVisit): Mover => ({
  actor: operatorActor(operator),
  audit: auditActor(operator),
  by: 'desk',
  still: async (tables) => {
    const now = await tables.operator.find(operator.id);
    return (
      now !== null &&
      now.stoppedAt === null &&
      now.securityEpoch === operator.securityEpoch &&
      now.role === operator.role
    );
  },
});

export const mayDo = ({ operator, site }: HelpdeskVisit, act: ActName): boolean =>
  allows(operatorActor(operator), act, bank, site.tools.policy);

/** One value of the address, as it was typed. */
export const typedIn = ({ ctx }: HelpdeskVisit, name: string): string => {
  const value = ctx.query[name];
  return typeof value === 'string'
    ? value
        .replace(/\p{Cc}/gu, '')
        .trim()
        .slice(0, 100)
        .toWellFormed()
    : '';
};

/** A serial number as it is kept; '' for what none can be. */
export function serialOf(typed: string): string {
  const serial = normalise(typed.slice(0, 200)).toUpperCase();
  return /^[A-Z0-9]{1,64}$/.test(serial) ? serial : '';
}

/** A field in words, of at most a few lines: nothing that no keyboard makes. */
export const wordsIn = (form: Form, name: string): string =>
  form
    .text(name)
    .replace(/\r\n?/g, '\n')
    .replace(/(?!\n)\p{Cc}/gu, '')
    .trim()
    .toWellFormed();

/** The page that was asked for, from 1. */
export function pageOf(visit: HelpdeskVisit): number {
  const page = Number(typedIn(visit, 'page').normalize('NFKC'));
  return Number.isInteger(page) && page > 0 && page <= 100_000 ? page : 1;
}
