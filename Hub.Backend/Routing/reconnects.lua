-- What lies under the secrets of a user's connections. docs/protocol.md, "Between nodes".
local function reconnect_functions()
  local function now()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
  end

  -- Whether the time has come that a field says, if it is there.
  local function is_over(kept, field)
    local till = string.match(kept, '\n' .. field .. ' (%d+)')
    return till and tonumber(till) <= now()
  end

  -- Makes a tombstone of what lies under a secret, or removes it.
  local function bury(secrets, secret, life, leaves_tombstone)
    local kept = leaves_tombstone and redis.call('HGET', secrets, secret)
    local first = kept and subject_of(kept) and string.find(kept, '\n')
    if first then
      local living = string.gsub(kept, '\nuntil %d+', '', 1)
      local till = string.format('\nuntil %.0f', now() + life)
      redis.call('HSET', secrets, secret, string.sub(living, 1, first - 1) .. till .. string.sub(living, first))
    else
      redis.call('HDEL', secrets, secret)
    end
  end

  -- Of one that is attached again: a node that was taken for dead has left a tombstone.
  local function revive(secrets, secret)
    local kept = redis.call('HGET', secrets, secret)
    if kept and string.find(kept, '\nuntil %d+') then
      redis.call('HSET', secrets, secret, (string.gsub(kept, '\nuntil %d+', '', 1)))
      redis.call('PERSIST', secrets)
    end
  end

  local function let_go_of_old(secrets)
    local all = redis.call('HGETALL', secrets)
    for at = 1, #all, 2 do
      if is_over(all[at + 1], 'until') then
        redis.call('HDEL', secrets, all[at])
      end
    end
  end

  -- Keeps something under a secret. Now and then what is over is let go of: looking costs more than adding.
  local function keep(secrets, secret, kept, tag)
    redis.call('HSET', secrets, secret, kept)
    redis.call('PERSIST', secrets)
    if tonumber(string.sub(tag, -4)) % 16 == 0 then
      let_go_of_old(secrets)
    end
  end

  return keep, bury, revive, is_over
end
