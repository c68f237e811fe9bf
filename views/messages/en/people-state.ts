// English titles and texts: stop, release and delete (screens.md CON040–CON052, CON090, PRT006).

export const peopleState = {} as const;
