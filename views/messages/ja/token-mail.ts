// Japanese texts about mails about tokens (MAI003, MAI004, MAI017) and about the clock.

export const tokenMail = {} as const;
