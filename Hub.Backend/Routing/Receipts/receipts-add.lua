-- Enters how far holders have handled an address. Answers with the awaited messages that are handled now: of each its id, who awaits it, and who has handled it.
-- KEYS  1 receipts  2 messages whose receipt is awaited
-- ARGV  1 how long both live, in ms  2 the most holders  3 whether the one that was silent for longest makes room for another: 1 or ''  4 the most ranges of a holder;
--       then of each receipt  holder  id up to which  offset behind which  id of the message whose handler has failed, or ''  client, or ''
local call, receipts, awaited = redis.call, KEYS[1], KEYS[2]
local time = call('TIME')
local now = string.format('%d%03d', time[1], math.floor(time[2] / 1000))
local waiting, handled = call('HGETALL', awaited), {}

local function note_handled(range, holder)
  for at = 1, #waiting, 2 do
    local id, by = string.match(waiting[at], '^(%S+) (.+)$')
    local offset = offset_of(id)
    if offset > range.after and offset <= range.upto and call('HDEL', awaited, waiting[at]) == 1 then
      handled[#handled + 1], handled[#handled + 2], handled[#handled + 3] = id, by, holder
    end
  end
end

local function text_of(id, ranges, failed, client)
  local parts = {}
  for at, range in ipairs(ranges) do
    parts[at] = string.format('%d-%d@', range.after, range.upto) .. range.at
  end
  local text = '1 ' .. id .. '\nranges ' .. table.concat(parts, ',')
  if failed ~= '' then
    text = text .. '\nfailed ' .. failed
  end
  return client == '' and text or text .. '\nclient ' .. client
end

-- What follows the newest range without a hole is a range of its own, since it was known later; the oldest two become one, or the oldest is forgotten.
local function add(ranges, after, upto)
  local newest = ranges[#ranges]
  local range = {after = newest and math.max(newest.upto, after) or after, upto = upto, at = now}
  ranges[#ranges + 1] = range
  if #ranges > tonumber(ARGV[4]) then
    local oldest = table.remove(ranges, 1)
    if oldest.upto == ranges[1].after then
      ranges[1].after = oldest.after
    end
  end
  return range
end

local function has_room()
  if call('HLEN', receipts) < tonumber(ARGV[2]) then
    return true
  end
  if ARGV[3] == '' then
    return false
  end
  local oldest, since
  local all = call('HGETALL', receipts)
  for at = 1, #all, 2 do
    local ranges = ranges_of(all[at + 1])
    local last = #ranges > 0 and tonumber(ranges[#ranges].at) or 0
    if not since or last < since then
      oldest, since = all[at], last
    end
  end
  return call('HDEL', receipts, oldest) == 1
end

for at = 5, #ARGV, 5 do
  local holder, id, after, failed, client = unpack(ARGV, at, at + 4)
  local record = call('HGET', receipts, holder)
  if record or has_room() then
    local ranges, upto = ranges_of(record), offset_of(id)
    local newest = ranges[#ranges]
    if not newest or upto > newest.upto then
      note_handled(add(ranges, tonumber(after), upto), holder)
    else
      id = subject_of(record) or id
    end
    call('HSET', receipts, holder, text_of(id, ranges, failed, client))
  end
end
call('PEXPIRE', receipts, ARGV[1])
return handled
