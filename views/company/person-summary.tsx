// Everything that was entered for a person, as check and result pages show it: empty values 「なし」, what changed with `*`,
// bold, and the word 「変更」 (screens.md §4.1, CON023, CON033).
import type { ComponentChildren, VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';
import { Facts, type Fact } from '../parts/facts.tsx';
import { Table } from '../parts/table.tsx';
import { accountColumns, branchOf, type AccountView } from './person-accounts.tsx';

export interface PersonView {
  /** Null where it is yet to be issued. */
  readonly loginId: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly role: 'master' | 'admin' | 'member';
  /** May read the records of the whole company. */
  readonly records: boolean;
  readonly portals: readonly { readonly name: string; readonly granted: boolean; readonly open: boolean }[];
  readonly accounts: readonly AccountView[];
}

/** `reissue`: a new ID and initial password, before the first-time setup. */
export interface PasswordView {
  readonly how: 'keep' | 'issue' | 'typed' | 'reissue' | 'none';
  readonly force: boolean;
}

export interface SummaryProps {
  readonly t: Texts;
  /** Null for a new person: nothing is marked. */
  readonly before: PersonView | null;
  readonly after: PersonView;
  readonly passwords: { readonly login: PasswordView; readonly confirmation: PasswordView } | null;
  readonly onlyChanged: boolean;
}

/** A changed value, after what stood before. */
export function Changed(props: { readonly t: Texts; readonly from?: string; readonly to: ComponentChildren }): VNode {
  return (
    <>
      {props.from === undefined ? null : `${props.from} → `}
      <strong class="changed">
        {'* '}
        {props.to} <span class="mark">{props.t.say('CON072.3')}</span>
      </strong>
    </>
  );
}

interface Item extends Fact {
  readonly changed: boolean;
}

function item(t: Texts, term: string, from: string | null, to: string): Item {
  const changed = from !== null && from !== to;
  return { term, changed, detail: changed ? <Changed t={t} from={from} to={to} /> : to };
}

function passwordItem(t: Texts, which: 'login' | 'confirmation', { how, force }: PasswordView): Item {
  const term = t.say(`secret.${which}`);
  if (how === 'keep' || how === 'none')
    return { term, changed: false, detail: t.say(how === 'keep' ? 'CON033.6' : 'CON033.12') };
  if (how === 'reissue') return { term, changed: true, detail: <Changed t={t} to={t.say('CON033.7')} /> };
  const words = t.say(how === 'issue' ? 'CON033.2' : 'CON033.3');
  const forced = t.say(force ? 'CON033.4' : 'CON033.5');
  return { term, changed: true, detail: <Changed t={t} to={`${words} / ${forced}`} /> };
}

function basics({ t, before, after, passwords }: SummaryProps): readonly Item[] {
  const none = t.say('frame.none');
  const was = <Value,>(of: (view: PersonView) => Value): Value | null => (before === null ? null : of(before));
  return [
    item(
      t,
      t.say('person.login-id'),
      was(({ loginId }) => loginId ?? none),
      after.loginId ?? t.say('CON023.2'),
    ),
    ...(passwords === null
      ? []
      : [passwordItem(t, 'login', passwords.login), passwordItem(t, 'confirmation', passwords.confirmation)]),
    item(
      t,
      t.label('person_name'),
      was(({ name }) => name),
      after.name,
    ),
    item(
      t,
      t.label('email'),
      was(({ email }) => email ?? none),
      after.email ?? none,
    ),
    item(
      t,
      t.label('role'),
      was(({ role }) => t.say(`role.${role}`)),
      t.say(`role.${after.role}`),
    ),
  ];
}

function rights({ t, before, after }: SummaryProps): readonly Item[] {
  const records = (granted: boolean): string => t.say(granted ? 'CON023.6' : 'CON023.7');
  return [item(t, t.say('CON021.2'), before && records(before.records), records(after.records))];
}

function portals({ t, before, after }: SummaryProps): readonly Item[] {
  const entry = (granted: boolean): string => t.say(granted ? 'CON023.4' : 'CON023.5');
  return after.portals.map(({ name, granted, open }) => {
    const old = before?.portals.find((portal) => portal.name === name);
    return open
      ? { term: name, changed: false, detail: t.say('CON021.4') }
      : item(t, name, old ? entry(old.granted) : null, entry(granted));
  });
}

function accounts(props: SummaryProps): VNode {
  const { t, before, after } = props;
  const rows = after.accounts
    .map((account) => {
      const old = before?.accounts.find(({ id }) => id === account.id);
      return { account, changed: before !== null && (old?.granted ?? false) !== account.granted };
    })
    .filter(({ account, changed }) => (account.granted && !props.onlyChanged) || changed);
  if (rows.length === 0) return <p>{t.say(props.onlyChanged ? 'person.unchanged' : 'frame.none')}</p>;
  const word = (granted: boolean): string => t.say(granted ? 'CON022.8' : 'CON022.9');
  return (
    <Table
      quiet
      caption={t.label('accounts')}
      columns={[...accountColumns(t), { head: t.say('CON022.7') }]}
      rows={rows.map(({ account, changed }) => ({
        cells: [
          branchOf(t, account),
          account.kind,
          account.number,
          account.memo === '' ? t.say('frame.none') : account.memo,
          changed ? <Changed t={t} to={word(account.granted)} /> : word(account.granted),
        ],
      }))}
    />
  );
}

function Part({
  t,
  items,
  onlyChanged,
}: {
  readonly t: Texts;
  readonly items: readonly Item[];
  readonly onlyChanged: boolean;
}): VNode {
  const shown = onlyChanged ? items.filter(({ changed }) => changed) : items;
  return shown.length === 0 ? <p>{t.say('person.unchanged')}</p> : <Facts facts={shown} />;
}

export function Summary(props: SummaryProps): VNode {
  const { t, onlyChanged } = props;
  return (
    <div class="stack">
      <h2>{t.say('CON011.1')}</h2>
      <Part t={t} items={basics(props)} onlyChanged={onlyChanged} />
      <h2>{t.say('CON023.8')}</h2>
      <Part t={t} items={rights(props)} onlyChanged={onlyChanged} />
      <h2>{t.label('portals')}</h2>
      {props.after.portals.length === 0 ? (
        <p>{t.say('frame.none')}</p>
      ) : (
        <>
          <Part t={t} items={portals(props)} onlyChanged={onlyChanged} />
          <p class="note">{t.say('hint.portals')}</p>
        </>
      )}
      <h2>{t.label('accounts')}</h2>
      {accounts(props)}
    </div>
  );
}
