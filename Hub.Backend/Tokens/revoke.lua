-- Takes back a token that was not spent. What is left of one that was spent stays, so that it is known when it is shown again.
-- KEYS  1 token
-- ARGV  1 what is left of a token that was spent
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  redis.call('DEL', KEYS[1])
end
