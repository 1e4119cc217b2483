-- Which of a node's attachments Redis has otherwise: answers with their numbers, from 1. It writes nothing.
-- KEYS  1 what the node has attached; then of each attachment  head  directory
-- ARGV  1 value of each entry in a directory  2 how long a head lives, in ms; then of each attachment
--       head that the node knows  field of the note, or '' for none  note  field in the directory, or '' for none
local call, changed = redis.call, {}
for number = 1, (#KEYS - 1) / 2 do
  local head, directory = KEYS[number * 2], KEYS[number * 2 + 1]
  local known, note_field, note, field = unpack(ARGV, number * 4 - 1, number * 4 + 2)
  local is_same = call('HGET', head, 'id') == known and call('PTTL', head) >= tonumber(ARGV[2])
    and (field == '' or call('HGET', directory, field) == ARGV[1])
    and (note_field == '' or call('HGET', KEYS[1], note_field) == note)
  if not is_same then
    changed[#changed + 1] = number
  end
end
return changed
