// What is wrong with a configuration, all of it at once: every mistake names where it stands and how to mend it.

export interface Mistake {
  /** The file it was read from, or the environment variable's name. */
  readonly where: string;
  /** The place inside the file, e.g. `otp.tries` or `[portal-a].redirect_uris[0]`; empty for the whole. */
  readonly path: string;
  readonly problem: string;
  readonly remedy: string;
}

/** Thrown once by `readConfig`; its message is meant for the person who starts the program. */
export class ConfigError extends Error {
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    const lines = mistakes.map(({ where, path, problem, remedy }) => {
      return `  ${where}${path ? ` → ${path}` : ''}: ${problem}\n      ${remedy}`;
    });
    super(
      `The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n${lines.join('\n')}`,
    );
    this.name = 'ConfigError';
    this.mistakes = mistakes;
  }
}
