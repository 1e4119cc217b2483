-- Does once what events need beside all else, so that a Redis which would refuse any of it refuses this, and leaves nothing.
-- KEYS  1 events of nobody
redis.call('XLEN', KEYS[1])
redis.call('ZADD', KEYS[1], 'XX', 0, 'probe')
redis.call('ZRANGE', KEYS[1], 0, 0)
redis.call('ZSCORE', KEYS[1], 'probe')
redis.call('ZREM', KEYS[1], 'probe')
