-- Adds events of a user. Answers how many of the oldest had to go.
-- KEYS  1 events of the user  [2 users of whom something waits; not on a Cluster]
-- ARGV  1 user's address; then the records
local gone = 0
for at = 2, #ARGV do
  gone = gone + add_event(KEYS[1], KEYS[2], ARGV[1], ARGV[at])
end
return gone
