-- Does once all that the other scripts do, and that the router does beside them, so that a Redis which would refuse any of it refuses this, and leaves nothing. Nobody listens to the channel.
-- KEYS  1 head  2 log  3 connections  4 nodes  5 result of an idempotency key  6 epoch  7 secrets
-- ARGV  1 channel
redis.call('TIME')
redis.call('HSET', KEYS[1], 'id', '')
redis.call('HGET', KEYS[1], 'id')
redis.call('PTTL', KEYS[1])
redis.call('PEXPIRE', KEYS[1], 1)
redis.call('DEL', KEYS[1])
redis.call('XADD', KEYS[2], 'NOMKSTREAM', 'MAXLEN', 1, '*', 'b', '')
redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)
redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
redis.call('XDEL', KEYS[2], '1-1')
redis.call('PEXPIRE', KEYS[2], 1)
redis.call('DEL', KEYS[2])
for _, directory in ipairs({KEYS[3], KEYS[4]}) do
  redis.call('HSET', directory, 'probe', '')
  redis.call('HDEL', directory, 'probe')
end
redis.call('HVALS', KEYS[3])
redis.call('HMGET', KEYS[3], 'probe')
redis.call('HMGET', KEYS[6], 'user')
redis.call('HGETALL', KEYS[7])
redis.call('PERSIST', KEYS[7])
redis.call('EXISTS', KEYS[3])
redis.call('GET', KEYS[5])
redis.call('SET', KEYS[5], '', 'XX', 'PX', 1)
redis.call('PUBLISH', ARGV[1], '')
redis.call('PUBSUB', 'NUMSUB', ARGV[1])
