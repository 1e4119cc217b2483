-- Takes the secret of a connection, once, and the connection out of the directory; enters the one that comes in its place, if that is known, with a secret of its own.
-- Answers {the connection, its node, the record of its token[, the entry of the new one in the directory, the head of the user's log, the groups that he is in for long]}; nothing if the secret is not good.
-- KEYS  1 directory  2 epoch of the user  3 secrets of the user  4 head  5 log  6 groups of the user  [7 what the node has attached; not on a Cluster, where it lies on another primary]
-- ARGV  1 hash of the secret  2 for how long a connection may come back, in ms  3 how many connections the user may have, or ''  4 what the keys of nodes begin with, or ''
--       5 random bits  6 how long a head lives, in ms
--       [7 new connection  8 its entry in the directory, but for what its token says  9 hash of its secret  10 what is kept under that, likewise  11 what the node notes]
local call = redis.call
local keep, _, _, is_over = reconnect_functions()
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

local answer = {replaced, field('node') or '', record}
if ARGV[7] then
  local of_token = string.gsub(header, '^[^\n]*', '', 1)
  of_token = string.gsub(of_token, '\nuntil [^\n]*', '', 1)
  of_token = string.gsub(of_token, '\nnode [^\n]*', '', 1)
  answer[4] = ARGV[8] .. of_token
  call('HSET', KEYS[1], ARGV[7], answer[4])
  keep(KEYS[3], ARGV[9], ARGV[10] .. of_token .. '\n\n' .. record, ARGV[5])
  if KEYS[7] then
    call('HSET', KEYS[7], ARGV[7], ARGV[11])
  end
  local _, _, checked_head_of = log_functions()
  answer[5] = checked_head_of(KEYS[4], KEYS[5], ARGV[5], ARGV[6], '')
  answer[6] = groups_of(KEYS[6])
end
call('HDEL', KEYS[1], replaced)
call('HDEL', KEYS[3], ARGV[1])
if call('EXISTS', KEYS[1]) == 0 then
  call('PEXPIRE', KEYS[3], ARGV[2])
end
return answer
