-- Tells that a user has gone, if nobody has come back for him. Answers {how long that is still to wait, in ms; whether it was told just now: 1 or 0}.
-- KEYS  1 directory  2 presence of the user  3 events of the user  [4 users of whom events wait  5 users who leave; not on a Cluster]
-- ARGV  1 user's address  2 random bits
local _, _, conclude = presence_functions(KEYS[2])
local wait, is_told = conclude(KEYS[1], KEYS[3], KEYS[4], KEYS[5], ARGV[1], ARGV[2])
return {math.ceil(wait), is_told and 1 or 0}
