// English titles and texts: registering and changing a user (screens.md CON020–CON034, PRT001).

export const peopleEdit = {} as const;
