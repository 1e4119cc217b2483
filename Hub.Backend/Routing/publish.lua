-- Appends a message to the log of its address and sends it to the nodes, unless its idempotency key was seen: answers with the id, or 'conflict' if that was
-- another message's.
-- KEYS  1 head  2 log  3 directory; not looked at for everyone  [4 result of the idempotency key  [5 result of the key of the message that must come before]]
-- ARGV  1 random bits  2 how long a head lives, in ms  3 body  4 most messages  5 greatest age, in ms  6 channel, or what a node's begins with
--       7 header of the frame, but for the message's place in the log  8 the last id that the caller knows, or ''
--       [9 what else its record says, each field behind a line end  [10 how long the result of the idempotency key lives, in ms  11 fingerprint, kept with it]]
local call, head, log, body, channel, header, known = redis.call, KEYS[1], KEYS[2], ARGV[3], ARGV[6], ARGV[7], ARGV[8]
local published = KEYS[4] and call('GET', KEYS[4])
if published then
  local first, fingerprint = subject_of(published), string.match(published, '\nfingerprint ([^\n]*)')
  return first and fingerprint == ARGV[11] and first or 'conflict'
end

-- Those of a batch go out without waiting for each other. If one fails, to a lost connection or a primary that loads, those behind it must fail too.
if KEYS[5] and not call('GET', KEYS[5]) then
  return redis.error_reply('NOTYET The message before this one was not published.')
end

local after, renewed = unpack(call('HMGET', head, 'id', 'renewed'))
if not after or (known ~= '' and known ~= after) then
  local _, _, checked_head_of = log_functions()
  local has_new_gap
  after, has_new_gap = checked_head_of(head, log, ARGV[1], ARGV[2], known)
  if has_new_gap then
    renewed = 0
    route(channel, header .. 'id ' .. after .. '\nafter ' .. after .. '\n\n', KEYS[3])
  end
end

local time = call('TIME')
local offset = string.match(after, '^%d+') + 1
local id = string.format('%d-', offset) .. ARGV[1]
local record = '1 ' .. after .. '\nat ' .. time[1] .. ' ' .. time[2] .. (ARGV[9] or '')

-- Log and head are given a quarter more of life than they need, so that it is enough to renew it now and then. A log that is new has none.
local is_new = not call('XADD', log, 'NOMKSTREAM', 'MAXLEN', ARGV[4], id, 'record', record, 'body', body)
if is_new or not renewed or (time[1] - renewed + 1) * 1000 > ARGV[5] / 4 then
  if is_new then
    call('XADD', log, id, 'record', record, 'body', body)
  end
  call('PEXPIRE', log, math.ceil(ARGV[5] * 1.25))
  call('HSET', head, 'id', id, 'renewed', time[1])
  call('PEXPIRE', head, math.ceil(ARGV[2] * 1.25))
else
  call('HSET', head, 'id', id)
end

-- Who reads passes over what is too old; it is let go of at every sixteenth message, since looking costs more than adding.
if offset % 16 == 0 then
  local read_entry = log_functions()
  local too_old = time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[5]
  local function oldest()
    return call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
  end
  -- Ends at the latest at the message just added.
  local entry = oldest()
  while read_entry(entry).at <= too_old do
    call('XDEL', log, entry[1])
    entry = oldest()
  end
end

if KEYS[4] then
  call('SET', KEYS[4], '1 ' .. id .. '\nfingerprint ' .. ARGV[11], 'PX', ARGV[10])
end
route(channel, header .. 'id ' .. id .. '\nafter ' .. after .. '\n\n' .. body, KEYS[3])
return id
