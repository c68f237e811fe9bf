// The token desk: stock, one token, acts on tokens, what is due, applications (screens.md §12, HDK011, HDK040, HDK044–048).
export const tokenStock = {} as const;
