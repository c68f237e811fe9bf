// How somebody goes on whose gateway died: sends again what was not answered, types what each page asks, begins anew where
// nothing else is offered, until the portal has its tokens.
import { expect } from 'chai';
import type { Page } from '../support/script-browser.ts';
import type { Person } from './person.ts';
import { password, type Scene } from './scene.ts';
import { type Answered, authorizeUrl, redeem } from './token-endpoint.ts';

export interface Plan {
  readonly route: 'federated' | 'direct';
  readonly remember?: boolean;
  /** Where it begins: a page that was shown already. */
  readonly from?: string;
  /** Stops at this page. */
  readonly until?: string;
  /** Codes of the minute before: of what comes before an act. */
  readonly early?: boolean;
  /** The passwords that a forced change asks for, where they are not everybody's. */
  readonly present?: { readonly login: string; readonly confirmation?: string };
}

export interface Way {
  /** Which pages came, for eyes. */
  readonly trail: string;
  readonly page: Page;
  /** Of the portal, when it was entered. */
  readonly tokens: Answered | null;
}

/** Opens the portal. */
export const toPortal = (scene: Scene, person: Person): Promise<Page> => person.visit.open(authorizeUrl(scene));

/** As `goOn`, for who wants to know the way alone. */
export const onward = async (scene: Scene, person: Person, from: Page, plan: Plan): Promise<string> =>
  (await goOn(scene, person, from, plan)).trail;

/** Answers pages until the portal was entered. */
export async function goOn(scene: Scene, person: Person, from: Page, plan: Plan): Promise<Way> {
  const trail: string[] = [];
  let page = from;
  let name = 0;
  let anew = 0;
  let sameCode = person.typed !== null;
  for (let round = 0; round < 24; round += 1) {
    trail.push(told(page));
    const { visit } = person;
    // The act is over when its page was left, whatever follows.
    if (plan.from !== undefined && page.screen === plan.from && round > 0)
      throw new Error(`the act led nowhere: ${shorter(trail)}`);
    if (page.screen === plan.until) return { trail: shorter(trail), page, tokens: null };
    switch (page.screen) {
      case 'CALLBACK': {
        const code = new URL(page.url).searchParams.get('code');
        if (code === null) {
          trail.push(String(new URL(page.url).searchParams.get('error')));
          page = await beginAnew();
          break;
        }
        const tokens = await redeem(scene, visit.through ?? scene.demo.gateway, code);
        if (tokens.status === 200) return { trail: shorter([...trail, 'tokens']), page, tokens };
        // Spent by a request whose answer was lost: whoever stole it could no more use it than the portal can.
        expect(tokens.error, 'why the portal gets no tokens').to.equal('invalid_grant');
        trail.push('code is spent');
        page = await beginAnew();
        break;
      }
      case 'LGN001':
        page = await visit.submit(page, {}, plan.route);
        break;
      case 'LGN002':
      case 'LNK001': {
        if (page.refusal === 'credentials') name += 1;
        const known = person.names[name];
        if (!known) throw new Error(`nobody is known by any name: ${shorter(trail)}`);
        page = await visit.submit(page, { login_id: known.loginId, password: known.password });
        break;
      }
      case 'OTP001':
      case 'OTP002': {
        if (page.refusal === 'otp-used' && sameCode && person.typed !== null) {
          // Neither the code itself nor an older one.
          const older = await visit.submit(page, { otp: person.token.code(person.typed - 1) });
          expect(older.refusal, 'an older code').to.be.oneOf(['otp-used', 'otp-wrong']);
          page = older;
        }
        const again =
          sameCode && page.refusal === null && person.typed !== null && person.typed >= person.stepNow() - 1;
        const fresh = async (): Promise<string> => (plan.early === true ? person.earlyCode() : person.freshCode());
        const otp = again ? person.token.code(person.typed ?? 0) : await fresh();
        sameCode = again;
        page = await visit.submit(page, { otp, ...(plan.remember === true ? { remember: 'on' } : {}) });
        break;
      }
      case 'SET001':
        page = await visit.submit(page, { new_login_id: person.chosen.loginId });
        break;
      case 'SET002':
        page = await visit.submit(page, {
          new_password: person.chosen.password,
          new_password_again: person.chosen.password,
        });
        break;
      case 'SET003':
        page = await visit.submit(page, {
          new_confirmation_password: person.chosen.confirmation,
          new_confirmation_password_again: person.chosen.confirmation,
        });
        break;
      case 'SET004':
        page = await visit.submit(page, { email: person.chosen.email });
        break;
      case 'SET005':
        page = await proveAddress(page);
        break;
      case 'TKN001':
      case 'TKN002':
        page = await visit.submit(page, { serial: person.token.serial, otp: await person.freshCode() });
        break;
      case 'PWC001':
        page = await visit.submit(page, {
          password: plan.present?.login ?? password,
          new_password: person.chosen.password,
          new_password_again: person.chosen.password,
          ...(page.html.includes('name="new_confirmation_password"')
            ? {
                confirmation_password: plan.present?.confirmation ?? password,
                new_confirmation_password: person.chosen.confirmation,
                new_confirmation_password_again: person.chosen.confirmation,
              }
            : {}),
        });
        break;
      case 'PWC003':
        page = await visit.submit(page, {});
        break;
      default:
        if (![400, 404, 409, 410].includes(page.status))
          throw new Error(`${shorter(trail)}: ${page.text().slice(0, 300)}`);
        page = await beginAnew();
    }
  }
  throw new Error(`no end: ${shorter(trail)}`);

  function beginAnew(): Promise<Page> {
    anew += 1;
    if (anew > 2) throw new Error(`began anew again and again: ${shorter(trail)}`);
    trail.push('anew');
    return toPortal(scene, person);
  }

  /** With the code of the newest mail; a new one is asked for when that one is void. */
  async function proveAddress(asked: Page): Promise<Page> {
    if (asked.refusal !== null) return person.visit.submit(asked, {}, 'resend');
    const code = await newestCode(scene, person.chosen.email);
    return code === null ? person.visit.submit(asked, {}, 'resend') : person.visit.submit(asked, { email_code: code });
  }
}

/** The code of the newest mail to an address, sent or about to be; null when none was owed. */
export async function newestCode(scene: Scene, to: string): Promise<string | null> {
  await untilDelivered(scene);
  const mails = (await scene.demo.mails(to)).toSorted((a, b) => Number(a.id) - Number(b.id));
  return mails.findLast(({ code }) => code !== null)?.code ?? null;
}

/** Until nothing that is due waits in the outbox. */
export async function untilDelivered(scene: Scene): Promise<void> {
  for (let round = 0; round < 400; round += 1) {
    const [row] = await scene.sql(
      `select count(*)::int as n from outbox where sent_at is null and kind = 'mail' and failed_why is null`,
    );
    if (row?.['n'] === 0) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 25);
    });
  }
  throw new Error('the outbox is not delivered');
}

export const told = ({ screen, refusal, status }: Page): string =>
  `${screen === 'CALLBACK' ? 'portal' : (screen ?? status)}${refusal === null ? '' : ` (${refusal})`}`;

/** Pages that came twice in a row are told once. */
const shorter = (trail: readonly string[]): string =>
  trail.filter((step, place) => step !== trail[place - 1]).join(' → ');
