// HDK004 where no code is asked any more: the operator's one-time password is stopped, told only after the right password.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';

export function OperatorStoppedPage({ frame }: { readonly frame: Frame }): VNode {
  const t = textsOf(frame);
  return (
    <Layout frame={frame} t={t} screen="HDK004" title={t.say('HDK004.stopped.title')} refusal="otp-stopped">
      <p class="refused">{t.say('HDK004.stopped.1')}</p>
      {frame.reference === null ? null : (
        <p class="reference box">{t.say('form.ref', { ref: frame.reference, screen: 'HDK004' })}</p>
      )}
      <Form frame={frame} action="/helpdesk">
        <Main label={t.say('button.to-signin')} />
      </Form>
    </Layout>
  );
}
