-- Adds an event behind those of its user that wait, and the user to those of whom something waits, unless he is there already: then he may be leased.
-- 1,000 wait, for seven days after the last. Where the two lie on different primaries, on a Cluster, `due` is nil. Answers how many of the oldest had to go: 1 or 0.
local function add_event(queue, due, user, record)
  local gone = redis.call('XLEN', queue) >= 1000 and 1 or 0
  redis.call('XADD', queue, 'MAXLEN', 1000, '*', 'record', record)
  redis.call('PEXPIRE', queue, 604800000)
  if due then
    local time = redis.call('TIME')
    redis.call('ZADD', due, 'NX', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), user)
  end
  return gone
end
