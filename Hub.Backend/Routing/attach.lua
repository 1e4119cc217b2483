-- Enters a connection, or a node of a group, in the directory of an address, unless the epoch of its user refuses the token that it came with.
-- Answers {head of its log, whether a gap was written just now: 1 or 0}, or of who is refused {'', 0, 'ended' or 'banned'[, why]}.
-- KEYS  1 head  2 log  [3 directory  [4 epoch of the user]]
-- ARGV  1 random bits  2 how long a head lives, in ms  3 the last id that the caller knows, or ''  [4 field  5 value  [6 epoch of the token  7 its session, or '']]
local function refusal()
  local user, session, banned, why = unpack(redis.call('HMGET', KEYS[4], 'user', 'session:' .. ARGV[7], 'banned', 'reason'))
  if banned then
    local time = redis.call('TIME')
    if tonumber(banned) > time[1] * 1000 + math.floor(time[2] / 1000) then
      return {'', 0, 'banned', why}
    end
  end
  if math.max(tonumber(user) or 0, tonumber(session) or 0) > tonumber(ARGV[6]) then
    return {'', 0, 'ended'}
  end
end

local refused = KEYS[4] and refusal()
if refused then
  return refused
end

if KEYS[3] then
  redis.call('HSET', KEYS[3], ARGV[4], ARGV[5])
end
local _, _, checked_head_of = log_functions()
local head, has_new_gap = checked_head_of(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3])
return {head, has_new_gap and 1 or 0}
