// One suite in a process of its own: runs the files named on the command line and tells the runner the counts.
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

const runner = mocha.run((failures) => {
  const { passes = 0, pending = 0 } = runner.stats ?? {};
  // A test may leave a handle open: the counts are told, so the process ends here.
  process.send?.({ passed: passes, failed: failures, skipped: pending }, () => process.exit(failures > 0 ? 1 : 0));
});
