// Browser and system in words, for device labels and mails (screens.md §16): enough to recognise, not enough to track.

const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\/|Chromium\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];

/** `Chrome / Windows`; `—` for what is not known. */
export function agentOf(header: string): string {
  const known = (list: typeof browsers): string | undefined => list.find(([pattern]) => pattern.test(header))?.[1];
  const [browser, system] = [known(browsers), known(systems)];
  return browser === undefined && system === undefined ? '—' : `${browser ?? '—'} / ${system ?? '—'}`;
}
