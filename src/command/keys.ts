// `renkei keys rotate-sealing`: everything that is sealed in the database, under the newest key; and which keys are still needed.
import { rotateSealing, type Rotated } from '../flows/rotate-sealing.ts';
import type { Act, Tools } from '../flows/tools.ts';
import type { CommandAnswer, Progress } from './commands.ts';

const actor = { kind: 'operator', id: 'command-line' } as const;

/** `k1` is the key that RENKEI_SECRET gives: nobody can take it out, and nobody needs to. */
const named = (id: string): string => (id === 'k1' ? 'master' : id);

export async function keysCommand(
  tools: Tools,
  act: Act,
  [what = '']: readonly string[],
  progress: Progress,
): Promise<CommandAnswer> {
  if (what !== 'rotate-sealing')
    return { ok: false, json: { ok: false, error: 'unknown_command' }, text: 'Use: keys rotate-sealing' };
  const rotated = await rotateSealing(tools, act, {
    actor,
    progress: (done, of) => progress(`Sealed secrets looked at: ${done} of ${of}.`),
  });
  const ok = rotated.unopened === 0;
  const unknown = rotated.keys.some(({ configured }) => !configured);
  return {
    ok,
    json: {
      ok,
      ...(ok ? {} : { error: unknown ? 'unknown_key' : 'seal_broken' }),
      newest: named(rotated.newest),
      token_secrets: rotated.tokenSecrets,
      signing_keys: rotated.signingKeys,
      unopened: rotated.unopened,
      keys: rotated.keys.map(({ id, seals, configured }) => ({
        id: named(id),
        seals,
        configured,
        needed: id === rotated.newest || seals > 0,
      })),
      reference: act.reference,
    },
    text: told(rotated).join('\n'),
  };
}

function told({ newest, tokenSecrets, signingKeys, unopened, keys }: Rotated): readonly string[] {
  const old = keys.filter(({ id }) => id !== newest);
  return [
    `Sealed anew under ${named(newest)}: ${tokenSecrets} token secrets, ${signingKeys} signing keys.`,
    ...old.map(({ id, seals, configured }) => {
      if (!configured)
        return `Key ${id === '' ? '(none)' : named(id)} is not configured: ${seals} secrets that it sealed cannot be opened. Name it again in RENKEI_SEALING_KEYS, behind the newest, and run this again.`;
      if (seals > 0)
        return `Key ${named(id)} is still needed: it seals ${seals} secrets.${unopened === 0 ? ' Run this again.' : ''}`;
      return id === 'k1'
        ? 'Key master, which RENKEI_SECRET gives, seals nothing any more.'
        : `Key ${named(id)} is not needed any more: take it out of RENKEI_SEALING_KEYS. Keep it as long as a backup from before may come back.`;
    }),
    ...(unopened === 0 ? [] : [`${unopened} secrets did not open and were left as they are.`]),
  ];
}
