// Messages that come from outside the type system: kept as strings in the sign-in record, or handed over by flows, which
// know no catalogue. Here they are checked once and become typed messages.
import { refusalWords, type FormError } from './errors.ts';
import { ja } from './ja.ts';
import { kinds, type FieldName, type Sub } from './placeholders.ts';

const kindOf = new Map<string, string>(Object.entries(kinds));
const numeric = new Set<string | undefined>(['dateTime', 'date', 'time', 'number']);
const templates = new Map<string, string>(Object.entries(ja));

/** Values kept as strings, with those whose names say number or time turned into numbers. */
export function storedValues(
  values: Readonly<Record<string, string | number>>,
): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, numeric.has(kindOf.get(name)) ? Number(value) : value]),
  );
}

/** Whether a key exists and every placeholder that its caller must fill has a value; {label} comes from the field. */
export function complete(key: string, values: object): boolean {
  const template = templates.get(key);
  if (template === undefined) return false;
  return [...template.matchAll(/\{([A-Za-z0-9_]+)\}/g)].every(
    ([, name = '']) => !kindOf.has(name) || Object.hasOwn(values, name),
  );
}

const isField = (name: string | null): name is FieldName =>
  name !== null && !name.includes('.') && templates.has(`field.${name}`);

const isError = (candidate: {
  readonly field: FieldName | null;
  readonly key: string;
  readonly values?: object;
}): candidate is FormError =>
  Object.hasOwn(refusalWords, candidate.key) && complete(candidate.key, { label: '', ...candidate.values });

type Allowed = Sub<'allowed'>;

/** What `form.chars` says may be typed, where the flow did not say. */
function allowedIn(field: string | null, printable: boolean): Allowed {
  if (field === null || field === 'device_label') return 'text';
  if (field.includes('password')) return printable ? 'printable' : 'password';
  const digits = ['otp', 'otp_next', 'email_code', 'contract_number', 'confirm_count'].includes(field);
  return digits ? 'digits' : 'id';
}

/** What a message about a field needs besides what the flow told: whom to ask, how long it may be, what may be typed. */
export const usualValues = (
  field: string | null,
  printable = false,
): { readonly ask: 'any'; readonly max: number; readonly allowed: Allowed } => ({
  ask: 'any',
  max: 256,
  allowed: allowedIn(field, printable),
});

/** A mistake as flows tell it. */
export interface LooseError {
  readonly field: string | null;
  readonly key: string;
  readonly values?: Readonly<Record<string, string | number>> | undefined;
}

/**
 * A flow's mistakes as the pages take them. `extra` gives values that only the handler knows (`ask`, `printable` passwords,
 * `max`). Throws for a key that is no error or lacks a value: that is a fault of the program, not of the person.
 */
export function readErrors(
  errors: readonly LooseError[],
  extra: {
    readonly ask?: 'admin' | 'desk' | 'any';
    readonly printable?: boolean;
    readonly max?: number;
    readonly name?: string;
  } = {},
): readonly FormError[] {
  return errors.map((error) => {
    const field = isField(error.field) ? error.field : null;
    const { printable, ...given } = extra;
    const values = { ...usualValues(error.field, printable), ...given, ...error.values };
    const candidate = { field, key: error.key, values: storedValues(values) };
    if (!isError(candidate)) throw new Error(`no form error: ${error.key} at ${error.field ?? 'the form'}`);
    return candidate;
  });
}

const isWhy = (why: string): why is Sub<'why'> => templates.has(`why.${why}`);

/** Reasons that are stored under a shorter name than their word's. */
const words = new Map<string, Sub<'why'>>([
  ['unlink', 'unlinked'],
  ['password', 'password-changed'],
  ['otp-stop', 'otp-stopped'],
  ['token', 'token-changed'],
  ['company-suspended', 'account-stopped'],
  ['stolen', 'copied'],
]);

/** Why a device ended, as it is stored, in the words of the catalogue; anything unknown is 'other'. */
export const whyOf = (stored: string): Sub<'why'> => words.get(stored) ?? (isWhy(stored) ? stored : 'other');
