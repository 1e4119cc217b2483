-- What is told of a user who comes and goes. His hash has `since` while he counts as online, and `leaving` while he is gone: when that will be told.
local function presence_functions(presence)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)

  local function tell(kind, events, due, user, tag)
    add_event(events, due, user, string.format('1 %s\nid %.0f-%s\nat %.0f\n\n{}', kind, now, tag, now))
  end

  -- A connection of his is in the directory. Answers whether that is told.
  local function come(events, due, user, tag)
    if redis.call('HGET', presence, 'since') then
      redis.call('HDEL', presence, 'leaving')
      return false
    end
    redis.call('HSET', presence, 'since', string.format('%.0f', now))
    tell('user.online', events, due, user, tag)
    return true
  end

  -- None of his is there any more. Where the list of those who leave lies on another primary, on a Cluster, `list` is nil.
  local function leave(list, user, grace)
    if not redis.call('HGET', presence, 'since') then
      return
    end
    local leaving = redis.call('HGET', presence, 'leaving') or string.format('%.0f', now + grace)
    redis.call('HSET', presence, 'leaving', leaving)
    if list then
      redis.call('ZADD', list, leaving, user)
    end
  end

  -- Tells that he has gone, if his time has come. Answers how long that is still to wait, in ms, and whether it was told.
  local function conclude(directory, events, due, list, user, tag)
    local leaving = tonumber(redis.call('HGET', presence, 'leaving') or nil)
    if leaving and redis.call('EXISTS', directory) == 1 then
      redis.call('HDEL', presence, 'leaving')
      leaving = nil
    end
    local wait = leaving and math.max(0, leaving - now) or 0
    local is_told = leaving and wait == 0
    if is_told then
      redis.call('DEL', presence)
      tell('user.offline', events, due, user, tag)
    end
    if list and wait > 0 then
      redis.call('ZADD', list, string.format('%.0f', leaving), user)
    elseif list then
      redis.call('ZREM', list, user)
    end
    return wait, is_told
  end

  return come, leave, conclude
end
