-- What is known of each holder of a receipt: a device of a user, or a user of a group. docs/protocol.md, "Between nodes".
local function offset_of(id)
  return tonumber(string.match(id, '^%d+'))
end

-- What was handled, the oldest first: everything behind an offset and up to another, and when that was known, in ms since 1970.
local function ranges_of(record)
  local ranges = {}
  for after, upto, at in string.gmatch(record and string.match(record, '\nranges ([^\n]*)') or '', '(%d+)-(%d+)@(%d+)') do
    ranges[#ranges + 1] = {after = tonumber(after), upto = tonumber(upto), at = at}
  end
  return ranges
end
