// The scene's tools on a store that writes down which of its verbs are asked for, in order: the same work for whatever is wrong
// is the same list.
import type { Tools } from '../../src/flows/tools.ts';
import type { Store } from '../../src/store/store.ts';
import type { Scene } from './scene.ts';

export function counting(scene: Scene): { readonly tools: Tools; readonly calls: readonly string[] } {
  const calls: string[] = [];
  const watched = <T extends object>(noun: T, name: string): T =>
    new Proxy(noun, {
      get(target, verb) {
        const found: unknown = Reflect.get(target, verb);
        if (typeof found !== 'function') return found;
        return (...args: readonly unknown[]): unknown => {
          calls.push(`${name}.${String(verb)}`);
          return Reflect.apply(found, target, args);
        };
      },
    });
  const nouns = <T extends object>(tables: T): T =>
    new Proxy(tables, {
      get(target, name) {
        const noun: unknown = Reflect.get(target, name);
        return typeof noun === 'object' && noun !== null ? watched(noun, String(name)) : noun;
      },
    });
  const { store } = scene.at;
  const watching: Store = new Proxy(nouns(store), {
    get(target, name) {
      if (name !== 'transaction') return Reflect.get(target, name);
      const transaction: Store['transaction'] = (work) => store.transaction((tables) => work(nouns(tables)));
      return transaction;
    },
  });
  return { tools: scene.toolsOn(watching), calls };
}
