// Registering a key-fob and changing to a new one, outside a sign-in too (screens.md §8.6, §10: TKN001–004).
export const registerToken = {} as const;
