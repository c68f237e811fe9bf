// Japanese titles and texts: records, sessions and their lists (screens.md SLF055–SLF061, CON100, CON101).

export const records = {} as const;
