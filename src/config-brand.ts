// The schema of brand.yaml: what the bank's services are called, and whom to telephone (screens.md, notation).
import { z } from 'zod';
import { mergeObjects, type Layer } from './config-layers.ts';
import type { Mistake } from './config-mistakes.ts';
import { addressProblem, mistakesOf, timeOfDay } from './config-values.ts';
import type { DeskHours } from './rules/desk.ts';

const text = z
  .string()
  .min(1, { error: 'Write something between the quotes.' })
  .max(60, { error: 'Write at most 60 characters.' });
const names = z.strictObject({ ja: text, en: text });

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const telephone = 'Write a telephone number in quotes, such as "0120-000-000".';

const schema = z.strictObject({
  web: names,
  direct: names,
  desk: names,
  /** サービスID of the token app. */
  serviceId: z
    .string({ error: 'Write 4 to 12 digits in quotes, such as "10000001".' })
    .regex(/^[0-9]{4,12}$/, { error: 'Write 4 to 12 digits in quotes, such as "10000001".' }),
  phone: z.string({ error: telephone }).regex(/^[0-9+() -]{6,20}$/, { error: telephone }),
  /** When the desk answers, in words. */
  hours: names,
  /** The same for the program: while it is closed, people are told when it opens. */
  opens: z.strictObject({
    days: z
      .array(z.enum(weekdays))
      .min(1)
      .transform((days) => days.map((day) => weekdays.indexOf(day))),
    from: timeOfDay,
    to: timeOfDay,
    closed: z.array(z.iso.date({ error: 'Write dates in quotes, such as "2026-11-23".' })).default([]),
  }),
  /** Where the desk is told of alarms over a company. */
  deskMail: z.email({ error: 'Write an e-mail address in quotes, such as "desk@bank.example".' }).optional(),
  /** The terms of use, linked at the foot of every page. */
  terms: z
    .string()
    .superRefine((address, context) => {
      const problem = addressProblem(address, false);
      if (problem) context.addIssue({ code: 'custom', message: problem });
    })
    .optional(),
});

interface Names {
  readonly ja: string;
  readonly en: string;
}

export interface Brand {
  readonly web: Names;
  readonly direct: Names;
  readonly desk: Names;
  readonly serviceId: string;
  readonly phone: string;
  readonly hours: Names;
  readonly opens: DeskHours;
  readonly deskMail: string | null;
  readonly terms: string | null;
}

/** The brand of the merged layers, or null with what is wrong added to `mistakes`. */
export function readBrand(layers: readonly Layer[], mistakes: Mistake[]): Brand | null {
  const merged = mergeObjects(layers, mistakes);
  const result = schema.safeParse(merged.value);
  if (result.success) {
    const { deskMail = null, terms = null, ...brand } = result.data;
    return { ...brand, deskMail, terms };
  }
  mistakes.push(...mistakesOf(result.error, merged));
  return null;
}
