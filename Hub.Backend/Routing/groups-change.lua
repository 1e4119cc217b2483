-- Puts a user into a group that lasts, or takes him out, and drops the groups whose time is over. Answers 1, or 0 if he is in too many others.
-- KEYS  1 groups
-- ARGV  1 group  2 its record, or '' to take him out  3 how many he may be in
local key, group, record = KEYS[1], ARGV[1], ARGV[2]
local lasting, over = groups_of(key)
for _, gone in ipairs(over) do
  redis.call('HDEL', key, gone)
end

local others, last = 0, record == '' and 0 or until_of(record)
for at = 1, #lasting, 2 do
  if lasting[at] ~= group then
    local ends = until_of(lasting[at + 1])
    others = others + 1
    last = last and ends and math.max(last, ends)
  end
end

if record == '' then
  redis.call('HDEL', key, group)
elseif others >= tonumber(ARGV[3]) then
  return 0
else
  redis.call('HSET', key, group, record)
end

-- Where each has an end, the last of them takes the rest with it.
if last then
  redis.call('PEXPIREAT', key, string.format('%.0f', last))
else
  redis.call('PERSIST', key)
end
return 1
