// English titles and texts: changing one’s own password and e-mail address (screens.md SLF010–SLF022).

export const ownPassword = {} as const;
