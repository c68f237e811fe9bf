// A clock that was set back, seen from a token: a step was accepted of it that has not come yet. Pure; steps of the token's own
// period.

/** By how many steps the present lies before the newest step that was accepted of a token, at its drift; 0: it does not. */
export function stepsBehind(
  { lastStep, drift }: { readonly lastStep: number | null; readonly drift: number },
  nowStep: number,
): number {
  return lastStep === null ? 0 : Math.max(0, lastStep - (nowStep + drift));
}

/** Clocks of several gateways differ by less: past this, one was set back (spec §5: no older step is ever accepted). */
export function isSetBack(steps: number): boolean {
  return steps > 2;
}
