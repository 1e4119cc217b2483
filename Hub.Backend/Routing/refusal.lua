-- Whether the epoch of a user refuses what was minted in an older one: 'ended', or 'banned' and why; nil if it does not, or nobody has an epoch (no key).
local function refusal(epoch, minted_in, session)
  if not epoch then
    return nil
  end
  local user, of_session, banned, why = unpack(redis.call('HMGET', epoch, 'user', 'session:' .. session, 'banned', 'reason'))
  if banned then
    local time = redis.call('TIME')
    if tonumber(banned) > time[1] * 1000 + math.floor(time[2] / 1000) then
      return 'banned', why
    end
  end
  return math.max(tonumber(user) or 0, tonumber(of_session) or 0) > tonumber(minted_in) and 'ended' or nil
end
