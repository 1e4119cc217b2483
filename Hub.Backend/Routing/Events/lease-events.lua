-- Leases users whose turn has come: it is nobody else's before the lease ends. Answers until when, in ms since 1970, and then the users.
-- KEYS  1 users of whom something waits
-- ARGV  1 most users  2 how long, in ms
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease = string.format('%.0f', now + ARGV[2])
local users = redis.call('ZRANGE', KEYS[1], '-inf', string.format('%.0f', now), 'BYSCORE', 'LIMIT', 0, ARGV[1])
for _, user in ipairs(users) do
  redis.call('ZADD', KEYS[1], lease, user)
end
return {lease, unpack(users)}
