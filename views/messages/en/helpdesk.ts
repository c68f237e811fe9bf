// Helpdesk console: frame, sign-in of operators, its first page (screens.md §12, HDK001–004).
export const helpdesk = {} as const;
