-- Sends a frame that stands in no log.
-- KEYS  1 directory
-- ARGV  1 question to the directory: HVALS of connections, HKEYS of nodes  2 what a node's channel begins with  3 frame
route(ARGV[1], KEYS[1], ARGV[2], ARGV[3])
