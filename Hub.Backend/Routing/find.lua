-- Looks for a message in a log, and writes nothing. Answers {what has become of it: 'stored', 'expired', 'lost', 'trimmed' or 'unknown'[, after, when it was published, in ms since 1970,
-- time to live in ms, or '', who has published it, or '', body]}.
-- KEYS  1 head  2 log
-- ARGV  1 id  2 greatest age, in ms
local read_entry, _, _, offset_of = log_functions()
local head, log, id = redis.call('HGET', KEYS[1], 'id'), KEYS[2], ARGV[1]
if not head or offset_of(id) > offset_of(head) then
  return {'unknown'}
end

local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
if not oldest or offset_of(id) < offset_of(oldest[1]) then
  return {'trimmed'}
end

local found = redis.call('XRANGE', log, id, id)[1]
local entry = found and read_entry(found)
if not entry or entry.body == '' then
  -- A gap says which message it has taken the place of.
  for _, other in ipairs(redis.call('XREVRANGE', log, '+', '-', 'COUNT', 128)) do
    if read_entry(other).missed == id then
      return {'lost'}
    end
  end
  return {'unknown'}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local publisher = string.match(entry.record, '\nby ([^\n]*)') or ''
local is_over = entry.at + ARGV[2] <= now or (entry.time_to_live and entry.at + entry.time_to_live <= now)
return {is_over and 'expired' or 'stored', entry.after, string.format('%.0f', entry.at), entry.time_to_live or '', publisher, entry.body}
