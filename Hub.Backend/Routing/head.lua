-- The head of a log, which one without a head is given: above every offset that an earlier log of the address had, since it counts
-- from the microsecond of its making, and with random bits, so that an earlier head is never taken for it.
local function head_of(head_key, log, tag, life)
  local head = redis.call('GETEX', head_key, 'PX', life)
  if not head then
    local time = redis.call('TIME')
    head = string.format('%d%06d-%s', time[1], time[2], tag)
    redis.call('DEL', log)
    redis.call('SET', head_key, head, 'PX', life)
  end
  return head
end

local function now_in_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function offset_of(id)
  return tonumber(string.match(id, '^%d+'))
end

-- The fields of an entry by their names. An entry of a version that cannot be read is a gap, and never too old: nobody may take it for nothing.
local function fields_of(entry)
  local fields = {}
  for at = 1, #entry[2], 2 do
    fields[entry[2][at]] = entry[2][at + 1]
  end
  if fields.v == '1' or string.match(fields.v or '', '^1%.%d+$') then
    return fields
  end
  return {a = '', t = math.huge, u = '0', b = ''}
end

-- Appends an entry and answers with its id; with the most that the log may have, the oldest beyond it go. Without a body it is a gap.
local function append(log, after, tag, now, die_at, body, most)
  local id = string.format('%.0f-%s', offset_of(after) + 1, tag)
  if most then
    redis.call('XADD', log, 'MAXLEN', most, id, 'v', 1, 'a', after, 't', now, 'u', die_at, 'b', body)
  else
    redis.call('XADD', log, id, 'v', 1, 'a', after, 't', now, 'u', die_at, 'b', body)
  end
  return id
end
