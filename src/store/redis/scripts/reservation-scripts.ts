/**
 * How long nothing is reserved after a server may have lost reservations, in milliseconds. Every instance asks for the
 * epoch several times in it.
 */
const HOLD_DURATION = 3000;
/** The same where nothing shows yet that there ever were reservations. */
const FIRST_HOLD_DURATION = 1500;

/**
 * Reservations are one hash, so that a server loses all of them or none: its fields are `epoch`, `server`, `hold`, and for
 * each counter `+group\nname` (its value) and `=group\nname` (its value when the epoch began, restored ones included), and
 * for each group `!group` (when it expires). The hash itself never expires.
 *
 * An epoch ends when the hash is missing (the server was emptied, has crashed or has evicted it), or when another server
 * process has it (after a failover or a restart, it may have lost the newest reservations). A new epoch begins with a hold:
 * each instance reports what it remembers of earlier epochs, and the difference is added. What comes after the hold is
 * added too.
 *
 * KEYS: reservations. ARGV: group, until, the number wanted (0: restore), the name of a new epoch, then for each counter its
 * name, its limit, the value that this instance remembers and the epoch of that. Returns the epoch; the milliseconds that
 * the hold still lasts; the index of the first counter without room for more than was granted, or -1; the number granted;
 * the value of each counter.
 */
export const RESERVE = `
local key, group = KEYS[1], ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local info = redis.pcall('INFO', 'server')
local server = type(info) == 'string' and string.match(info, 'run_id:(%w+)') or ''
local state = redis.call('HMGET', key, 'epoch', 'server', 'hold')
local epoch, hold = state[1], tonumber(state[3] or '0')
if not epoch or state[2] ~= server then
  hold = now + (epoch and ${HOLD_DURATION} or ${FIRST_HOLD_DURATION})
  epoch = ARGV[4]
  redis.call('HSET', key, 'epoch', epoch, 'server', server, 'hold', string.format('%.0f', hold))
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 1) == '+' then redis.call('HSET', key, '=' .. string.sub(all[i], 2), all[i + 1]) end
  end
end
if #ARGV > 4 and redis.call('HSETNX', key, '!' .. group, ARGV[2]) == 1 then
  local all = redis.call('HGETALL', key)
  local expired = {}
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 1) == '!' and tonumber(all[i + 1]) < now then
      expired[string.sub(all[i], 2)] = true
      redis.call('HDEL', key, all[i])
    end
  end
  for i = 1, #all, 2 do
    local counted = string.match(all[i], '^[+=](.-)\\n')
    if counted and expired[counted] then redis.call('HDEL', key, all[i]) end
  end
end
local wanted = tonumber(ARGV[3])
local granted, short, used = wanted, -1, {}
for i = 5, #ARGV, 4 do
  local field = group .. '\\n' .. ARGV[i]
  local counts = redis.call('HMGET', key, '+' .. field, '=' .. field)
  local value, base, remembered = tonumber(counts[1] or '0'), tonumber(counts[2] or '0'), tonumber(ARGV[i + 2])
  if ARGV[i + 3] ~= epoch and remembered > base then
    value = value + remembered - base
    redis.call('HSET', key, '+' .. field, value, '=' .. field, remembered)
    if hold > now then
      hold = now + ${HOLD_DURATION}
      redis.call('HSET', key, 'hold', string.format('%.0f', hold))
    end
  end
  used[(i - 1) / 4] = value
  granted = math.min(granted, math.max(0, tonumber(ARGV[i + 1]) - value))
end
if granted < wanted then
  for i = #ARGV - 3, 5, -4 do
    if tonumber(ARGV[i + 1]) - used[(i - 1) / 4] <= granted then short = (i - 1) / 4 - 1 end
  end
end
local held = math.max(0, hold - now)
if held == 0 and granted > 0 then
  for i = 5, #ARGV, 4 do
    used[(i - 1) / 4] = redis.call('HINCRBY', key, '+' .. group .. '\\n' .. ARGV[i], granted)
  end
end
return { epoch, held, short, granted, unpack(used) }`;

/** KEYS: reservations. ARGV: group, counters. Returns the epoch, then the value of each; -1 where the counter is missing. */
export const REFUND = `
local values = { redis.call('HGET', KEYS[1], 'epoch') or '' }
for i = 2, #ARGV do
  local field = '+' .. ARGV[1] .. '\\n' .. ARGV[i]
  local value = tonumber(redis.call('HGET', KEYS[1], field) or '-1')
  values[i] = value > 0 and redis.call('HINCRBY', KEYS[1], field, -1) or value
end
return values`;
