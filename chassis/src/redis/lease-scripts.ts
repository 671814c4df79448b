/**
 * Whether a lease is this instance's. A lease's value is the instance and its session: what was sent in
 * an earlier session and arrives late finds nothing that is its own. ARGV: instance, session.
 */
const ours = `
  local function ours(lease)
    local instance, session = string.match(redis.call('GET', lease) or '', '^(.*) (%d+)$')
    return instance == ARGV[1] and tonumber(session) <= tonumber(ARGV[2])
  end`;

/** What the lease of an instance says while it is in a session. */
export function leaseValue(instance: string, session: number): string {
  return `${instance} ${session}`;
}

/**
 * Says that an instance lives, prolongs its leases, and takes free ones up to its fair share, by the
 * server's clock; returns the share and, for each partition, 1 or 0. KEYS: instances, lease of each
 * partition. ARGV: instance, session, milliseconds, whether to take any. Instances are ordered
 * differently for each topic, so that not always the same has one more.
 */
export const renewScript = `${ours}
  local clock = redis.call('TIME')
  local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  local instances = redis.call('ZRANGE', KEYS[1], 0, -1)
  local place = function (instance) return redis.sha1hex(KEYS[1] .. instance) end
  local before = 0
  for _, instance in ipairs(instances) do
    if place(instance) < place(ARGV[1]) then before = before + 1 end
  end
  local partitions = #KEYS - 1
  local share = math.floor(partitions / #instances)
  if before < partitions % #instances then share = share + 1 end
  local value = ARGV[1] .. ' ' .. ARGV[2]
  local held, count = {}, 0
  for i = 1, partitions do
    held[i] = ours(KEYS[i + 1]) and 1 or 0
    if held[i] == 1 then redis.call('SET', KEYS[i + 1], value, 'PX', ARGV[3]) end
    count = count + held[i]
  end
  for i = 1, partitions do
    if ARGV[4] == 'yes' and count < share and held[i] == 0
      and redis.call('SET', KEYS[i + 1], value, 'NX', 'PX', ARGV[3]) then
      held[i] = 1
      count = count + 1
    end
  end
  return { share, held }`;

/** Gives leases back. KEYS: the leases. ARGV: instance, session. */
export const releaseScript = `${ours}
  for _, lease in ipairs(KEYS) do
    if ours(lease) then redis.call('DEL', lease) end
  end`;
