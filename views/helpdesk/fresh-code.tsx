// The operator's fresh code, which every change asks (screens.md §12): the one of the sign-in is used up.
import type { VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';
import type { Told } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';

export function FreshCode({ t, errors }: { readonly t: Texts; readonly errors: readonly Told[] }): VNode {
  return (
    <Field t={t} name="otp" errors={errors} hint={`${t.say('hint.otp.software')}${t.gap}${t.say('otp.afterlogin')}`} />
  );
}
