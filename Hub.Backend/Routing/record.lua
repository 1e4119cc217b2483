-- What a record is about: the rest of its first line; nil if it is none, or of a version that cannot be read. docs/protocol.md, "Between nodes".
local function subject_of(record)
  return string.match(record, '^1 ([^\n]+)') or string.match(record, '^1%.%d+ ([^\n]+)')
end
