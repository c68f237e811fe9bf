// Who has used the grace of the company's present application, as a condition of SQL on an account (spec §5: once per application).
// What was over before the application was made belongs to an earlier one, and costs nothing of this one.
import { type RawBuilder, sql } from 'kysely';

/**
 * A token was the person's to use at some moment since their company's present application was made: one that was registered
 * since then, or one of before that still served. An application that was taken up again has its first date, and so counts
 * what was held in between (rules/otp-application.ts). Without a date there is no grace that could be used.
 */
export const usedGrace: RawBuilder<boolean> = sql<boolean>`exists (select 1 from token_holder as ever
  join token as owned on owned.id = ever.token_id where ever.account_id = account.id
  and coalesce(least(ever.ended_at, owned.retired_at, owned.expires_at)
    > (select own.otp_applied_at from company as own where own.id = account.company_id), true))`;
