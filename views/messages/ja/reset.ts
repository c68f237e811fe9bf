// Japanese titles and texts: forgotten passwords and the paper forms (screens.md RST001–RST004, PRT002, PRT004).

export const reset = {} as const;
