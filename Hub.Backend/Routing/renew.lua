-- Rewrites what the directory of a user knows of a connection that is renewed, and what lies under its secret, unless the epoch of the user refuses the new token. What Redis has lost is not entered: the node does that when it looks.
-- Answers {'renewed'}, or of who is refused {'ended' or 'banned'[, why]}.
-- KEYS  1 directory  2 epoch of the user  3 secrets of the user
-- ARGV  1 field  2 value  3 epoch of the new token  4 its session, or ''  [5 hash of the secret  6 what is kept under that]
local call = redis.call
local refused, why = refusal(KEYS[2], ARGV[3], ARGV[4])
if refused then
  return {refused, why}
end
if call('HGET', KEYS[1], ARGV[1]) then
  call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
-- A tombstone stays one: of a connection that has just ended, or whose node was taken for dead.
local kept = ARGV[5] and call('HGET', KEYS[3], ARGV[5])
if kept then
  local till = string.match(kept, '\nuntil %d+') or ''
  call('HSET', KEYS[3], ARGV[5], (string.gsub(ARGV[6], '\n', till .. '\n', 1)))
end
return {'renewed'}
