/** For how long nothing is reserved once a server has forgotten what was spent, in milliseconds. */
const HOLD = 3000;
/** What `RESERVE` gives in the place of an index meanwhile. */
export const HELD = -2;

/** KEYS: lease. ARGV: holder, span. Gives the holder. */
export const LEASE = `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return held end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]`;

/** KEYS: lease, entries. ARGV: holder, span. Gives the entries where any is there, else the holder. */
export const CLAIM = `
local entries = redis.call('MGET', unpack(KEYS, 2))
for i = 1, #KEYS - 1 do if entries[i] then return entries end end
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return held end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]`;

/** KEYS: any. ARGV: the value it must have to be removed. */
export const DROP = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/**
 * KEYS: group, epoch, hold. ARGV: until, how much is wanted (0: to restore), then field, limit and what was last seen of it
 * for each counter. Gives the index of the first counter without room for more than was granted, or -1, or -2 while held; how much was granted; and
 * what each stands at.
 *
 * The epoch is gone where a server that keeps nothing has crashed. Whoever finds that out, and knows that something had
 * been spent, holds all reservations for a moment, in which every instance tells what it last saw: the most is right.
 */
export const RESERVE = `
local seen = 0
for i = 3, #ARGV, 3 do seen = seen + tonumber(ARGV[i + 2]) end
if redis.call('SETNX', KEYS[2], '1') == 1 and seen > 0 then redis.call('SET', KEYS[3], '1', 'PX', ${HOLD}) end
local held = redis.call('EXISTS', KEYS[3]) == 1
local wanted = tonumber(ARGV[2])
local granted = wanted
local short = -1
local used = {}
for i = 3, #ARGV, 3 do
  local now = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or '0')
  if held and tonumber(ARGV[i + 2]) > now then
    now = tonumber(ARGV[i + 2])
    redis.call('HSET', KEYS[1], ARGV[i], now)
  end
  used[i / 3] = now
  granted = math.min(granted, math.max(0, tonumber(ARGV[i + 1]) - now))
end
if granted < wanted then
  for i = #ARGV - 2, 3, -3 do
    if tonumber(ARGV[i + 1]) - used[i / 3] <= granted then short = i / 3 - 1 end
  end
end
if held then
  short = -2
elseif granted > 0 then
  for i = 3, #ARGV, 3 do used[i / 3] = redis.call('HINCRBY', KEYS[1], ARGV[i], granted) end
end
redis.call('PEXPIREAT', KEYS[1], ARGV[1])
table.insert(used, 1, granted)
table.insert(used, 1, short)
return used`;

/** KEYS: group. ARGV: fields. Gives what each stands at then; of a group that is gone, nothing. */
export const REFUND = `
if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
local used = {}
for i, field in ipairs(ARGV) do
  local now = tonumber(redis.call('HGET', KEYS[1], field) or '0')
  used[i] = now > 0 and redis.call('HINCRBY', KEYS[1], field, -1) or 0
end
return used`;
