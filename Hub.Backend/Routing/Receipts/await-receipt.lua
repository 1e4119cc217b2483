-- Has somebody be told when a message is handled, unless it is already: then it answers with who has done that, and else with ''.
-- KEYS  1 receipts  2 messages whose receipt is awaited
-- ARGV  1 id  2 who awaits it  3 how long that is kept, in ms  4 the most that are awaited
local call, id = redis.call, ARGV[1]
local offset = offset_of(id)
local all = call('HGETALL', KEYS[1])
for at = 1, #all, 2 do
  for _, range in ipairs(ranges_of(all[at + 1])) do
    if offset > range.after and offset <= range.upto then
      return all[at]
    end
  end
end

call('HSET', KEYS[2], id .. ' ' .. ARGV[2], '1 ' .. ARGV[2])
call('PEXPIRE', KEYS[2], ARGV[3])
if call('HLEN', KEYS[2]) > tonumber(ARGV[4]) then
  local oldest
  local waiting = call('HGETALL', KEYS[2])
  for at = 1, #waiting, 2 do
    if not oldest or offset_of(waiting[at]) < offset_of(oldest) then
      oldest = waiting[at]
    end
  end
  call('HDEL', KEYS[2], oldest)
end
return ''
