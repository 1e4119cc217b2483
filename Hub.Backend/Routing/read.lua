-- Reads a page of a log: answers {recovered, cursor after the page, more, id, after, body, id, after, body, …}.
-- KEYS  1 head  2 log
-- ARGV  1 random bits  2 how long a head lives, in ms  3 cursor, or ''  4 where to begin if the cursor does not stand in the log
--       5 recovered if there is no cursor: 1 or 0  6 most bytes of bodies  7 greatest age, in ms
local read_entry, head_of = log_functions()
local log, cursor = KEYS[2], ARGV[3]
local head = head_of(KEYS[1], log, ARGV[1], ARGV[2])
if cursor == head then
  return {1, head, 0}
end

local recovered, batch, is_over = tonumber(ARGV[5]), 32, false
local function entries_from(first)
  local entries = redis.call('XRANGE', log, first, '+', 'COUNT', batch)
  is_over = #entries < batch
  return entries
end

-- Most cursors stand in the log: one look finds that, and has what comes behind.
local entries = entries_from(cursor == '' and ARGV[4] or cursor)
if entries[1] and entries[1][1] == cursor then
  recovered = 1
  table.remove(entries, 1)
elseif cursor ~= '' then
  local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
  recovered = oldest and read_entry(oldest).after == cursor and 1 or 0
  entries = entries_from(recovered == 1 and '-' or ARGV[4])
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local page, bytes, last = {0, head, 0}, 0, head
while true do
  for _, entry in ipairs(entries) do
    local read = read_entry(entry)
    if read.at + ARGV[7] <= now or read.body == '' then
      -- Too old, or a gap: something is gone here, which is to be told where it is. Who has no cursor has lost nothing by that.
      if #page > 3 and cursor ~= '' then
        page[1], page[2], page[3] = recovered, last, 1
        return page
      end
      recovered = cursor == '' and recovered or 0
    elseif not read.time_to_live or read.at + read.time_to_live > now then
      bytes = bytes + #read.body
      if bytes > tonumber(ARGV[6]) and #page > 3 then
        page[1], page[2], page[3] = recovered, last, 1
        return page
      end
      page[#page + 1], page[#page + 2], page[#page + 3] = entry[1], read.after, read.body
    end
    last = entry[1]
  end
  if is_over then
    page[1] = recovered
    return page
  end
  entries = entries_from('(' .. last)
end
