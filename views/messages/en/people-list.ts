// English titles and texts: the lists of people and the page of one (screens.md CON010, CON011).

export const peopleList = {} as const;
