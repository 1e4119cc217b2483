-- Adds events of a user. Answers how many of the oldest had to go.
-- KEYS  1 events of the user  [2 users of whom something waits]
-- ARGV  1 user's address  2 most events  3 how long they wait, in ms; then the records
local gone = 0
for at = 4, #ARGV do
  gone = gone + add_event(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], ARGV[at])
end
return gone
