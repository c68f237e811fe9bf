// One suite in a process of its own: runs the files named on the command line and tells the runner the counts and what failed.
import Mocha from 'mocha';

const mocha = new Mocha({
  ui: 'bdd',
  reporter: 'spec',
  timeout: 20_000,
  slow: 2_000,
  forbidOnly: process.env['CI'] === 'true',
});
for (const file of process.argv.slice(2)) mocha.addFile(file);
await mocha.loadFilesAsync();

const failures: { title: string; error: string }[] = [];

const runner = mocha.run((failed) => {
  const { passes = 0, pending = 0 } = runner.stats ?? {};
  // A test may leave a handle open: the counts are told, so the process ends here.
  process.send?.({ passed: passes, failed, skipped: pending, failures }, () => process.exit(failed > 0 ? 1 : 0));
});
runner.on('fail', (test: Mocha.Runnable, error: unknown) => {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const [, line = ''] = /\b(test\/\S+?:\d+):\d+\)?$/m.exec(stack) ?? [];
  failures.push({ title: `${test.titlePath().join(' › ')}${line && ` (${line})`}`, error: message });
});
