// CON022 and CON032: the bank accounts a person may use, out of those the bank registered for the company (screens.md §11).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { BoxTable } from '../parts/boxes.tsx';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';

/** A bank account as the pages show it. */
export interface AccountView {
  readonly id: string;
  readonly branchCode: string;
  readonly branchName: string;
  readonly kind: string;
  readonly number: string;
  readonly memo: string;
  readonly granted: boolean;
}

export interface PersonAccountsProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly isNew: boolean;
  /** As in guide S3, whose button for this step says 「変更」 although a check page follows. */
  readonly asInGuide: boolean;
  readonly accounts: readonly AccountView[];
}

export const branchOf = (t: Texts, { branchName, branchCode }: AccountView): string =>
  t.say('CON022.10', { branch: branchName, code: branchCode });

export const accountColumns = (t: Texts) => [
  { head: t.say('CON022.2') },
  { head: t.say('CON022.3') },
  { head: t.say('CON022.4') },
  { head: t.say('CON022.5') },
];

export function PersonAccountsPage(props: PersonAccountsProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen={props.isNew ? 'CON022' : 'CON032'}
      title={t.say(props.isNew ? 'CON022.title' : 'CON032.title')}
      errors={told}
      banners={props.banners}
      progress="accounts"
      lead={props.accounts.length === 0 ? null : t.say('CON022.1')}
    >
      <Form frame={props.frame}>
        {props.accounts.length === 0 ? (
          <p class="empty">{t.say('CON022.6')}</p>
        ) : (
          <BoxTable
            name="accounts"
            caption={t.label('accounts')}
            columns={accountColumns(t)}
            rows={props.accounts.map((account) => ({
              value: account.id,
              checked: account.granted,
              cells: [
                <>
                  {branchOf(t, account)}
                  <span class="hidden">{` ${account.kind} ${account.number}`}</span>
                </>,
                account.kind,
                account.number,
                account.memo === '' ? t.say('frame.none') : account.memo,
              ],
            }))}
            errors={told}
          />
        )}
        <Main label={t.say(props.asInGuide && !props.isNew ? 'button.change' : 'button.next')} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
