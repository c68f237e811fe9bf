// English titles and texts: the company’s settings (screens.md CON120–CON122).

export const settings = {} as const;
