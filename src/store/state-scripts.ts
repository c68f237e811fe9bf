// The scripts of the Redis state store, each on one key. A value is written as `expiry:value`, the expiry in milliseconds
// of the caller's clock, which is also the first argument: the server's own clock is never asked.
import type { Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    renkeiAdd(key: string, now: number, envelope: string, lifetime: number): Result<number, Context>;
    renkeiSwap(key: string, now: number, before: string, envelope: string, lifetime: number): Result<number, Context>;
    renkeiCount(key: string, now: number, expiresAt: number, lifetime: number): Result<[number, string], Context>;
    renkeiNote(
      key: string,
      at: number,
      member: string,
      window: number,
      lifetime: number,
    ): Result<[number, string], Context>;
  }
}

const read = `
local stored = redis.call('GET', KEYS[1])
local expiry, value
if stored then
  local colon = string.find(stored, ':', 1, true)
  expiry = tonumber(string.sub(stored, 1, colon - 1))
  value = string.sub(stored, colon + 1)
  if expiry <= tonumber(ARGV[1]) then value = nil end
end
`;

export const stateScripts = {
  /** now, envelope, lifetime → 1 when nothing live was there. */
  renkeiAdd: `${read}
if value then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`,

  /** now, value before, envelope after, lifetime → 1 when the value before was still there. */
  renkeiSwap: `${read}
if value ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
return 1`,

  /** now, expiry and lifetime if it begins anew → the new count and its expiry. */
  renkeiCount: `${read}
if not value then
  redis.call('SET', KEYS[1], ARGV[2] .. ':1', 'PX', ARGV[3])
  return {1, ARGV[2]}
end
local count = tonumber(value) + 1
local ends = string.format('%.0f', expiry)
redis.call('SET', KEYS[1], ends .. ':' .. count, 'KEEPTTL')
return {count, ends}`,

  /** at, member, window, lifetime → how many were noted within the window, and the time of the one noted longest ago. */
  renkeiNote: `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', tonumber(ARGV[1]) - tonumber(ARGV[3])))
redis.call('ZADD', KEYS[1], 'GT', ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return {redis.call('ZCARD', KEYS[1]), first[2]}`,
} as const;
