// Which messages may stand at a field or in the error summary, and the refusal word each one puts on the page
// (screens.md §7 letters F and S, end of §8.8; spec §12).
import type { FieldName, Key, Names, Values } from './placeholders.ts';
import type { ja } from './ja.ts';

export const refusalWords = {
  'form.required': 'form',
  'form.choose': 'form',
  'form.long': 'form',
  'form.chars': 'form',
  'form.date': 'form',
  'form.stale': 'csrf',
  'form.busy': 'form',
  'login.mismatch': 'credentials',
  'operator.mismatch': 'credentials',
  'login.busy': 'too-many',
  'link.tries': 'too-many',
  'password.fullwidth': 'form',
  'password.length': 'form',
  'password.mix': 'form',
  'password.sameid': 'form',
  'password.sameother': 'form',
  'password.sameissued': 'form',
  'password.recent': 'form',
  'password.common': 'form',
  'password.again': 'form',
  'password.current': 'credentials',
  'password.keepboth': 'form',
  'password.locked': 'credentials',
  'password.stopped': 'credentials',
  'email.same': 'form',
  'confirm.wrong': 'credentials',
  'confirm.locked': 'credentials',
  'confirm.stopped': 'credentials',
  'id.length': 'form',
  'id.taken': 'form',
  'id.issued': 'form',
  'otp.form': 'form',
  'otp.emailcode': 'form',
  'otp.wrong': 'otp-wrong',
  'otp.resync.wrong': 'otp-wrong',
  'otp.used': 'otp-used',
  'serial.form': 'form',
  'serial.mismatch': 'otp-wrong',
  'serial.sharing': 'form',
  'serial.sharing.common': 'form',
  'issue.mail': 'form',
  'issue.again': 'form',
  'issue.weak': 'form',
  'issue.digits': 'form',
  'issue.codes.again': 'form',
  'emailcode.wrong': 'credentials',
  'emailcode.wrong.uncounted': 'credentials',
  'emailcode.void': 'credentials',
  'emailcode.expired': 'form',
  'emailcode.limit': 'form',
  'edit.stale': 'conflict',
  'edit.tampered': 'conflict',
  'revoke.later': 'conflict',
  'bulk.none': 'form',
  'bulk.many': 'form',
  'self.link': 'form',
  'self.token': 'form',
  'self.release': 'form',
  'release.desk': 'form',
  'last.block': 'form',
  'bulk.count': 'form',
  'self.edit': 'form',
  'self.delete': 'form',
  'master.delete': 'form',
  'person.none': 'form',
  'pick.none': 'form',
  'pick.many': 'form',
  'pick.nothing': 'form',
  'pick.stale': 'conflict',
  'assign.unknown': 'form',
  'assign.suspended': 'form',
  'assign.not-applied': 'form',
  'limit.no-application': 'form',
  'limit.extended': 'form',
  'limit.not-later': 'form',
  'limit.too-far': 'form',
  'applied.same': 'form',
  'HDK047.18': 'form',
  'settings.time': 'form',
  'settings.wider': 'form',
  'settings.same': 'form',
  'import.bad': 'form',
  'import.again': 'form',
  'import.conflict': 'conflict',
  'tokens.none': 'form',
  'tokens.many': 'form',
} as const satisfies Partial<Record<Key, string>>;

export type ErrorKey = keyof typeof refusalWords;

/** The word of spec §12 that a page shows in `data-refusal` while it tells errors. */
export type ErrorWord = (typeof refusalWords)[ErrorKey];

type Needed<K extends ErrorKey> = Omit<Values<K>, 'label'>;
type WithoutLabel<K extends ErrorKey> = Exclude<Names<(typeof ja)[K]>, 'label'>;

/**
 * One mistake of a form. `field` is the field it stands at, null for the summary alone. A text's {label} is taken from the
 * field and is never given.
 */
export type FormError = {
  [K in ErrorKey]: [WithoutLabel<K>] extends [never]
    ? { readonly field: FieldName | null; readonly key: K; readonly values?: Readonly<Record<never, never>> }
    : { readonly field: FieldName | null; readonly key: K; readonly values: Needed<K> };
}[ErrorKey];
