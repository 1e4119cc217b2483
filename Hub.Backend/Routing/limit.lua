-- Whether a user has as many connections as he may have: no more than a limit, or '' for none. Who has his place already, by a connection that stands in the directory, takes none.
-- What a dead node has left does not count, also before it is swept. The keys of nodes begin with 'nodes'; it is '' where a script cannot see them: on a Cluster.
local function is_full(directory, limit, nodes, connection)
  local entries = limit and limit ~= '' and redis.call('HVALS', directory)
  if not entries or #entries < tonumber(limit) then
    return false
  end

  local function lives(entry)
    local node = entry and subject_of(entry)
    return node and (nodes == '' or redis.call('EXISTS', nodes .. node) == 1)
  end

  local alive = 0
  for _, entry in ipairs(entries) do
    alive = alive + (lives(entry) and 1 or 0)
  end
  return alive >= tonumber(limit) and not lives(redis.call('HGET', directory, connection))
end
