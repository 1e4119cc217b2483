-- Enters how far holders have handled addresses. Answers with the awaited messages that are handled now: of each the number of its address, its id, who awaits it, and who has
-- handled it. If that is awaited for an event, the event is added in the same step, so that no node that dies can lose it.
-- KEYS  of each address  receipts  messages whose receipt is awaited  [events; not there if none are recorded]; then  [users of whom something waits; not on a Cluster]
-- ARGV  1 how long receipts live, in ms  2 the most ranges of a holder  3 keys of an address: 2, or 3 with its events
--       then of each address  it  the same as JSON  the most holders  whether the one that was silent for longest makes room for another: 1 or ''  how many receipts
--       and of each receipt  holder  id up to which  offset behind which  id of the message whose handler has failed, or ''  client, or ''
local call, most_ranges, keys_each = redis.call, tonumber(ARGV[2]), tonumber(ARGV[3])
local time = call('TIME')
local now = string.format('%d%03d', time[1], math.floor(time[2] / 1000))
local answer = {}

-- However often it is added, it has the same id.
local function record_event(of, id, holder)
  local data = string.format('{"message":"%s","address":%s,"device":"%s"}', id, of.json, holder)
  add_event(of.events, of.due, of.address, string.format('1 message.handled\nid handled-%s\nat %s\n\n%s', id, now, data))
end

local function note_handled(of, range, holder)
  for at = 1, #of.waiting, 2 do
    local id, by = string.match(of.waiting[at], '^(%S+) (.+)$')
    local offset = offset_of(id)
    if offset > range.after and offset <= range.upto and call('HDEL', of.awaited, of.waiting[at]) == 1 then
      if by == 'event' and of.events then
        record_event(of, id, holder)
      end
      for _, value in ipairs({of.number, id, by, holder}) do
        answer[#answer + 1] = value
      end
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
  if #ranges > most_ranges then
    local oldest = table.remove(ranges, 1)
    if oldest.upto == ranges[1].after then
      ranges[1].after = oldest.after
    end
  end
  return range
end

local function has_room(of)
  if of.holders < of.most_holders then
    of.holders = of.holders + 1
    return true
  end
  if not of.makes_room then
    return false
  end
  local oldest, since
  local all = call('HGETALL', of.receipts)
  for at = 1, #all, 2 do
    local ranges = ranges_of(all[at + 1])
    local last = #ranges > 0 and tonumber(ranges[#ranges].at) or 0
    if not since or last < since then
      oldest, since = all[at], last
    end
  end
  return call('HDEL', of.receipts, oldest) == 1
end

local function enter(of, holder, id, after, failed, client)
  local record = call('HGET', of.receipts, holder)
  if not record and not has_room(of) then
    return
  end
  local ranges, upto = ranges_of(record), offset_of(id)
  local newest = ranges[#ranges]
  if not newest or upto > newest.upto then
    note_handled(of, add(ranges, tonumber(after), upto), holder)
  else
    id = subject_of(record) or id
  end
  call('HSET', of.receipts, holder, text_of(id, ranges, failed, client))
end

-- All are looked at before anything is written: if something else lies under a key of one, the others are entered by themselves, and nothing that was awaited is taken meanwhile.
local all, at = {}, 4
while ARGV[at] do
  local key = #all * keys_each
  local of = {
    number = #all, receipts = KEYS[key + 1], awaited = KEYS[key + 2], events = keys_each == 3 and KEYS[key + 3] or nil,
    due = #KEYS % keys_each == 1 and KEYS[#KEYS] or nil,
    address = ARGV[at], json = ARGV[at + 1], most_holders = tonumber(ARGV[at + 2]), makes_room = ARGV[at + 3] ~= '',
    first = at + 5, last = at + 4 + ARGV[at + 4] * 5
  }
  of.holders, of.waiting = call('HLEN', of.receipts), call('HGETALL', of.awaited)
  all[#all + 1], at = of, of.last + 1
end

for _, of in ipairs(all) do
  for place = of.first, of.last, 5 do
    enter(of, unpack(ARGV, place, place + 4))
  end
  call('PEXPIRE', of.receipts, ARGV[1])
end
return answer
