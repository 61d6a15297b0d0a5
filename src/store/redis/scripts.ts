/** How long nothing is reserved after a server has lost its counters, in milliseconds. */
const HOLD_DURATION = 3000;
/** What `RESERVE` returns in place of an index meanwhile. */
export const ON_HOLD = -2;

/** KEYS: any. ARGV: the value it must have to be removed. */
export const DROP = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/**
 * KEYS: group, epoch, hold. ARGV: until, the number wanted (0: restore), then for each counter its name, its limit and the
 * value that this instance last saw. Returns the index of the first counter without room for more than was granted, or -1,
 * or -2 while on hold; the number granted; the value of each counter.
 *
 * The epoch is missing where a server without persistence has crashed. The instance that finds this out, and knows that
 * something was spent, puts all reservations on hold for a moment, in which every instance reports what it last saw: the
 * highest value is right.
 */
export const RESERVE = `
local seen = 0
for i = 3, #ARGV, 3 do seen = seen + tonumber(ARGV[i + 2]) end
if redis.call('SETNX', KEYS[2], '1') == 1 and seen > 0 then redis.call('SET', KEYS[3], '1', 'PX', ${HOLD_DURATION}) end
local hold = redis.call('EXISTS', KEYS[3]) == 1
local wanted = tonumber(ARGV[2])
local granted = wanted
local short = -1
local used = {}
for i = 3, #ARGV, 3 do
  local value = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or '0')
  if hold and tonumber(ARGV[i + 2]) > value then
    value = tonumber(ARGV[i + 2])
    redis.call('HSET', KEYS[1], ARGV[i], value)
  end
  used[i / 3] = value
  granted = math.min(granted, math.max(0, tonumber(ARGV[i + 1]) - value))
end
if granted < wanted then
  for i = #ARGV - 2, 3, -3 do
    if tonumber(ARGV[i + 1]) - used[i / 3] <= granted then short = i / 3 - 1 end
  end
end
if hold then
  short = ${ON_HOLD}
elseif granted > 0 then
  for i = 3, #ARGV, 3 do used[i / 3] = redis.call('HINCRBY', KEYS[1], ARGV[i], granted) end
end
redis.call('PEXPIREAT', KEYS[1], ARGV[1])
table.insert(used, 1, granted)
table.insert(used, 1, short)
return used`;

/** KEYS: group. ARGV: counters. Returns the value of each; nothing where the group is missing. */
export const REFUND = `
if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
local values = {}
for i, field in ipairs(ARGV) do
  local value = tonumber(redis.call('HGET', KEYS[1], field) or '0')
  values[i] = value > 0 and redis.call('HINCRBY', KEYS[1], field, -1) or 0
end
return values`;
