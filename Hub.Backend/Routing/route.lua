-- Sends a frame to each node on which an address has connections.
local function route(channel, frame, directory)
  local told = {}
  for _, entry in ipairs(redis.call('HVALS', directory)) do
    local node = subject_of(entry)
    if node and not told[node] then
      told[node] = true
      redis.call('PUBLISH', channel .. node, frame)
    end
  end
end
