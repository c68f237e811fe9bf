// Samples of registering and changing a key-fob by somebody who is signed in, and of what waits for it.
import { OperationNeedsTokenPage } from '../../../views/self-service/operation-needs-token.tsx';
import { TokenReplacePage } from '../../../views/self-service/token-replace.tsx';
import { OwnTokenPage } from '../../../views/self-service/token.tsx';
import { ChooseKindPage } from '../../../views/token/choose-token-kind.tsx';
import { RegisterTokenPage } from '../../../views/token/register-token.tsx';
import { attemptIn, days, minutes, now, sample, signedIn, type Sample } from './frame.ts';

const reference = '7K3F-92QD';
const over = { key: 'grace.over', values: { date: now - days(3), blocked: 'operations' } } as const;
const replace = {
  last4: '0733',
  others: 0,
  serial: '',
  errors: [],
  hidden: [{ name: 'edit', value: 'an-edit-value' }],
};
const held = { kind: 'hardware', last4: '8007', registeredAt: now, expiresAt: now + days(1800), others: 1 } as const;
const none = { kind: null, last4: null, registeredAt: null, expiresAt: null, others: 0 } as const;

export const keyFobSamples: readonly Sample[] = [
  sample('own-key-fob-none', 'BOT010', (l) =>
    OwnTokenPage({
      frame: signedIn(l),
      banners: [],
      ...none,
      issueUntil: null,
      from: null,
      state: 'none',
      acts: ['issue', 'register'],
    }),
  ),
  sample('own-key-fob-changed', 'BOT010', (l) =>
    OwnTokenPage({
      frame: signedIn(l, { reference }),
      banners: [{ key: 'token.replaced' }],
      ...held,
      issueUntil: null,
      from: null,
      state: 'in-use',
      acts: ['replace', 'resync', 'revoke', 'lost'],
    }),
  ),
  sample('own-register-token', 'TKN001', (l) =>
    RegisterTokenPage({
      shell: { at: 'console', frame: signedIn(l), errors: [], banners: [over], until: null },
      skippable: false,
      limit: now - days(3),
      serial: '',
      code: null,
      software: true,
      shipping: { state: 'ordered', at: now - days(20) },
      inSetup: false,
    }),
  ),
  sample('own-register-token-sharing', 'TKN001', (l) =>
    RegisterTokenPage({
      shell: {
        at: 'console',
        frame: signedIn(l, { reference }),
        errors: [{ field: null, key: 'serial.sharing.common' }],
        banners: [],
        until: null,
      },
      skippable: false,
      limit: null,
      serial: '4259-8007',
      code: {
        sent: { masked: 'm***@minato.example.co.jp', sentAt: now, until: now + minutes(10) },
        resendAt: now + minutes(1),
      },
      software: false,
      shipping: { state: 'arrived', at: now - days(4) },
      inSetup: false,
    }),
  ),
  sample('register-token-last', 'TKN001', (l) =>
    RegisterTokenPage({
      shell: {
        at: 'sign-in',
        ...attemptIn(l, {
          banners: [{ key: 'grace.last', values: { time: now + minutes(909), blocked: 'login' } }],
          errors: [{ field: null, key: 'serial.sharing' }],
          frame: { ...signedIn(l, { reference }), signedIn: null },
        }),
      },
      skippable: true,
      limit: now + minutes(909),
      serial: '42598007',
      code: null,
      software: false,
      shipping: { state: 'shipped', at: now - days(4) },
      inSetup: false,
    }),
  ),
  sample('choose-token-kind-own', 'BOT011', (l) =>
    ChooseKindPage({
      shell: { at: 'console', frame: signedIn(l), errors: [], banners: [], until: null },
      kinds: ['app', 'authenticator', 'hardware'],
    }),
  ),
  sample('token-replace', 'TKN004', (l) =>
    TokenReplacePage({ ...replace, frame: signedIn(l), afterLogin: true, others: 2 }),
  ),
  sample('token-replace-mismatch', 'TKN004', (l) =>
    TokenReplacePage({
      ...replace,
      frame: signedIn(l, { reference }),
      afterLogin: false,
      serial: '42598007',
      errors: [{ field: null, key: 'serial.mismatch', values: { ask: 'admin' } }],
    }),
  ),
  sample('token-replace-used', 'TKN004', (l) =>
    TokenReplacePage({
      ...replace,
      frame: signedIn(l, { reference }),
      afterLogin: false,
      errors: [{ field: 'new_otp', key: 'otp.used' }],
    }),
  ),
  sample('operation-needs-token', 'TKN003', (l) =>
    OperationNeedsTokenPage({
      frame: signedIn(l),
      banners: [over],
      operation: 'create-user',
      action: '/self-service/otp/needed',
    }),
  ),
  sample('operation-needs-token-posted', 'TKN003', (l) =>
    OperationNeedsTokenPage({
      frame: signedIn(l, { reference, refusal: 'not-allowed' }),
      banners: [{ key: 'token.expired', values: { last4: '0733', date: now - days(3) } }],
      operation: 'unlink',
      action: '/self-service/otp/needed',
    }),
  ),
];
