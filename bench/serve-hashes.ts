// Process: the floor. One comparison of a password with argon2id as it is kept (m=19456, t=2, p=1), and nothing else.
import { argon2id, hash, verify } from 'argon2';
import { answer } from './answering.ts';

const kept = await hash('Password1', { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 });

answer('hashes', { hash: () => verify(kept, 'Password1') });
