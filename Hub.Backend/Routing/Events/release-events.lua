-- Ends the lease of a user, unless it is over and another holds the next. Of whom nothing waits is no longer listed.
-- KEYS  1 users of whom something waits  [2 events of the user]
-- ARGV  1 user's address  2 until when he was leased  3 how long his next turn is to wait, in ms  [4 where a script cannot see the events: 1 if none waits, or 0]
if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return
end
if ARGV[4] == '1' or (KEYS[2] and redis.call('XLEN', KEYS[2]) == 0) then
  redis.call('ZREM', KEYS[1], ARGV[1])
  if KEYS[2] then
    redis.call('DEL', KEYS[2])
  end
else
  local time = redis.call('TIME')
  redis.call('ZADD', KEYS[1], string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[3]), ARGV[1])
end
