-- Takes an entry out of the directory of an address, and then what its node has noted of it. Answers whether it stood there: 1 or 0.
-- KEYS  1 directory  2 secrets of the user; a group has none  3 presence of the user
--       [4 what the node has attached  5 users who leave; not on a Cluster, where both lie on other primaries]
-- ARGV  1 field in the directory  2 for how long a connection may come back, in ms  3 whether it may not: 1 or ''
--       4 field of the note  5 whether the note stays where the directory has no such entry: 1 or ''
--       [6 user's address, if anybody is told when he has gone  7 after how long, in ms]
local call = redis.call
local entry = call('HGET', KEYS[1], ARGV[1])
if entry then
  call('HDEL', KEYS[1], ARGV[1])
  local secret = string.match(entry, '\nsecret ([^\n]+)')
  if secret then
    local _, bury = reconnect_functions()
    bury(KEYS[2], secret, ARGV[2], ARGV[3] == '')
  end
  -- Where nobody is left, nothing but tombstones is.
  if call('EXISTS', KEYS[1]) == 0 then
    call('PEXPIRE', KEYS[2], ARGV[2])
  end
end
if ARGV[6] and call('EXISTS', KEYS[1]) == 0 then
  local _, leave = presence_functions(KEYS[3])
  leave(KEYS[5], ARGV[6], ARGV[7])
end
if KEYS[4] and (entry or ARGV[5] == '') then
  call('HDEL', KEYS[4], ARGV[4])
end
return entry and 1 or 0
