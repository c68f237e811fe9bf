// Passwords that are tried first by whoever guesses. Our own short list: only such as would pass every other rule (letters
// and digits, eight or more), in lower case; a longer one can be judged by the same function.

// Words of a login page and of a bank, names of the keys' rows, and the turns by which a digit is added to them.
// oxfmt-ignore
const list: ReadonlySet<string> = new Set([
  'password0', 'password1', 'password2', 'password12', 'password123', 'password1234', 'passw0rd', 'passw0rd1', 'p4ssw0rd',
  'p4ssword', 'pa55word', 'pass1234', 'pass12345', 'passwd123', 'mypassword1', 'newpassword1', 'password01',
  'qwerty12', 'qwerty123', 'qwerty1234', 'qwertyui1', 'qwertyuiop1', '1q2w3e4r', '1q2w3e4r5t', 'q1w2e3r4', 'q1w2e3r4t5',
  '1qaz2wsx', '1qaz2wsx3edc', 'zaq12wsx', 'zaq1xsw2', 'qazwsx123', 'asdf1234', 'asdfgh123', 'asdfghjk1', 'zxcv1234',
  'zxcvbnm1', 'abc12345', 'abc123456', 'abcd1234', 'abcd12345', 'abcde123', 'abcdef12', 'abcdef123',
  'abcdefg1', 'abcdefgh1', 'abc123abc', '123abc123', '1234abcd', '12345abc', '123456ab', '1234567a',
  '123456789a', 'a1234567', 'a12345678', 'a123456789', 'a1b2c3d4', 'a1b2c3d4e5', '1a2b3c4d', 'aa123456', 'aa12345678',
  'aaa11111', 'aaaa1111', 'aaaaaaa1', 'aaaaaaaa1', '1aaaaaaa', 'aa11bb22', 'abab1212', 'z1234567', 'x1234567',
  'admin123', 'admin1234', 'administrator1', 'master123', 'master1234', 'user1234', 'guest123', 'guest1234', 'test1234',
  'test12345', 'testtest1', 'demo1234', 'demodemo1', 'login123', 'login1234', 'welcome1', 'welcome123', 'changeme1',
  'changeme123', 'letmein1', 'letmein123', 'secret123', 'temp1234', 'default1', 'sample123', 'system123', 'manager1',
  'bank1234', 'bankbank1', 'ginkou123', 'ginko123', 'yokin123', 'okane123', 'kaisha123', 'keiri123', 'keiri1234',
  'kanri123', 'kanrisha1', 'shacho123', 'soumu123', 'eigyo123', 'renkei123', 'renkei1234', 'business1', 'business123',
  'direct123', 'service1', 'service123', 'internet1', 'computer1', 'company1', 'company123', 'office123', 'web12345',
  'iloveyou1', 'sunshine1', 'football1', 'baseball1', 'princess1', 'dragon123', 'monkey123', 'pokemon123',
  'doraemon1', 'sakura123', 'sakura1234', 'japan123', 'japan1234', 'nippon123', 'nihon123', 'tokyo123', 'tokyo2020',
  'osaka123', 'hello123', 'hello1234', 'konnichi1', 'arigato1', 'arigatou1', 'himitsu1', 'himitsu123', 'sayonara1',
]);

/** Without regard to case, and to marks around it ("Password1!"). */
export function isCommonPassword(candidate: string): boolean {
  const lower = candidate.toLowerCase();
  return list.has(lower) || list.has(lower.replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, ''));
}
