// Where configuration files lie: config/ of the package, the profile in it, and the folder that RENKEI_CONFIG names.
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { EnvironmentValues } from './config-env.ts';
import { readLayer, type Layer } from './config-layers.ts';
import type { Mistake } from './config-mistakes.ts';

const files = ['policy.yaml', 'portals.yaml', 'upstreams.yaml', 'brand.yaml'] as const;

export interface Folders {
  readonly profileName: string;
  /** What the profile lays over policy.yaml. */
  readonly profile: Layer | null;
  /** A file of config/, then what stands between, then the overlay's. */
  layers(file: (typeof files)[number], between?: Layer | null): readonly Layer[];
}

/** Finds the folders and the profile (`demo` unless told); nothing but the profile is read yet. */
export function openFolders(root: string, env: EnvironmentValues, mistakes: Mistake[]): Folders {
  const names = profiles(root);
  const known = (name: string): string | null => (names.includes(name) ? name : null);
  const profileName = env.read('RENKEI_PROFILE', known, `Write one of: ${names.join(', ')}.`) ?? 'demo';
  const overlay = overlayFolder(env, mistakes);
  return {
    profileName,
    profile: readLayer(join(root, 'config', 'profiles', `${profileName}.yaml`), mistakes),
    layers(file, between = null) {
      const base = readLayer(join(root, 'config', file), mistakes);
      const over = overlay === null ? null : readLayer(join(overlay, file), mistakes);
      return [base, between, over].filter((layer) => layer !== null);
    },
  };
}

function profiles(root: string): readonly string[] {
  return readdirSync(join(root, 'config', 'profiles')).flatMap((file) =>
    file.endsWith('.yaml') ? [file.slice(0, -5)] : [],
  );
}

/** The overlay's folder; a YAML file in it that nobody reads is a mistake, for its author thinks that it counts. */
function overlayFolder(env: EnvironmentValues, mistakes: Mistake[]): string | null {
  const folder = env.get('RENKEI_CONFIG');
  if (folder === null) return null;
  if (!existsSync(folder)) {
    mistakes.push({
      where: 'RENKEI_CONFIG',
      path: '',
      problem: `there is no folder ${folder}`,
      remedy: 'Make it, or correct the path.',
    });
    return null;
  }
  for (const name of readdirSync(folder)) {
    if (name.startsWith('.') || !/\.ya?ml$/.test(name) || files.some((file) => file === name)) continue;
    const where = relative('.', join(folder, name));
    mistakes.push({
      where,
      path: '',
      problem: 'nothing reads this file',
      remedy: `Rename or remove it. Read are ${files.join(', ')}.`,
    });
  }
  return folder;
}
