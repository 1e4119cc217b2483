-- Raises the epoch of a user, or of one of his sessions: what was minted before opens nothing any more. Answers the epoch.
-- KEYS  1 epoch
-- ARGV  1 field that is raised  2 how long an epoch is kept, in ms  [3 until when the user is banned, in ms since 1970  4 why, or '']
local call, epoch, kept = redis.call, KEYS[1], tonumber(ARGV[2])
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Above each that was ever given: a clock may step back.
local raised = string.format('%.0f', math.max(now, (tonumber(call('HGET', epoch, 'last')) or 0) + 1))

-- As long as the hash is kept for others, nobody else removes what nothing can be older than any more.
local fields = call('HGETALL', epoch)
for at = 1, #fields, 2 do
  if string.sub(fields[at], 1, 8) == 'session:' and tonumber(fields[at + 1]) < now - kept then
    call('HDEL', epoch, fields[at])
  end
end

call('HSET', epoch, 'last', raised, ARGV[1], raised)
if ARGV[3] then
  kept = math.max(kept, ARGV[3] - now)
  call('HSET', epoch, 'banned', ARGV[3], 'reason', ARGV[4])
end
if call('PTTL', epoch) < kept then
  call('PEXPIRE', epoch, string.format('%.0f', kept))
end
return raised
