-- Enters a connection, or a node of a group, in the directory of an address. Answers {head of its log, whether a gap was written just now: 1 or 0}.
-- KEYS  1 head  2 log  [3 directory]
-- ARGV  1 random bits  2 how long a head lives, in ms  3 the last id that the caller knows, or ''  [4 field  5 value]
if KEYS[3] then
  redis.call('HSET', KEYS[3], ARGV[4], ARGV[5])
end
local _, _, checked_head_of = log_functions()
local head, has_new_gap = checked_head_of(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3])
return {head, has_new_gap and 1 or 0}
