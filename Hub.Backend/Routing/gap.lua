-- A replica that took over without the last writes does not know that there were any. But who has seen or published one remembers its id,
-- and shows it here: if it should stand in the log and does not, a gap takes the place of what is gone, so that nobody resumes across it
-- without being told. What was trimmed, or is of an earlier log, has a lower offset than what is there.
local function is_missing(log, head, known)
  if known == '' or known == head then
    return false
  end
  local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
  if not oldest then
    return offset_of(known) > offset_of(head)
  end
  if offset_of(known) < offset_of(oldest[1]) or redis.call('XRANGE', log, known, known)[1] then
    return false
  end
  -- Who publishes several at once shows the same id with each: one gap is enough for it.
  for _, entry in ipairs(redis.call('XREVRANGE', log, '+', '-', 'COUNT', 128)) do
    local fields = fields_of(entry)
    if fields.b == '' and fields.u == known then
      return false
    end
  end
  return true
end

-- The head of a log, and whether it is a gap that was made just now. A gap has, instead of its end, the id that was missed.
local function checked_head_of(head_key, log, tag, life, known)
  local head = head_of(head_key, log, tag, life)
  if not is_missing(log, head, known) then
    return head, false
  end
  head = append(log, head, tag, now_in_ms(), known, '')
  redis.call('PEXPIRE', log, life)
  redis.call('SET', head_key, head, 'PX', life)
  return head, true
end
