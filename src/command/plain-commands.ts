// Commands of the shell that take words alone and hand them on as they are: how each is written, and what it does.

export const plainCommands = [
  ['unlink <login-id>', 'remove the link of an account'],
  ['unlock <login-id> [lock]', 'release locks of an account: login, confirmation, otp, or all (which is the default)'],
  [
    'audit <what> [of]',
    'verify: recompute every chain; list LOGIN_ID: the newest records of an account; find REFERENCE: what a page gave this number for',
  ],
  [
    'keys <what>',
    'rotate-sealing: seal every token secret and signing key under the newest of RENKEI_SEALING_KEYS, and say which keys are not needed any more',
  ],
  [
    'company <what> <contract-number>',
    'suspend: nobody of the company gets in, and what was signed in ends; resume: they sign in anew',
  ],
] as const;
