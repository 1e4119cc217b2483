-- Sends a frame to each node on which an address has connections, or, without a question to its directory, to every node.
local function route(question, directory, channel, frame)
  if question == '' then
    redis.call('PUBLISH', channel, frame)
    return
  end
  local told = {}
  for _, node in ipairs(redis.call(question, directory)) do
    if not told[node] then
      told[node] = true
      redis.call('PUBLISH', channel .. node, frame)
    end
  end
end
