-- Appends a message to the log of its address and sends it to the nodes, unless its idempotency key was seen: answers with the id, or 'conflict' if that was
-- another message's.
-- KEYS  1 head  2 log  3 directory  [4 result of the idempotency key  [5 result of the key of the message that must come before]]
-- ARGV  1 random bits  2 how long a head lives, in ms  3 body  4 most messages  5 greatest age, in ms  6 time to live, in ms, or 0
--       7 whether it goes to who stands in the directory: 1, or '' for everyone  8 channel, or what a node's begins with
--       9 header of the frame, but for the message's place in the log  10 how long a result lives, in ms
--       11 the last id that the caller knows, or ''  12 fingerprint, kept with the result of the idempotency key
local published = KEYS[4] and redis.call('GET', KEYS[4])
if published then
  local first, fingerprint = subject_of(published), string.match(published, '\nfingerprint ([^\n]*)')
  return first and fingerprint == ARGV[12] and first or 'conflict'
end

-- Those of a batch go out without waiting for each other. If one fails, to a lost connection or a primary that loads, those behind it must fail too.
if KEYS[5] and not redis.call('GET', KEYS[5]) then
  return redis.error_reply('NOTYET The message before this one was not published.')
end

local log, body, now = KEYS[2], ARGV[3], now_in_ms()
local directory = ARGV[7] ~= '' and KEYS[3]

local function send(id, after, content)
  route(directory, ARGV[8], table.concat({ARGV[9], 'id ', id, '\nafter ', after, '\n\n', content}))
end

local after, has_new_gap = checked_head_of(KEYS[1], log, ARGV[1], ARGV[2], ARGV[11])
if has_new_gap then
  send(after, after, '')
end
local id = append(log, after, ARGV[1], now, ARGV[6] == '0' and 0 or now + ARGV[6], body, ARGV[4])

-- Who reads passes over what is too old; it is let go of at every sixteenth message, since looking costs more than adding.
if offset_of(id) % 16 == 0 then
  local function oldest()
    return redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
  end
  -- Ends at the latest at the message just added.
  local entry = oldest()
  while tonumber(fields_of(entry).t) <= now - ARGV[5] do
    redis.call('XDEL', log, entry[1])
    entry = oldest()
  end
end

redis.call('PEXPIRE', log, ARGV[5])
redis.call('SET', KEYS[1], id, 'PX', ARGV[2])
if KEYS[4] then
  redis.call('SET', KEYS[4], '1 ' .. id .. '\nfingerprint ' .. ARGV[12], 'PX', ARGV[10])
end
send(id, after, body)
return id
