-- Looks at the newest messages of a log, and writes nothing. Answers {how many were published in the last minute, and in the last fifteen[, id, when it was published, in ms since 1970,
-- time to live in ms, or '', who has published it, or '', bytes of the body, the first of them, id, …]}, the newest first.
-- KEYS  1 log
-- ARGV  1 how many  2 greatest age, in ms  3 most bytes of a body
local read_entry, _, _, offset_of = log_functions()
local log, greatest_age = KEYS[1], tonumber(ARGV[2])
local newest = redis.call('XREVRANGE', log, '+', '-', 'COUNT', ARGV[1])
if not newest[1] then
  return {0, 0}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Offsets grow by one with each message, so the oldest that is young enough is found by halving: however long the log is, it is looked at
-- a few times. The steps are counted because no answer of a log, whatever stands there, may keep Redis busy.
local first, last = offset_of(redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1][1]), offset_of(newest[1][1])
local function published_within(age)
  local low, high = first, last + 1
  for _ = 1, 53 do
    if low >= high then
      break
    end
    local middle = math.floor((low + high) / 2)
    local entry = redis.call('XRANGE', log, string.format('%.0f', middle), '+', 'COUNT', 1)[1]
    if not entry or read_entry(entry).at + math.min(age, greatest_age) > now then
      high = middle
    else
      low = middle + 1
    end
  end
  return last + 1 - low
end

local answer = {published_within(60000), published_within(900000)}
for _, entry in ipairs(newest) do
  local read = read_entry(entry)
  if read.body ~= '' and read.at + greatest_age > now then
    local publisher = string.match(read.record, '\nby ([^\n]*)') or ''
    for _, value in ipairs({entry[1], string.format('%.0f', read.at), read.time_to_live or '', publisher, #read.body, string.sub(read.body, 1, ARGV[3])}) do
      answer[#answer + 1] = value
    end
  end
end
return answer
