// Japanese texts about revoking tokens and allowing an issue in the company console (CON060–CON064).

export const peopleToken = {} as const;
