-- Sends a frame to each node on which an address has connections, or, without a directory, to every node.
local function route(directory, channel, frame)
  if not directory then
    redis.call('PUBLISH', channel, frame)
    return
  end
  local told = {}
  for _, entry in ipairs(redis.call('HVALS', directory)) do
    local node = subject_of(entry)
    if node and not told[node] then
      told[node] = true
      redis.call('PUBLISH', channel .. node, frame)
    end
  end
end
