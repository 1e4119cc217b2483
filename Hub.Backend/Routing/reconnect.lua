-- Takes the secret of a connection, once, and the connection out of the directory; enters the one that comes in its place, if that is known, with a secret of its own.
-- Answers {the connection, its node, or '' if it has ended, the record of its token[, the entry of the new one in the directory, the head of the user's log, the groups that he is in for long]}; nothing if the secret is not good.
-- KEYS  1 directory  2 epoch of the user  3 secrets of the user  4 head  5 log  6 groups of the user  7 presence of the user  8 his events
--       [9 what the node has attached  10 users of whom events wait  11 users who leave; not on a Cluster, where they lie on other primaries]
-- ARGV  1 hash of the secret  2 for how long a connection may come back, in ms  3 how many connections the user may have, or ''  4 what the keys of nodes begin with, or ''
--       5 random bits  6 how long a head lives, in ms
--       7 user's address, or '' if nobody is told whether he is online  8 after how long without a connection he is not, in ms
--       [9 new connection  10 its entry in the directory, but for what its token says  11 hash of its secret  12 what is kept under that, likewise  13 what the node notes]
local call = redis.call
local _, _, _, is_over = reconnect_functions()
local kept = call('HGET', KEYS[3], ARGV[1])
local replaced = kept and subject_of(kept)
if not replaced then
  return false
end

local header, record = string.match(kept, '^(.-)\n\n(.*)$')
local function field(name)
  return string.match(header, '\n' .. name .. ' ([^\n]*)')
end
if is_over(header, 'until') or is_over(header, 'expires') or refusal(KEYS[2], field('epoch') or 0, field('session') or '') then
  call('HDEL', KEYS[3], ARGV[1])
  return false
end
if is_full(KEYS[1], ARGV[3], ARGV[4], replaced) then
  return false
end

local function new_head()
  local _, head_of = log_functions()
  return (head_of(KEYS[4], KEYS[5], ARGV[5], ARGV[6]))
end

local answer = {replaced, not field('until') and field('node') or '', record}
local was_there = call('HDEL', KEYS[1], replaced) == 1
call('HDEL', KEYS[3], ARGV[1])
if ARGV[9] then
  local of_token = string.gsub(header, '^[^\n]*', '', 1)
  of_token = string.gsub(of_token, '\nuntil [^\n]*', '', 1)
  of_token = string.gsub(of_token, '\nnode [^\n]*', '', 1)
  answer[4] = ARGV[10] .. of_token
  call('HSET', KEYS[1], ARGV[9], answer[4])
  call('HSET', KEYS[3], ARGV[11], ARGV[12] .. of_token .. '\n\n' .. record)
  -- Tombstones alone live on for a while only.
  if not was_there then
    call('PERSIST', KEYS[3])
  end
  if KEYS[9] then
    call('HSET', KEYS[9], ARGV[9], ARGV[13])
  end
  -- A moment ago its connection has seen to it that the head lives on, and the one that comes will see to it again.
  answer[5] = call('HGET', KEYS[4], 'id') or new_head()
  answer[6] = groups_of(KEYS[6])
end
local is_empty = not ARGV[9] and call('EXISTS', KEYS[1]) == 0
if is_empty then
  call('PEXPIRE', KEYS[3], ARGV[2])
end
if ARGV[7] ~= '' then
  local come, leave = presence_functions(KEYS[7])
  if ARGV[9] then
    come(KEYS[8], KEYS[10], ARGV[7], ARGV[5])
  elseif is_empty then
    leave(KEYS[11], ARGV[7], ARGV[8])
  end
end
return answer
