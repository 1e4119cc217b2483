-- Until when a user is in a group that lasts, in ms since 1970; nil: until he is taken out, or what stands there cannot be read.
local function until_of(record)
  return tonumber(subject_of(record) or '')
end

-- The groups that a user is in for long, each followed by its record, and those whose time is over.
local function groups_of(key)
  local fields, lasting, over = redis.call('HGETALL', key), {}, {}
  local time = #fields > 0 and redis.call('TIME')
  for at = 1, #fields, 2 do
    local ends = until_of(fields[at + 1])
    if ends and ends <= time[1] * 1000 + math.floor(time[2] / 1000) then
      over[#over + 1] = fields[at]
    else
      lasting[#lasting + 1], lasting[#lasting + 2] = fields[at], fields[at + 1]
    end
  end
  return lasting, over
end
