// The demo's one clock: shifts `Date` of the whole process, forward only (spec §12). Never loaded in production, and knows
// no configuration: the start value is handed in.

/** A hundred years: beyond it `Date` itself would break. */
const FURTHEST_SECONDS = 100 * 365 * 86_400;

export interface ClockControl {
  /** Seconds by which `Date` runs ahead of the machine's clock. */
  get(): number;
  /**
   * Sets the absolute offset in seconds; forward only (spec §12).
   * @returns false, and changes nothing, when it is lower than the present one or beyond a hundred years
   */
  setOffset(seconds: number): boolean | Promise<boolean>;
}

export interface ShiftedDate extends ClockControl {
  setOffset(seconds: number): boolean;
  /** Puts the machine's `Date` back; for tests. */
  restore(): void;
}

/**
 * Replaces the global `Date`: `Date.now()`, `new Date()` and `Date()` tell the shifted time; given values, `parse`, `UTC`,
 * `instanceof` and subclasses are as before.
 * @param initial offset in seconds at the start, 0 or more
 */
export function shiftDate(initial = 0): ShiftedDate {
  const machine = globalThis.Date;
  let offset = 0;
  const now = () => machine.now() + offset * 1000;
  const shifted = new Proxy(machine, {
    construct: (target, args, asked) => Reflect.construct(target, args.length === 0 ? [now()] : args, asked),
    apply: (target) => new target(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
  const setOffset = (seconds: number): boolean => {
    if (!Number.isFinite(seconds) || seconds < offset || seconds > FURTHEST_SECONDS) return false;
    offset = seconds;
    return true;
  };
  if (!setOffset(initial)) throw new RangeError('the clock starts at 0 seconds ahead or more, at most 100 years');
  install(shifted);
  return { get: () => offset, setOffset, restore: () => install(machine) };
}

/** Libraries compare `value.constructor` with `Date`: both must name the same one. */
function install(date: DateConstructor): void {
  globalThis.Date = date;
  Object.defineProperty(date.prototype, 'constructor', {
    value: date,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
