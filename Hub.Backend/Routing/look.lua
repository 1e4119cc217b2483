-- Which of a node's attachments Redis has otherwise: answers with their numbers, from 1. It writes nothing.
-- KEYS  1 what the node has attached; then of each attachment  head  directory
-- ARGV  1 first line of each entry in a directory  2 how long a head lives, in ms; then of each attachment
--       head that the node knows  field of the note, or '' for none  note  field in the directory, or '' for none
local call, changed = redis.call, {}

-- The lines behind the first say what is known of a connection, which does not change.
local function begins_with(entry, first)
  return entry == first or (entry and string.sub(entry, 1, #first + 1) == first .. '\n')
end

for number = 1, (#KEYS - 1) / 2 do
  local head, directory = KEYS[number * 2], KEYS[number * 2 + 1]
  local known, note_field, note, field = unpack(ARGV, number * 4 - 1, number * 4 + 2)
  local is_same = call('HGET', head, 'id') == known and call('PTTL', head) >= tonumber(ARGV[2])
    and (field == '' or begins_with(call('HGET', directory, field), ARGV[1]))
    and (note_field == '' or call('HGET', KEYS[1], note_field) == note)
  if not is_same then
    changed[#changed + 1] = number
  end
end
return changed
