-- Sends a frame that stands in no log.
-- KEYS  [1 directory; none for everyone]
-- ARGV  1 channel, or what a node's begins with  2 frame
route(ARGV[1], ARGV[2], KEYS[1])
