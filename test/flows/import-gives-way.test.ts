// A long seed file on the embedded store, where everybody shares one connection and one thread: whoever asks something meanwhile
// gets a turn between two small steps (house.md §4: contracts of both stores).
import { expect } from 'chai';
import { readImport } from '../../src/flows/token-import/import.ts';
import { bothStores } from '../support/database.ts';
import { csvFile, inChunks, seedTokens } from '../support/seed-file.ts';
import { newId } from '../support/rows.ts';
import { flowScene, type Scene } from './scene.ts';

const desk = { kind: 'operator', id: 'OP-1' } as const;
const count = 4_000;

for (const { name, open } of bothStores)
  describe(`while a long file is imported, on ${name}`, function () {
    this.timeout(60_000);
    let scene: Scene;
    before(async () => {
      scene = await flowScene(open);
    });

    /** How often something else had its turn while one file was read and taken over, by the state it was in. */
    async function turns(other: (tell: () => void) => Promise<void>): Promise<Map<string, number>> {
      const seen = new Map<string, number>();
      const prefix = `W${newId().replaceAll('-', '').slice(-8).toUpperCase()}`;
      const bytes = csvFile(seedTokens(count, prefix));
      let state = 'reading';
      const file = {
        name: 'long.csv',
        format: null,
        bytes: inChunks(bytes, 64 * 1024),
        key: null,
        checkOnly: false,
        progress: (place: { readonly lines: number }) => {
          if (place.lines > count) state = 'importing';
        },
      };
      let going = true;
      const asking = (async () => {
        while (going) {
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
          await other(() => seen.set(state, (seen.get(state) ?? 0) + 1));
        }
      })();
      const { id } = await readImport(scene.tools, scene.act(), desk, file).finally(() => {
        going = false;
      });
      await asking;
      expect(await scene.at.store.tokenImport.find(id)).to.deep.include({ state: 'done', tokens: count });
      return seen;
    }

    it('what needs no database goes on, while it is read and while it is taken over', async () => {
      const seen = await turns(async (tell) => tell());
      // A turn for each batch of lines, and for each slice of the take-over.
      expect(seen.get('reading')).to.be.at.least(count / 1_000);
      expect(seen.get('importing')).to.be.at.least(count / 500);
    });

    it('the database answers between two batches of lines', async () => {
      const seen = await turns(async (tell) => {
        await scene.at.store.tokenImport.newest(1);
        tell();
      });
      // A server answers beside the import, as fast as it can.
      expect(seen.get('reading')).to.be.at.least(scene.at.url === null ? count / 1_000 : 1);
    });
  });
