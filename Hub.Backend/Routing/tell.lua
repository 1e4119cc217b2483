-- Sends a frame to one node. Answers how many listen to its channel by name: whoever watches all channels by a pattern is not among them.
-- ARGV  1 channel  2 frame
redis.call('PUBLISH', ARGV[1], ARGV[2])
return redis.call('PUBSUB', 'NUMSUB', ARGV[1])[2]
