// What the telephone remembers, in IndexedDB: tokens with their keys (never a secret's text), the nonce of a request that is
// still to succeed, and the language. A change is kept whole or not at all.

/** @import { Algorithm } from './totp.js' */
/**
 * @typedef {object} Token
 * @property {string} id
 * @property {string} name as the person called it; '' for none
 * @property {string} serviceId
 * @property {string} userId
 * @property {{ readonly ja: string, readonly en: string }} service
 * @property {Algorithm} algorithm
 * @property {number} digits
 * @property {number} period seconds
 * @property {CryptoKey} key
 * @property {number} addedAt
 * @property {number | null} usedAt copied or read out last
 */
/** @typedef {{ readonly key: string, readonly nonce: string, readonly at: number }} Pending */
/** @typedef {Awaited<ReturnType<typeof openMemory>>} Memory */

/** How many tokens one telephone holds (spec §5). */
export const mostTokens = 10;

/** The browser keeps nothing here: a private window, blocked or full storage. */
export class CannotKeep extends Error {
  /** @override */
  name = 'CannotKeep';
}

/** @throws {CannotKeep} */
export async function openMemory() {
  const database = await opened();

  /**
   * @template T
   * @param {string[]} stores
   * @param {(store: (name: string) => IDBObjectStore) => IDBRequest<T> | null} work
   * @param {IDBTransactionMode} mode
   * @returns {Promise<T | undefined>} once it is on the disk
   */
  const within = (stores, work, mode) =>
    new Promise((resolve, reject) => {
      const fail = () => reject(new CannotKeep(transaction.error?.name));
      const transaction = database.transaction(stores, mode, { durability: 'strict' });
      transaction.addEventListener('abort', fail);
      const asked = work((name) => transaction.objectStore(name));
      transaction.addEventListener('complete', () => resolve(asked?.result));
    });
  /**
   * @template T
   * @param {string[]} stores
   * @param {(store: (name: string) => IDBObjectStore) => IDBRequest<T> | null} work
   * @param {IDBTransactionMode} mode
   */
  const run = async (stores, work, mode = 'readonly') => {
    try {
      return await within(stores, work, mode);
    } catch (error) {
      // Thrown at once where a value can't be kept at all, or the database was closed.
      throw error instanceof CannotKeep ? error : new CannotKeep(error instanceof Error ? error.name : '');
    }
  };

  return {
    /** @returns {Promise<readonly Token[]>} in the order in which they were added */
    async tokens() {
      /** @type {Token[]} */
      const all = (await run(['tokens'], (store) => store('tokens').getAll())) ?? [];
      return all.sort((one, other) => one.addedAt - other.addedAt || one.id.localeCompare(other.id));
    },

    /**
     * Keeps a token and forgets the nonce that fetched it.
     * @param {Token} token
     * @param {string} pendingKey
     */
    async keep(token, pendingKey) {
      await run(
        ['tokens', 'pending'],
        (store) => {
          store('tokens').put(token);
          store('pending').delete(pendingKey);
          return null;
        },
        'readwrite',
      );
    },

    /**
     * Changes a token as it stands now; one that another tab deleted stays deleted.
     * @param {string} id
     * @param {Partial<Pick<Token, 'name' | 'usedAt'>>} patch
     */
    async change(id, patch) {
      await run(
        ['tokens'],
        (store) => {
          const found = store('tokens').get(id);
          found.addEventListener('success', () => {
            if (found.result) store('tokens').put({ ...found.result, ...patch });
          });
          return null;
        },
        'readwrite',
      );
    },

    /** @param {string} id */
    async forget(id) {
      await run(['tokens'], (store) => store('tokens').delete(id), 'readwrite');
    },

    /**
     * The nonce with which this pair was asked before without an answer, or a new one, kept before it is sent.
     * @param {string} key
     * @param {number} now
     * @returns {Promise<string>}
     */
    async nonceFor(key, now) {
      /** @type {Pending} */
      const fresh = { key, nonce: randomValue(), at: now };
      /** @type {Pending | undefined} */
      const known = await run(
        ['pending'],
        (store) => {
          const asked = store('pending').get(key);
          asked.addEventListener('success', () => {
            if (!asked.result) store('pending').put(fresh);
          });
          return asked;
        },
        'readwrite',
      );
      return (known ?? fresh).nonce;
    },

    /**
     * Nonces that nobody came back for: an issue lapses before (spec §5).
     * @param {number} before
     */
    async forgetPending(before) {
      /** @type {Pending[]} */
      const all = (await run(['pending'], (store) => store('pending').getAll())) ?? [];
      const old = all.filter(({ at }) => at < before);
      if (old.length === 0) return;
      await run(
        ['pending'],
        (store) => {
          for (const { key } of old) store('pending').delete(key);
          return null;
        },
        'readwrite',
      );
    },

    /**
     * @param {'language' | 'ahead'} name
     * @returns {Promise<unknown>}
     */
    async setting(name) {
      return run(['settings'], (store) => store('settings').get(name));
    },

    /**
     * @param {'language' | 'ahead'} name
     * @param {string | number} value
     */
    async set(name, value) {
      await run(['settings'], (store) => store('settings').put(value, name), 'readwrite');
    },
  };
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new CannotKeep());
    try {
      const request = indexedDB.open('token-app', 1);
      request.addEventListener('upgradeneeded', () => {
        request.result.createObjectStore('tokens', { keyPath: 'id' });
        request.result.createObjectStore('pending', { keyPath: 'key' });
        request.result.createObjectStore('settings');
      });
      request.addEventListener('success', () => {
        const database = request.result;
        // A later release in another tab: let it change the database, this page opens it again.
        database.addEventListener('versionchange', () => {
          database.close();
          location.reload();
        });
        resolve(database);
      });
      request.addEventListener('error', fail);
      request.addEventListener('blocked', fail);
    } catch {
      fail();
    }
  });
}

/** 32 random bytes, base64url. */
function randomValue() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
