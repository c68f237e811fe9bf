// What SECURITY.md claims of the known holes of this field is held to the tests it names: no identifier without its title, no
// title without its line. And the two classes that the source itself rules out: a second counter, a person found by e-mail.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { codeOf, root, sourceFiles } from './support/source.ts';

interface Hole {
  readonly identifiers: readonly string[];
  readonly broke: string;
  readonly why: string;
  /** Test files; none where the line says why the class can't occur. */
  readonly files: readonly string[];
}

/** The lines of the tables under "Known holes". */
function holesOf(text: string): readonly Hole[] {
  const [, section = ''] = /^## Known holes[^\n]*\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(text) ?? [];
  return section
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|(?: identifier|[ :|-]+$)/.test(line))
    .map((line) => {
      const [ids = '', broke = '', why = '', tests = ''] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return {
        identifiers: ids.split(', '),
        broke,
        why,
        files: [...tests.matchAll(/`([^`]+)`/g)].map(([, file = '']) =>
          file.includes('/') ? file : `test/attacks/${file}`,
        ),
      };
    });
}

/** What stands in the titles of a test file. */
const titlesOf = (text: string): readonly string[] =>
  [...text.matchAll(/\b(?:it|describe)\(\s*(['"`])((?:\\.|(?!\1)[\s\S])*)\1/g)].map(([, , title = '']) => title);

describe('the known holes of this field', () => {
  const holes = holesOf(readFileSync(join(root, 'SECURITY.md'), 'utf8'));

  it('have a line each: identifiers once, what broke, why not here', () => {
    const all = holes.flatMap(({ identifiers }) => identifiers);
    expect(all.length).to.be.above(85);
    expect(all.filter((each, place) => all.indexOf(each) !== place)).to.deep.equal([]);
    expect(all.filter((each) => !/^[\w#/. -]{3,40}$/.test(each))).to.deep.equal([]);
    expect(holes.filter(({ broke, why }) => broke.length < 8 || why.length < 8)).to.deep.equal([]);
  });

  it('stand in the titles of the tests that the line names', () => {
    const missing = holes.flatMap(({ identifiers, files }) => {
      const absent = files.filter((file) => !existsSync(join(root, file)));
      const titles = files
        .filter((file) => !absent.includes(file))
        .flatMap((file) => titlesOf(readFileSync(join(root, file), 'utf8')));
      const untold = files.length === 0 ? [] : identifiers.filter((id) => !titles.some((title) => names(title, id)));
      return [...absent, ...untold.map((id) => `${id} in ${files.join(', ')}`)];
    });
    expect(missing).to.deep.equal([]);
  });

  it('are named in no title that has no line', () => {
    const known = new Set(holes.flatMap(({ identifiers }) => identifiers));
    const named = sourceFiles('test/**/*.test.ts').flatMap(({ text }) =>
      titlesOf(text).flatMap((title) => title.match(/\b(?:CVE-\d{4}-\d+|GHSA(?:-\w{4}){3}|PYSEC-\d{4}-\d+)/g) ?? []),
    );
    expect(named.length).to.be.above(70);
    expect(named.filter((id) => !known.has(id))).to.deep.equal([]);
  });

  it('are read right', () => {
    const text =
      '# S\n## Known holes\n| identifiers | a |\n| --- | --- |\n| A-1, B #2 | x | y | `a.test.ts` |\n## Next\n| C | x | y | |';
    expect(holesOf(text)).to.deep.equal([
      { identifiers: ['A-1', 'B #2'], broke: 'x', why: 'y', files: ['test/attacks/a.test.ts'] },
    ]);
    const source = "describe('one (A-1)', () => { it(\n `two ${x} (B #2)`, f); it(title, g); });";
    expect(titlesOf(source)).to.deep.equal(['one (A-1)', 'two ${x} (B #2)']);
    expect([names('one (A-1)', 'A-1'), names('one (A-12)', 'A-1')]).to.deep.equal([true, false]);
  });

  it('of a second counter: every secret is compared where it is counted (mesutpiskin #146, p2-inc #211, for-keycloak #85)', () => {
    const where = (pattern: RegExp): readonly string[] =>
      sourceFiles('src/{flows,web,command,oidc}/**/*.ts')
        .filter(({ path, text }) => !path.startsWith('src/oidc/upstream') && pattern.test(codeOf(text)))
        .map(({ path }) => path);
    // Beside the counter: new passwords are compared with kept ones once the present one was proven. Operators are no accounts:
    // their counter is their own row's, one for all of theirs.
    expect(where(/\bhasher\.verify\(/)).to.deep.equal([
      'src/flows/guess.ts',
      'src/flows/new-password.ts',
      'src/flows/operator/guess.ts',
    ]);
    expect(where(/\bsecrets\.(matchStep|matchPair)\(/)).to.deep.equal(['src/flows/otp.ts']);
    expect(where(/\bmatching\(/)).to.deep.equal([
      'src/flows/operator/code.ts',
      'src/flows/otp.ts',
      'src/flows/token/activate.ts',
      'src/flows/token/key-fob.ts',
      'src/flows/token/replace.ts',
    ]);
    // Four askers of the one counter of mailed codes, which counts before it answers.
    expect(where(/\bemailCodes\.check\(/)).to.deep.equal([
      'src/flows/reset/check-code.ts',
      'src/flows/self-service/change-email.ts',
      'src/flows/sign-in/prove-email.ts',
      'src/flows/token/email-code.ts',
    ]);
    expect(where(/\bargon2\b/)).to.deep.equal([]);
  });

  it('of a person found by e-mail or name: there is no such query', () => {
    // The company console searches names within one company; nobody signs in there.
    const queries = sourceFiles('src/store/*.ts').filter(({ path }) => path !== 'src/store/company.ts');
    const found = queries.filter(({ text }) =>
      /where\((?:'(?:account\.)?(?:email|name)'|sql`[^`]*\b(?:email|name)\b)/.test(text),
    );
    expect(found.map(({ path }) => path)).to.deep.equal([]);
  });
});

/** The identifier itself, not the beginning of a longer one. */
function names(title: string, identifier: string): boolean {
  const at = title.indexOf(identifier);
  return at >= 0 && !/[\w]/.test(title[at + identifier.length] ?? '');
}
