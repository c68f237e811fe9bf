// The secret of an authenticator app, shown once: as a QR code, as an address that an app of this device opens, and to be typed.
import type { VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';
import { Copyable } from '../parts/copy.tsx';
import { Facts } from '../parts/facts.tsx';
import { grouped } from '../parts/format.ts';
import { QrCode } from '../parts/qr.tsx';

export interface ShownSecret {
  /** What an app opens (otpauth://…). */
  readonly address: string;
  /** The same secret in Base32. */
  readonly key: string;
}

export function AuthenticatorSecret(props: { readonly t: Texts; readonly secret: ShownSecret }): VNode {
  const { t } = props;
  const { address, key } = props.secret;
  return (
    <>
      <p>
        <strong>{t.say('BOT005.6')}</strong>
      </p>
      <QrCode value={address} label={t.say('BOT005.qr')} />
      <p>
        <a class="button button-other" href={address}>
          {t.say('BOT005.3')}
        </a>
      </p>
      <Facts
        facts={[
          {
            term: t.say('BOT005.4'),
            detail: <Copyable t={t} value={key} shown={grouped(key)} label={t.say('BOT005.4')} />,
          },
        ]}
      />
      <p class="note">{t.say('BOT005.5')}</p>
    </>
  );
}
