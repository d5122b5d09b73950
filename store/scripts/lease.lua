-- Leases due entries of a queue: hides them until the lease ends and counts the
-- attempt. A crashed worker's entries become due again.
--
-- KEYS  1 queue             2 data
-- ARGV  1 now, ms           2 end of the lease, ms    3 how many at most
-- Answers an array of "<attempts>\n<payload>"; an id without data is dropped

local answer = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  local entry = redis.call('HGET', KEYS[2], id)
  if entry then
    local cut = string.find(entry, '\n', 1, true)
    entry = string.format('%d', tonumber(string.sub(entry, 1, cut - 1)) + 1) .. string.sub(entry, cut)
    redis.call('ZADD', KEYS[1], ARGV[2], id)
    redis.call('HSET', KEYS[2], id, entry)
    answer[#answer + 1] = entry
  else
    redis.call('ZREM', KEYS[1], id)
  end
end
return answer
