-- Takes note of a token of a user. Answers with the hashes of the oldest that are too many.
-- KEYS  1 tokens of the user
-- ARGV  1 hash of the token  2 how long it lives, in ms  3 how many may live
local call, tokens, lifetime = redis.call, KEYS[1], tonumber(ARGV[2])
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

call('ZREMRANGEBYSCORE', tokens, '-inf', now)

-- Behind the newest, also of the same millisecond: it must not be taken for older.
local newest = tonumber(call('ZRANGE', tokens, -1, -1, 'WITHSCORES')[2]) or 0
call('ZADD', tokens, string.format('%.0f', math.max(now + lifetime, newest + 1)), ARGV[1])
call('PEXPIRE', tokens, ARGV[2])

local oldest = call('ZRANGE', tokens, 0, -1 - ARGV[3])
if #oldest > 0 then
  call('ZREM', tokens, unpack(oldest))
end
return oldest
