// What a list of people may be ordered by, in the words of its address.

export const peopleSorts = ['login_id', 'name', 'last_login', 'state'] as const;

export type PeopleOrder = (typeof peopleSorts)[number];

/** `-` before it: the other way round. People who are alike stand by login ID. */
export type PeopleSort = PeopleOrder | `-${PeopleOrder}`;

/** The order that a word of the address means; null for none of ours. */
export function readSort(word: string): PeopleSort | null {
  const order = peopleSorts.find((sort) => sort === word.replace(/^-/, ''));
  return order === undefined ? null : word.startsWith('-') ? `-${order}` : order;
}
