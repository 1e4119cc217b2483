-- What is known of a log beyond adding to it. A script runs from its first line at each call, and each function that it defines costs it
-- something: these are defined only where one of them is needed.
local function log_functions()
  -- An entry, with its time in ms. One of a version that cannot be read is a gap, and never too old: nobody may take it for nothing.
  local function read_entry(entry)
    local fields = {}
    for at = 1, #entry[2], 2 do
      fields[entry[2][at]] = entry[2][at + 1]
    end
    local record = fields.record or ''
    local after, seconds, microseconds = subject_of(record), string.match(record, '\nat (%d+) (%d+)')
    if not (after and seconds and fields.body) then
      return {after = '', at = math.huge, body = ''}
    end
    return {
      after = after, at = seconds * 1000 + math.floor(microseconds / 1000), body = fields.body, record = record,
      time_to_live = string.match(record, '\nttl (%d+)'), missed = string.match(record, '\nmissed ([^\n]+)')
    }
  end

  -- The head, which a log without one is given: above every offset that an earlier log of the address had, since it counts from the
  -- microsecond of its making, and with random bits, so that an earlier head is never taken for it. It is given a quarter more of life
  -- than it needs, so that looking at it seldom writes.
  local function head_of(head, log, tag, life)
    local id = redis.call('HGET', head, 'id')
    if not id then
      local time = redis.call('TIME')
      id = string.format('%d%06d-%s', time[1], time[2], tag)
      redis.call('DEL', log)
      redis.call('HSET', head, 'id', id)
    end
    if redis.call('PTTL', head) < tonumber(life) then
      redis.call('PEXPIRE', head, math.ceil(life * 1.25))
    end
    return id
  end

  local function offset_of(id)
    return tonumber(string.match(id, '^%d+'))
  end

  -- A replica that took over without the last writes does not know that there were any. But who has seen or published one remembers its
  -- id, and shows it: is it one that should stand in the log and does not? What was trimmed, or is of an earlier log, has a lower offset
  -- than what is there.
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
      if read_entry(entry).missed == known then
        return false
      end
    end
    return true
  end

  -- The head, and whether it is a gap that was made just now: it takes the place of what is gone, so that nobody resumes across it without
  -- being told.
  local function checked_head_of(head, log, tag, life, known)
    local last = head_of(head, log, tag, life)
    if not is_missing(log, last, known) then
      return last, false
    end
    local time = redis.call('TIME')
    local id = string.format('%d-%s', offset_of(last) + 1, tag)
    redis.call('XADD', log, id, 'record', string.format('1 %s\nat %s %s\nmissed %s', last, time[1], time[2], known), 'body', '')
    -- How long a log lives is not known here: the next message sees to it.
    redis.call('PEXPIRE', log, life)
    redis.call('HSET', head, 'id', id, 'renewed', 0)
    return id, true
  end

  return read_entry, head_of, checked_head_of, offset_of
end
