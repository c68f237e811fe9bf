// English texts about one’s own token in the self-service (BOT010, SLF030, SLF031).

export const ownToken = {} as const;
