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

/** KEYS: group. ARGV: until, then for each counter its name and what is added to it. Returns the value of each. */
export const ADD = `
local values = {}
for i = 2, #ARGV, 2 do values[i / 2] = redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIREAT', KEYS[1], ARGV[1])
return values`;

/** Adds to the counter of a row, and removes it at 0. */
const COUNT = `
local function count(group, field, change, expiry)
  if redis.call('HINCRBY', group, field, change) <= 0 then redis.call('HDEL', group, field) end
  redis.call('PEXPIREAT', group, expiry)
end`;

/**
 * Writes rows and counts them under their labels. A row without bytes is removed.
 *
 * KEYS: journal, rows, labels, groups of counters. ARGV: for each row its key, its bytes, the index of its group in KEYS
 * (0: it has no label), its field and when its counter expires.
 */
export const WRITE_ROWS = `${COUNT}
for i = 1, #ARGV, 5 do
  local key, bytes, group, field, expiry = ARGV[i], ARGV[i + 1], KEYS[tonumber(ARGV[i + 2])], ARGV[i + 3], ARGV[i + 4]
  local counted = redis.call('HGET', KEYS[3], key)
  if bytes == '' then
    if counted and group then count(group, counted, -1, expiry) end
    redis.call('ZREM', KEYS[1], key)
    redis.call('HDEL', KEYS[2], key)
    redis.call('HDEL', KEYS[3], key)
  else
    if group and counted ~= field then
      if counted then count(group, counted, -1, expiry) end
      count(group, field, 1, expiry)
      redis.call('HSET', KEYS[3], key, field)
    end
    redis.call('ZADD', KEYS[1], 0, key)
    redis.call('HSET', KEYS[2], key, bytes)
  end
end`;

/** Labels the rows that have no label, and counts them. KEYS and ARGV as for `WRITE_ROWS`; the bytes are not used. */
export const LABEL_ROWS = `${COUNT}
for i = 1, #ARGV, 5 do
  local key, group, field, expiry = ARGV[i], KEYS[tonumber(ARGV[i + 2])], ARGV[i + 3], ARGV[i + 4]
  if redis.call('HEXISTS', KEYS[2], key) == 1 and redis.call('HSETNX', KEYS[3], key, field) == 1 then
    count(group, field, 1, expiry)
  end
end`;
