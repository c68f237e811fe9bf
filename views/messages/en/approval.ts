// English texts about approving an operation (APR001).

export const approval = {} as const;
