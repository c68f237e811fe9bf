// What every page is given besides its own facts. Handlers fill it once per response.
import type { OperatorRole } from '../../src/rules/operator.ts';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { texts, type Brand, type Texts } from '../messages/texts.ts';
import type { Language } from './format.ts';

export interface Frame {
  readonly language: Language;
  readonly brand: Brand;
  /** Shows the strip 「デモ環境」. */
  readonly environment: 'demo' | null;
  /** Value of the hidden input `csrf` in every form; empty where no session exists (outages). */
  readonly csrf: string;
  /** This page's own address, path and query, to which its form posts; null where it cannot be told. */
  readonly address: string | null;
  /** Address of this page, to which the language form returns. */
  readonly path: string;
  /** Who is signed in; `until` is when idleness ends the session, or null to say nothing. */
  readonly signedIn: {
    readonly name: string;
    readonly company: string;
    readonly until: Instant | null;
    /** Of an operator. */
    readonly role?: OperatorRole;
  } | null;
  /** A page of the operators: its ways lead to their own pages, and its tables are denser. */
  readonly helpdesk?: boolean;
  readonly now: Instant;
  /** The desk's next opening while it is closed, else null (`ask.opens`). */
  readonly deskOpens: Instant | null;
  /** The word of spec §12 for `data-refusal`; null lets the page derive it from its errors. */
  readonly refusal: string | null;
  /** お問い合わせ番号 of this response; shown with errors, refusals and results. */
  readonly reference: string | null;
}

/** The texts of a page. */
export const textsOf = (frame: Frame): Texts => texts(frame.language, frame.brand, frame.now, frame.deskOpens);
