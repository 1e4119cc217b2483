-- Takes an entry out of the directory of an address, and then what its node has noted of it. Not for a Cluster, where the two lie on different primaries.
-- KEYS  1 directory  2 what the node has attached
-- ARGV  1 field in the directory  2 field of the note  3 whether the note stays where the directory has no such entry: 1 or ''
local stood_there = redis.call('HDEL', KEYS[1], ARGV[1]) == 1
if stood_there or ARGV[3] == '' then
  redis.call('HDEL', KEYS[2], ARGV[2])
end
