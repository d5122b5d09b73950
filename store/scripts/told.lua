-- Takes off the list of those who could not be told whose ids begin so.
--
-- KEYS  1 list              2 list data
-- ARGV  1 what the ids begin with
-- Answers how many were taken off

local n = 0
for _, id in ipairs(redis.call('HKEYS', KEYS[2])) do
  if string.sub(id, 1, #ARGV[1]) == ARGV[1] then
    redis.call('ZREM', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
    n = n + 1
  end
end
return n
