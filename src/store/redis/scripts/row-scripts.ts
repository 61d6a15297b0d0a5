/** KEYS: any. ARGV: the value it must have to be removed. */
export const DROP = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

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

/** Removes rows that are still as given; their counters stay. KEYS: journal, rows, labels. ARGV: for each row its key and bytes. */
export const REMOVE_UNCHANGED_ROWS = `
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[2], ARGV[i]) == ARGV[i + 1] then
    redis.call('ZREM', KEYS[1], ARGV[i])
    redis.call('HDEL', KEYS[2], ARGV[i])
    redis.call('HDEL', KEYS[3], ARGV[i])
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

/** KEYS: journal, rows, labels. ARGV: the keys of rows. Removes the rows. */
export const REMOVE_ROWS = `
redis.call('ZREM', KEYS[1], unpack(ARGV))
redis.call('HDEL', KEYS[2], unpack(ARGV))
redis.call('HDEL', KEYS[3], unpack(ARGV))`;

/**
 * Uses every command of the gateway, so that a server that lacks one, or does not allow it to this user, is found out at
 * once. KEYS: a key of its own, which does not exist afterwards.
 */
export const PROBE = `
local key = KEYS[1]
redis.call('TIME')
redis.call('SET', key, '1', 'PX', 60000)
redis.call('SET', key, '1', 'KEEPTTL')
redis.call('GET', key)
redis.call('MGET', key)
redis.call('DEL', key)
redis.call('HSETNX', key, 'field', '1')
redis.call('HSET', key, 'field', '1')
redis.call('HINCRBY', key, 'field', 1)
redis.call('HGET', key, 'field')
redis.call('HMGET', key, 'field')
redis.call('HGETALL', key)
redis.call('HEXISTS', key, 'field')
redis.call('PEXPIREAT', key, '32503680000000')
redis.call('HDEL', key, 'field')
redis.call('ZADD', key, 0, 'member')
redis.call('ZRANGEBYLEX', key, '-', '+')
return redis.call('ZREM', key, 'member')`;
