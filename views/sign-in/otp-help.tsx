// OTP004: every way out for somebody who cannot enter a code, without signing anybody in (screens.md §8.3).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Ask } from '../messages/placeholders.ts';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import { Step, type Attempt } from './step.tsx';

export interface OtpHelpProps extends Attempt {
  readonly kind: 'hardware' | 'software';
  /** Who can revoke and reissue this person's token, by the release matrix. */
  readonly ask: Ask;
  /** When a token revoked now could be issued again; null where nothing waits. */
  readonly reissueAt: Instant | null;
}

export function OtpHelpPage(props: OtpHelpProps): VNode {
  const t = textsOf(props.frame);
  const { ask, kind, reissueAt } = props;
  const later =
    reissueAt === null ? null : (
      <>
        {t.gap}
        <Sentence pieces={t.pieces('OTP004.10', { at: reissueAt })} />
      </>
    );
  const lost = (
    <>
      <Sentence pieces={t.pieces('OTP004.7', { ask })} />
      {later}
    </>
  );
  const phone = (
    <>
      <Sentence pieces={t.pieces('OTP004.9', { ask })} />
      {later}
    </>
  );
  const dead = <Sentence pieces={t.pieces('OTP004.12', { ask })} />;
  const expired = <Sentence pieces={t.pieces('OTP004.14', { ask })} />;
  const both = [{ cells: [t.say('OTP004.4'), t.say('OTP004.5')] }, { cells: [t.say('OTP004.6'), lost] }];
  const own =
    kind === 'hardware'
      ? [{ cells: [t.say('OTP004.11'), dead] }, { cells: [t.say('OTP004.13'), expired] }]
      : [{ cells: [t.say('OTP004.8'), phone] }];
  const wrong = { cells: [t.say('OTP004.15'), t.say(kind === 'hardware' ? 'OTP004.16' : 'OTP004.17')] };
  return (
    <Step
      attempt={props}
      t={t}
      screen="OTP004"
      title={t.say('OTP004.title')}
      errors={tell(t, props.errors, {})}
      lead={t.say('OTP004.1')}
    >
      <Table
        quiet
        caption={t.say('OTP004.title')}
        columns={[{ head: t.say('OTP004.2') }, { head: t.say('OTP004.3') }]}
        rows={[wrong, ...both, ...own]}
      />
      <Form frame={props.frame}>
        <Main action="back" label={t.say('button.back')} />
        <Ways>
          {kind === 'hardware' ? <Way action="resync" label={t.say('button.resync')} /> : null}
          {props.cancel ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}
        </Ways>
      </Form>
    </Step>
  );
}
