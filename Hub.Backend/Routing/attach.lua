-- Enters a connection, or a node of a group, in the directory of an address, unless the epoch of its user refuses the token that it came with, or the user has as many connections as he may have.
-- Answers {head of its log, whether a gap was written just now: 1 or 0[, the groups that its user is in for long[, 1 if it is told that he came]]}, or of who is refused {'', 0, 'ended', 'banned' or 'full'[, why]}.
-- KEYS  1 head  2 log  [3 directory  [4 epoch of the user  5 secrets of the user  6 groups of the user  [7 presence of the user  8 his events  [9 users of whom events wait; not on a Cluster]]]]
-- ARGV  1 random bits  2 how long a head lives, in ms  3 the last id that the caller knows, or ''  [4 field  5 value  [6 epoch of the token  7 its session, or ''
--       8 how many connections the user may have, or ''  9 what the keys of nodes begin with, or '' where a script cannot see them: on a Cluster
--       10 hash of its secret, or ''  11 what is kept under that, or '' if it is attached again  12 user's address]]

local refused, why = refusal(KEYS[4], ARGV[6], ARGV[7])
if refused then
  return {'', 0, refused, why}
end
if KEYS[4] and is_full(KEYS[3], ARGV[8], ARGV[9], ARGV[4]) then
  return {'', 0, 'full'}
end

if KEYS[3] then
  redis.call('HSET', KEYS[3], ARGV[4], ARGV[5])
end
if ARGV[10] and ARGV[10] ~= '' then
  local keep, _, revive = reconnect_functions()
  if ARGV[11] ~= '' then
    keep(KEYS[5], ARGV[10], ARGV[11], ARGV[1])
  else
    revive(KEYS[5], ARGV[10])
  end
end
local _, _, checked_head_of = log_functions()
local head, has_new_gap = checked_head_of(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3])
local answer = {head, has_new_gap and 1 or 0}
local lasting = KEYS[6] and groups_of(KEYS[6]) or {}
local come = KEYS[7] and presence_functions(KEYS[7])
local is_told = come and come(KEYS[8], KEYS[9], ARGV[12], ARGV[1])
if #lasting > 0 or is_told then
  answer[3] = lasting
end
if is_told then
  answer[4] = 1
end
return answer
