// English texts about the issue of a software token (BOT001–BOT005, BOT011, BOT012).

export const tokenIssue = {} as const;
