// The order of a list of people, as its address says it.
import { expect } from 'chai';
import { peopleSorts, readSort } from '../../src/rules/people-sort.ts';

describe('the order of a list of people', () => {
  it('is one of ours, or the other way round with one minus sign before it', () => {
    for (const sort of peopleSorts) {
      expect(readSort(sort)).to.equal(sort);
      expect(readSort(`-${sort}`)).to.equal(`-${sort}`);
    }
  });

  it('is nothing else', () => {
    for (const word of ['', '-', '--name', 'NAME', ' name', 'name desc', 'login_name', 'constructor'])
      expect(readSort(word), word).to.equal(null);
  });
});
