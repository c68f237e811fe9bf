// Key-fobs in the company console, and their order form (screens.md §11, CON110, PRT003).
export const companyTokens = {} as const;
