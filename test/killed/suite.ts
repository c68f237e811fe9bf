// What every file of this folder begins with: the one scene, and the lanes of gateways that die.
import { type KilledAct, killEverywhere, type Lanes, theLanes } from './act.ts';
import { runCommand } from './mortals.ts';
import { type Scene, theScene } from './scene.ts';

export interface Suite {
  readonly scene: Scene;
  kill(act: KilledAct): Promise<void>;
  /** A command of the program that nobody kills. */
  shell(args: readonly string[]): Promise<{ readonly out: string }>;
}

/** To be called inside `describe`; the scene is there when the first test runs. */
export function killedSuite(): Suite {
  let scene: Scene | null = null;
  let lanes: Lanes = [];
  before(async function () {
    this.timeout(180_000);
    scene = await theScene();
    lanes = theLanes(scene.env);
  });
  const known = (): Scene => {
    if (scene === null) throw new Error('the scene is set before the first test');
    return scene;
  };
  return {
    get scene() {
      return known();
    },
    kill: (act) => killEverywhere(known(), lanes, act),
    shell: (args) => runCommand(known().env, args, { at: 0, side: 'before', of: 'acts' }),
  };
}
