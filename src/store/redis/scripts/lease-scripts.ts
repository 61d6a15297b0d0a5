/**
 * Takes a lease, or renews one's own. A lease is the holder, its process, and when it ends by the clock of Redis, on a line
 * each. One of another holder is returned with the time, for the caller to judge whether it has ended; the caller then
 * comes again and names it as one that may be replaced.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease = redis.call('GET', KEYS[1])
local value = ARGV[1] .. '\\n' .. ARGV[2] .. '\\n' .. string.format('%.0f', now + ARGV[3])
if lease and string.sub(lease, 1, #ARGV[1] + 1) == ARGV[1] .. '\\n' then
  redis.call('SET', KEYS[1], value, 'KEEPTTL')
elseif not lease or lease == ARGV[5] then
  redis.call('SET', KEYS[1], value, 'PX', ARGV[4])
else
  return { lease, string.format('%.0f', now) }
end
return { value, string.format('%.0f', now) }`;

/** KEYS: lease. ARGV: holder, process, duration, maximum, the lease that may be replaced. Returns a lease and the time. */
export const LEASE = TAKE;

/** KEYS: lease, entries. ARGV: as for `LEASE`. Returns the entries if any exists, else a lease and the time. */
export const CLAIM = `
local entries = redis.call('MGET', unpack(KEYS, 2))
for i = 1, #KEYS - 1 do if entries[i] then return { 'entries', entries } end end
${TAKE}`;

/** KEYS: lease. ARGV: holder. Removes the holder's lease. */
export const RELEASE = `
local lease = redis.call('GET', KEYS[1])
if lease and string.sub(lease, 1, #ARGV[1] + 1) == ARGV[1] .. '\\n' then return redis.call('DEL', KEYS[1]) end
return 0`;

/** KEYS: leases. Returns the time, then each lease. */
export const READ_LEASES = `
local time = redis.call('TIME')
return { string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), unpack(redis.call('MGET', unpack(KEYS))) }`;
