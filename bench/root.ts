// Where the package lies: the folder of package.json, from the sources and from what is built of them.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const up = (folder: string): string => (existsSync(join(folder, 'package.json')) ? folder : up(dirname(folder)));

export const root = up(import.meta.dirname);
