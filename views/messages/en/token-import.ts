// Seed files: import and its result (screens.md §12, HDK041–043).
export const tokenImport = {} as const;
